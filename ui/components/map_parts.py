"""The map section: quarters, the map with its table and picture, and the objective looked at."""

import streamlit as st

from kpi.scorecard.results import Window
from kpi.strategy.book import StrategyRecord
from report.format import plain
from report.map_picture import map_svg
from report.pictures import Mode, svg_as_png
from report.strategy_map import Node, StrategyMap, map_table
from report.tables import as_csv
from ui import data, strategy
from ui.components.downloads import offer
from ui.components.objective_detail import detail
from ui.components.sidebar import choose
from ui.components.strategy_map import show_map
from ui.components.table import show_table
from ui.view import DataView

_DETAIL = "objective_detail"
_WORST_FIRST = ("red", "amber", "none", "green")


def caption(view: DataView, record: StrategyRecord, section: str) -> str:
    """What the page is about: whose numbers, or whose strategy."""
    version = version_line(view, record)
    return f"{view.org_name} · {view.fmt.period(view.quarter)} · {version}" if section == "map" else version


def version_line(view: DataView, record: StrategyRecord) -> str:
    """Which version of the strategy is shown, and who saved it when."""
    if record.saved_at is None:
        return view.t("strategy.version_default")
    at = view.fmt.moment(record.saved_at)
    return view.t("strategy.version", number=record.version, who=plain(record.saved_by), at=at)


def strategy_map(view: DataView, record: StrategyRecord, window: Window) -> None:
    """Everything about the chosen quarter."""
    _quarters(view)
    drawn = strategy.drawn(view, record.strategy, window)
    chosen = view.address.objective or _needs_attention(drawn).code
    left, right = st.columns([2.6, 1], gap="medium")
    with left:
        clicked = show_map(drawn, chosen, view.t, detail=_DETAIL, key="strategy_map")
        _take_along(view, drawn)
    with right, st.container(key=_DETAIL):
        detail(view, record.strategy, chosen, window, picked=bool(view.address.objective))
    if clicked and clicked != view.address.objective and clicked in view.choices.objectives:
        st.query_params["objective"] = clicked
        st.rerun()


def _quarters(view: DataView) -> None:
    options = [str(quarter) for quarter in reversed(view.choices.quarters)]
    if len(options) < 2:
        return
    names = {str(quarter): view.fmt.period(quarter) for quarter in view.choices.quarters}
    key, write = choose("quarter", str(view.quarter), key="map_quarter")
    label = view.t("site.quarter")
    st.select_slider(label, options, format_func=names.__getitem__, key=key, on_change=write)


def _needs_attention(drawn: StrategyMap) -> Node:
    """The objective with the worst year-end, of equals the one that is worst now."""
    nodes = [node for level in drawn.levels for node in level.nodes]
    return min(nodes, key=lambda n: (_WORST_FIRST.index(n.ahead.code), _WORST_FIRST.index(n.now.code)))


def _take_along(view: DataView, drawn: StrategyMap) -> None:
    t = view.t
    more = st.popover(t("chart.more"), type="tertiary", icon=":material/table_view:", key="map_more", on_change="rerun")
    with more:
        if not more.open:
            return
        mode: Mode = "dark" if st.context.theme.type == "dark" else "light"
        title = f"{data.template().name.in_(view.language)} · {view.org_name} · {view.fmt.period(view.quarter)}"
        picture, stem = map_svg(drawn, t, title, mode), f"scorecast-strategy-map-{view.language}"
        table = map_table(drawn, t)
        with st.container(horizontal=True):
            offer(
                t("chart.png"),
                lambda: svg_as_png(picture),
                stem,
                "png",
                key="map_png",
                hangs_on=picture,
                kind="tertiary",
            )
            offer(t("chart.svg"), picture.encode(), stem, "svg", key="map_svg", kind="tertiary")
            offer(t("chart.csv"), as_csv(table), stem, "csv", key="map_csv", kind="tertiary")
        show_table(table, key="map_table")
