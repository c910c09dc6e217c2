"""The same KPI in the org units around: ranked as bars, or each with its way on one scale."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from kpi.catalogue.models import Direction, Kpi
from kpi.scorecard.results import Value, Window
from report import charts
from report.format import NOTHING, plain
from report.lanes import Lane, lanes
from report.tables import Cell, Column, Row, RowGroup, StatusCell, Table, TextCell
from ui import data
from ui import kpi as door
from ui.address import KPI_PAGE
from ui.components.chart import show_chart
from ui.components.kpi_history import lines, outlook
from ui.components.sidebar import choose
from ui.components.status import status_word
from ui.view import DataView

BESIDE = KPI_PAGE["units"]
MOST_BARS, MOST_LANES = 20, 12
UNITS_NAMED = 12


def branches(view: DataView, kpi: Kpi, window: Window) -> None:
    """Bars or lanes, and who has no value."""
    t = view.t
    ranked = _ranked(view, kpi, window)
    with st.container(border=True):
        if not ranked:
            st.caption(t("kpi.no_units"))
            return
        beside = view.address.units or BESIDE[0]
        key, write = choose("units", beside)
        st.segmented_control(
            t("kpi.by_unit"),
            BESIDE,
            format_func=lambda code: t(f"kpi.beside_{code}"),
            required=True,
            key=key,
            on_change=write,
            label_visibility="collapsed",
        )
        by_rank = beside == BESIDE[0]
        shown = _ends(ranked, MOST_BARS if by_rank else MOST_LANES)
        (_bars if by_rank else _lanes)(view, kpi, window, shown)
        if len(shown) < len(ranked):
            st.caption(t("kpi.ends_shown", half=len(shown) // 2, total=len(ranked)))
        if silent := units_without(view, kpi.code, window):
            names = t("site.list_comma").join(silent[:UNITS_NAMED])
            more = t("kpi.and_more", count=len(silent) - UNITS_NAMED) if len(silent) > UNITS_NAMED else ""
            st.caption(t("kpi.units_without", names=plain(names) + more))


def units_shown(view: DataView) -> tuple[str, ...]:
    """The org units below the chosen one; for one without any, its siblings and itself."""
    organisation = view.organisation
    below = organisation.children(view.org_unit)
    parent = organisation.by_code[view.org_unit].parent
    return tuple(unit.code for unit in below or (organisation.children(parent) if parent else (organisation.root,)))


def units_without(view: DataView, kpi: str, window: Window) -> tuple[str, ...]:
    """Names of the org units around that should have a value and have none, and therefore no bar."""
    found = data.by_unit(view.snapshot, kpi, units_shown(view), view.quarter, window)
    silent = (code for code, (value, _) in found.items() if value.amount is None and value.expected)
    return tuple(_name(view, code) for code in silent)


def _name(view: DataView, code: str) -> str:
    return view.organisation.by_code[code].name.in_(view.language)


def _ranked(view: DataView, kpi: Kpi, window: Window) -> list[str]:
    """The org units around that have a value, the best first."""
    found = data.by_unit(view.snapshot, kpi.code, units_shown(view), view.quarter, window)
    return best_first({code: pair for code, pair in found.items() if pair[0].amount is not None}, kpi)


def best_first(found: Mapping[str, tuple[Value, Value]], kpi: Kpi) -> list[str]:
    """Org units by value, the best in front; where the best is to be on target, the nearest to it."""
    nowhere = Decimal("Infinity")

    def badness(code: str) -> Decimal:
        value, target = (each.amount for each in found[code])
        match kpi.current.direction:
            case Direction.LOWER_BETTER:
                return nowhere if value is None else value
            case Direction.HIGHER_BETTER:
                return nowhere if value is None else -value
            case Direction.ON_TARGET:
                return nowhere if value is None or target is None else abs(value - target)

    return sorted(found, key=badness)


def _ends(ranked: Sequence[str], most: int) -> list[str]:
    """All, or the best and the worst."""
    return list(ranked) if len(ranked) <= most else [*ranked[: most // 2], *ranked[-(most // 2) :]]


def _bars(view: DataView, kpi: Kpi, window: Window, shown: Sequence[str]) -> None:
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi.code)
    rows: list[charts.Row] = []
    for code in shown:
        found = door.result(view.snapshot, kpi.code, code, view.quarter, window)
        value, target, status = found.value.amount, found.target.amount, found.status
        if value is None:
            continue
        rows.append(
            {
                "name": _name(view, code),
                "amount": float(value),
                "target": None if target is None else float(target),
                "edge": float(max(value, target or value)),
                "text": fmt.value(value, unit),
                "target_text": f"{t('series.plan')} {NOTHING if target is None else fmt.value(target, unit)}",
                "label": f"{fmt.value(value, unit)} · {status_word(status, t)}",
                "role": status.value,
                "status": status_word(status, t),
            }
        )
    spec = charts.by_unit(rows, [str(row["name"]) for row in rows])
    _show(view, kpi, window, spec, shown, "by_unit")


def _lanes(view: DataView, kpi: Kpi, window: Window, shown: Sequence[str]) -> None:
    unit = data.catalogue().unit_of(kpi.code)
    drawn = []
    for code in shown:
        ahead = outlook(view, kpi.code, code, window)
        found = door.result(view.snapshot, kpi.code, code, view.quarter, window)
        note = f"{view.fmt.value(found.value.amount, unit)} · {status_word(found.status, view.t)}"
        drawn.append(Lane(_name(view, code), lines(view, kpi.code, code, window, ahead), note))
    order = sorted({str(row["quarter"]) for lane in drawn for row in lane.rows})
    _show(view, kpi, window, lanes(drawn, order), shown, "lanes")
    st.caption(view.t("kpi.same_scale", quarter=view.fmt.period(view.quarter)))


def _show(view: DataView, kpi: Kpi, window: Window, spec: charts.Spec, shown: Sequence[str], kind: str) -> None:
    t, name = view.t, kpi.name.in_(view.language)
    words = t(f"kpi.alt_{kind}", kpi=name, units=t("site.list_comma").join(_name(view, code) for code in shown))
    title = f"{name} · {view.fmt.period(view.quarter)} · {t(f'window.{window.value}')}"
    show_chart(view, spec, _table(view, kpi, window, shown), key=kind, title=title, alt=words)


def _table(view: DataView, kpi: Kpi, window: Window, shown: Sequence[str]) -> Table:
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi.code)
    relative = not kpi.current.denominator
    rows = []
    for code in shown:
        found = door.result(view.snapshot, kpi.code, code, view.quarter, window)
        cells: dict[str, Cell] = {
            "unit": TextCell(_name(view, code)),
            "actual": TextCell(fmt.value(found.value.amount, unit)),
            "plan": TextCell(fmt.value(found.target.amount, unit)),
            "attainment": TextCell(fmt.percent(found.attainment.amount)),
            "status": StatusCell(found.status.value, status_word(found.status, t)),
            "on_last_year": TextCell(fmt.change(found.on_last_year.amount, unit, relative)),
        }
        rows.append(Row(code, cells))
    titles = {"unit": "site.org_unit", "actual": "kpi.column_actual", "plan": "kpi.column_plan"}
    titles |= {"attainment": "kpi.attainment", "status": "kpi.status", "on_last_year": "kpi.on_last_year"}
    columns = [Column(name, t(key), "left" if name in ("unit", "status") else "right") for name, key in titles.items()]
    return Table(t("kpi.by_unit"), columns, [RowGroup(rows)])
