"""Why a KPI changed: what each org unit below and each component contributed, exactly."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import streamlit as st

from kpi.catalogue.models import Direction, Kpi
from kpi.scorecard.changes import Against, Change, term_key
from kpi.scorecard.contributions import Contribution, joined
from kpi.scorecard.exact import divide
from kpi.scorecard.results import Reason, Window
from report import charts
from report.contribution_bars import contribution_bars
from report.format import NOTHING
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from ui import data
from ui import kpi as door
from ui.address import KPI_PAGE
from ui.components.chart import show_chart
from ui.components.formula import term_name
from ui.components.sidebar import choose
from ui.components.status import reason_word
from ui.view import DataView

MOST_BARS = 12
_OTHERS = "*"


def changes(view: DataView, kpi: Kpi, window: Window) -> None:
    """The choice of what to compare with, the change, and its parts by org unit and by component."""
    t, against = view.t, against_of(view)
    with st.container(border=True):
        key, write = choose("change", against.value)
        st.segmented_control(
            t("change.against"),
            list(map(str, Against)),
            format_func=lambda code: t(f"change.{code}"),
            required=True,
            key=key,
            on_change=write,
        )
        found = door.change(view.snapshot, kpi.code, view.org_unit, view.quarter, window, against)
        if isinstance(found, Reason):
            st.caption(t("change.none", why=reason_word(found, t)))
            return
        st.markdown(_headline(view, kpi, found))
        if against is Against.LAST_QUARTER and window is not Window.QUARTER:
            st.caption(t("change.quarter_alone"))
        _part(view, kpi, found, found.units, "units", _unit_names(view, found.units))
        _part(view, kpi, found, found.components, "components", _term_names(view, kpi))


def against_of(view: DataView) -> Against:
    """What the change is told against."""
    return Against(view.address.change or KPI_PAGE["change"][0])


def _headline(view: DataView, kpi: Kpi, found: Change) -> str:
    t, unit = view.t, data.catalogue().unit_of(kpi.code)
    now, before = (view.fmt.value(_decimal(value), unit) for value in (found.now, found.before))
    return t(f"change.headline_{against_of(view)}", now=now, before=before, change=_amount(view, kpi, found.amount))


def _part(
    view: DataView,
    kpi: Kpi,
    found: Change,
    parts: Sequence[Contribution],
    kind: str,
    names: Mapping[str, str],
) -> None:
    """One chart; or why there is none."""
    t = view.t
    st.markdown(f"**{t(f'change.by_{kind}')}**")
    if not parts:
        st.caption(t(f"change.no_{kind}"))
        return
    ordered = _largest(parts)
    named = dict(names) | {_OTHERS: t("change.others", count=len(parts) - MOST_BARS + 1)}
    rows = [_bar(view, kpi, each, named[each.part]) for each in ordered]
    told = "; ".join(f"{row['name']} {row['text']}" for row in rows)
    show_chart(
        view,
        contribution_bars(rows),
        _table(view, kpi, found, parts, kind, names),
        key=f"change_{kind}",
        title=f"{kpi.name.in_(view.language)} · {t(f'change.by_{kind}')} · {t(f'change.{against_of(view)}')}",
        alt=t("change.alt", kpi=kpi.name.in_(view.language), told=told),
    )
    if found.ratio and kind == "units" and any(each.by_denominator for each in parts):
        whole = joined(_OTHERS, parts)
        above, below = (_amount(view, kpi, each) for each in (whole.by_numerator, whole.by_denominator))
        st.caption(t("change.sides", above=above, below=below))


def _largest(parts: Sequence[Contribution]) -> list[Contribution]:
    """The largest first; what is too many for a chart joined, so that the bars still make the change."""
    ordered = sorted(parts, key=lambda each: abs(each.amount), reverse=True)
    if len(ordered) <= MOST_BARS:
        return ordered
    return [*ordered[: MOST_BARS - 1], joined(_OTHERS, ordered[MOST_BARS - 1 :])]


def _bar(view: DataView, kpi: Kpi, each: Contribution, name: str) -> charts.Row:
    role, direction = "none", kpi.current.direction
    if each.amount and direction is not Direction.ON_TARGET:
        role = "green" if (each.amount > 0) is (direction is Direction.HIGHER_BETTER) else "red"
    return {
        "name": name,
        "amount": float(each.amount),
        "text": _amount(view, kpi, each.amount),
        "role": role,
        "word": view.t(f"change.role_{role}"),
    }


def _unit_names(view: DataView, parts: Sequence[Contribution]) -> dict[str, str]:
    names = {each.part: view.organisation.by_code[each.part].name.in_(view.language) for each in parts}
    if view.org_unit in names:
        names[view.org_unit] = view.t("change.itself", unit=names[view.org_unit])
    return names


def _term_names(view: DataView, kpi: Kpi) -> dict[str, str]:
    catalogue, names = data.catalogue(), {}
    for version in kpi.versions:
        for below, terms in ((False, version.numerator), (True, version.denominator)):
            for term in terms:
                name = term_name(term, catalogue, view.t)
                names[term_key(term, below)] = view.t("change.below", name=name) if below else name
    return names


def _table(
    view: DataView, kpi: Kpi, found: Change, parts: Sequence[Contribution], kind: str, names: Mapping[str, str]
) -> Table:
    """All parts and their sum, which is the change."""
    t = view.t
    both = found.ratio and any(each.by_denominator for each in parts)

    def cells(each: Contribution, name: str, note: str = "") -> dict[str, Cell]:
        sides = ("amount", "by_numerator", "by_denominator")
        numbers: dict[str, Cell] = {side: TextCell(_amount(view, kpi, getattr(each, side))) for side in sides}
        share = TextCell(view.fmt.percent(_decimal(each.amount / found.amount), 0) if found.amount else NOTHING)
        return {"name": TextCell(name, note=note), **numbers, "share": share}

    rows = []
    for each in sorted(parts, key=lambda each: abs(each.amount), reverse=True):
        note = t("change.appeared") if each.appeared else t("change.ended") if each.ended else ""
        rows.append(Row(each.part, cells(each, names[each.part], note)))
    rows.append(Row("total", cells(joined("total", parts), t("change.total")), chosen=True))
    wanted = ("amount", *(("by_numerator", "by_denominator") if both else ()), "share")
    columns = [
        Column("name", t(f"change.column_{kind}")),
        *(Column(name, t(f"change.column_{name}"), "right") for name in wanted),
    ]
    return Table(t(f"change.by_{kind}"), columns, [RowGroup(rows)])


def _decimal(value: Fraction) -> Decimal:
    return divide(Decimal(value.numerator), Decimal(value.denominator))


def _amount(view: DataView, kpi: Kpi, value: Fraction) -> str:
    return view.fmt.part(_decimal(value), data.catalogue().unit_of(kpi.code))
