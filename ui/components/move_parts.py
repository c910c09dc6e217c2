"""Two quarters beside each other, and who moved most between them."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from kpi.periods import Period
from kpi.scorecard.moves import Move, Ranking, window_between
from report import pictures
from report.charts import Spec
from report.format import plain
from report.movers import MoveWords, dumbbells, movers, movers_chart, ranking_sheet, side_by_side
from report.sheets import Sheet, sheet_as_csv, sheet_as_xlsx
from ui import data
from ui.address import COMPARE
from ui.components.chart import show_chart
from ui.components.downloads import offer
from ui.components.frame import empty
from ui.components.heat_parts import alone
from ui.components.scorecard_tools import about, stamp
from ui.components.sidebar import OWN, choose
from ui.components.table import show_table
from ui.heat import moves_of, ranking, scope_units
from ui.site import pages
from ui.view import DataView

SHOWN = 8
_YEAR = 4


def _base(view: DataView) -> Period | None:
    """The quarter to compare with: as the address says, else a year before, else the one before or the next there is;
    None when there is but one quarter."""
    others = [quarter for quarter in view.choices.quarters if quarter != view.quarter]
    wished = (Period.parse(view.address.base) if view.address.base else None, *map(view.quarter.shift, (-_YEAR, -1)))
    return next((quarter for quarter in wished if quarter in others), next(iter(others), None))


def _two(view: DataView) -> Period | None:
    """The switches for both quarters; the earlier one, or None with an empty state when there is but one."""
    base, t = _base(view), view.t
    if base is None:
        empty(view, "one_quarter", "upload")
        return None
    names = {str(quarter): view.fmt.period(quarter) for quarter in view.choices.quarters}
    for name, label, current, options in (
        ("base", "heat.base", str(base), [code for code in names if code != str(view.quarter)]),
        ("quarter", "heat.now", str(view.quarter), list(names)),
    ):
        key, write = choose(name, current, key=f"compare_{name}")
        st.selectbox(
            t(label),
            options,
            format_func=names.__getitem__,
            key=key,
            on_change=write,
            placeholder=t("site.choose"),
            width=220,
        )
    return base


def _words(view: DataView, base: Period) -> MoveWords:
    return MoveWords(base, view.quarter, data.catalogue(), view.organisation, view.t, view.fmt)


def _kpi_params(view: DataView, kpi: str, org_unit: str) -> dict[str, str]:
    return view.address.params(**dict.fromkeys(OWN["compare"], ""), kpi=kpi, unit=org_unit)


def _open(view: DataView, kpi: str, org_unit: str) -> None:
    st.switch_page(pages(view.t)["kpi"], query_params=_kpi_params(view, kpi, org_unit))


def quarters(view: DataView) -> None:
    """Every KPI of the chosen org unit in two quarters, as a chart and a table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _two(view)
    if base is None:
        return
    t, over, words = view.t, window_between(view.address.window, base, view.quarter), _words(view, base)
    moves = moves_of(view, view.org_unit, base)
    then, now = (data.card(view.snapshot, view.org_unit, quarter, over) for quarter in (base, view.quarter))
    statuses = {a.kpi: (a.status, b.status) for a, b in zip(then.kpis, now.kpis, strict=True)}
    if note := alone(view, base):
        st.caption(note)
    table = side_by_side(
        moves,
        statuses,
        data.template(),
        words,
        lambda kpi: "kpi?" + urlencode(_kpi_params(view, kpi, view.org_unit)),
    )
    spec = dumbbells(moves.values(), {kpi: both[1] for kpi, both in statuses.items()}, words)
    title = t(
        "heat.quarters_title", org_unit=view.org_name, before=view.fmt.period(base), now=view.fmt.period(view.quarter)
    )
    if spec is not None:
        st.header(t("heat.quarters_chart"), anchor=False)
        with st.container(border=True):
            alt = t("heat.quarters_alt", before=view.fmt.period(base), now=view.fmt.period(view.quarter))
            show_chart(view, spec, table, key="quarters", title=title, alt=alt)
    silent = [words.kpi(move.kpi) for move in moves.values() if move.improvement.amount is None]
    if silent:
        st.caption(t("heat.untold", names=plain(t("site.list_comma").join(silent))))
    st.header(t("heat.side_by_side"), anchor=False)
    clicked = show_table(table, key="side_by_side")
    if clicked and clicked in moves:
        _open(view, clicked, view.org_unit)


def movers_part(view: DataView) -> None:
    """Who improved and who fell back most among the org units below."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _two(view)
        if base is None:
            return
        scope = _scope(view)
    with st.spinner(view.t("heat.searching"), show_time=True):
        found = ranking(view, scope, base)
    _counts(view, base, scope, found)
    words, t = _words(view, base), view.t
    for name, moves in (("best", found.best), ("worst", found.worst)):
        st.header(t(f"heat.{name}"), anchor=False)
        _top(view, name, moves, words)
    _files(view, found, words)


def _scope(view: DataView) -> str:
    """Whose moves are ranked; asked only where there are org units on several levels below."""
    t, organisation, near = view.t, view.organisation, COMPARE["scope"][0]
    scope = view.address.scope or near
    if not any(organisation.children(unit.code) for unit in organisation.children(view.org_unit)):
        return near
    key, write = choose("scope", scope)
    st.segmented_control(
        t("heat.scope"),
        COMPARE["scope"],
        format_func=lambda code: t(f"heat.scope_{code}"),
        required=True,
        key=key,
        on_change=write,
    )
    return scope


def _counts(view: DataView, base: Period, scope: str, found: Ranking) -> None:
    t, kpis = view.t, len(data.template().entries)
    best, worst = len(found.best), len(found.worst)
    counts = {"total": found.total, "best": best, "worst": worst, "steady": found.steady}
    units = scope_units(view.organisation, view.org_unit, scope)
    lines = [t("heat.movers_note", units=len(units), kpis=kpis, **counts)]
    if found.left_out:
        reasons = [
            t("heat.reason_count", reason=t(f"reason.{reason.value}"), count=count)
            for reason, count in sorted(found.left_out.items(), key=lambda each: -each[1])
        ]
        count, listed = sum(found.left_out.values()), t("site.list_comma").join(reasons)
        lines.append(t("heat.left_out", count=count, reasons=listed))
    st.caption(" ".join([*lines, alone(view, base)]))


def _top(view: DataView, name: str, moves: Sequence[Move], words: MoveWords) -> None:
    t = view.t
    if not moves:
        st.caption(t("heat.nobody_better" if name == "best" else "heat.nobody_worse"))
        return
    table = movers(
        moves[:SHOWN],
        t(f"heat.{name}"),
        words,
        lambda move: "kpi?" + urlencode(_kpi_params(view, move.kpi, move.org_unit)),
    )
    clicked = show_table(table, key=f"movers_{name}")
    if len(moves) > SHOWN:
        st.caption(t("heat.shown", shown=SHOWN, total=len(moves)))
    if clicked:
        kpi, org_unit = clicked.split()
        _open(view, kpi, org_unit)


def _files(view: DataView, found: Ranking, words: MoveWords) -> None:
    """Those in sight as a picture, and the whole ranking as tables; made on the click."""
    t = view.t
    if not (found.best or found.worst):
        return
    title = t(
        "heat.movers_title",
        org_unit=view.org_name,
        before=view.fmt.period(words.before),
        now=view.fmt.period(words.now),
    )
    mode: pictures.Mode = "dark" if st.context.theme.type == "dark" else "light"
    stem = f"scorecast-movers-{view.language}"
    hangs_on = f"{view.snapshot.content_hash} {view.address.params()} {words.before} {mode}"

    def chart() -> Spec:
        return movers_chart(found.best[:SHOWN], found.worst[:SHOWN], words)

    def sheet() -> Sheet:
        origin = about(view, view.address.window), stamp(view, view.address.window)
        return ranking_sheet(found, title, *origin, words)

    makers: dict[str, Callable[[], bytes]] = {
        "png": lambda: pictures.png(chart(), title, mode),
        "svg": lambda: pictures.svg(chart(), title, mode).encode(),
        "csv": lambda: sheet_as_csv(sheet()),
        "xlsx": lambda: sheet_as_xlsx(sheet()),
    }
    with st.container(horizontal=True):
        for name, make in makers.items():
            offer(t(f"chart.{name}"), make, stem, name, key=f"movers_{name}", hangs_on=hangs_on, kind="tertiary")
