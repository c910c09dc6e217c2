"""The heat map on the page that compares: where in the organisation, coloured by what, its rows, its files."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from kpi.periods import Period
from kpi.scorecard.heat import Page
from kpi.scorecard.moves import window_between
from report.format import plain
from report.heat_builder import Metric, Sorting
from report.heat_map import SCORE, as_sheet, as_table, picture
from report.sheets import sheet_as_xlsx
from ui import data
from ui.address import COMPARE
from ui.components.chart import take_along
from ui.components.frame import empty
from ui.components.heat_map import Kind, show_heat
from ui.components.scorecard_tools import about
from ui.components.sidebar import OWN, choose
from ui.heat import BACK, Drawn, heat_map
from ui.site import pages
from ui.view import DataView


def path(view: DataView) -> None:
    """The way from the head office down to the chosen org unit, each a way back."""
    above = list(reversed(view.organisation.ancestors(view.org_unit)))
    if not above:
        return
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", width="content", key="unit_path"):
        for unit in above:
            label = f"{plain(unit.name.in_(view.language))} ›"
            st.button(label, on_click=_stay, args=(view, "unit", (unit.code,)), type="tertiary", key=f"up_{unit.code}")
        st.markdown(f"**{plain(view.org_name)}**")


def heat(view: DataView) -> None:
    """The heat map with its switches above and its files below."""
    metric, since = _switches(view)
    if metric is Metric.CHANCE and view.run is None:
        empty(view, "no_forecast", "runs")
        return
    drawn = heat_map(view, metric, since)
    st.caption(_note(view, metric, since, drawn))
    clicked = show_heat(drawn.payload, _links(view), partial(_stay, view), key="heat")
    pager(view, drawn.page)
    _files(view, drawn, metric)
    if clicked is not None:
        _leave(view, *clicked)


def _switches(view: DataView) -> tuple[Metric, str]:
    t, address = view.t, view.address
    metric = Metric(address.heat) if address.heat else Metric.ATTAINMENT
    since = address.since or COMPARE["since"][0]
    with st.container(horizontal=True, vertical_alignment="center"):
        key, write = choose("heat", metric.value)
        st.segmented_control(
            t("heat.metric"),
            [each.value for each in Metric],
            format_func=lambda code: t(f"heat.metric_{code}"),
            required=True,
            key=key,
            on_change=write,
            label_visibility="collapsed",
        )
        if metric is Metric.TREND:
            key, write = choose("since", since)
            st.segmented_control(
                t("heat.since"),
                COMPARE["since"],
                format_func=lambda code: t(f"heat.since_{code}"),
                required=True,
                key=key,
                on_change=write,
                label_visibility="collapsed",
            )
    return metric, since


def _note(view: DataView, metric: Metric, since: str, drawn: Drawn) -> str:
    """What colours mean, where that is not plain, and what a click does."""
    t, fmt = view.t, view.fmt
    lines = []
    if view.org_unit != drawn.heat.top.key:
        lines.append(t("heat.beside", org_unit=view.org_name))
    match metric:
        case Metric.ATTAINMENT:
            lines.append(t("heat.note_attainment", width=fmt.percent(data.template().amber_share, 0)))
        case Metric.STATUS:
            lines.append(t("heat.note_status"))
        case Metric.TREND:
            before = view.quarter.shift(-BACK[since])
            lines += [t("heat.note_trend", before=fmt.period(before)), alone(view, before)]
        case Metric.CHANCE:
            landed = any(cell.tone for row in drawn.heat.all_rows for key, cell in row.cells.items() if key != SCORE)
            lines.append(t("heat.note_chance" if landed else "heat.no_year", year=view.quarter.year))
    return " ".join(filter(None, [*lines, t("heat.sort_hint")]))


def alone(view: DataView, before: Period) -> str:
    """Said where a year to date can't be held against ``before``."""
    same = window_between(view.address.window, before, view.quarter) is view.address.window
    return "" if same else view.t("heat.alone")


def _links(view: DataView) -> dict[str, str]:
    bare = {**dict.fromkeys(OWN["compare"], ""), "unit": "", "kpi": ""}
    return {
        "unitLink": "compare?" + urlencode(view.address.params(unit="", rows="")),
        "cardLink": f"./{pages(view.t)['scorecard'].url_path}?" + urlencode(view.address.params(**bare)),
        "kpiLink": "kpi?" + urlencode(view.address.params(**bare)),
    }


def _stay(view: DataView, kind: Kind, codes: Sequence[str]) -> None:
    """What a click changes of the address without leaving the page."""
    if kind == "unit":
        st.query_params["unit"] = codes[0]
    elif kind == "sort":
        st.query_params["sort"] = Sorting(view.address.sort).clicked(codes[0])
    else:
        return
    st.query_params["rows"] = ""


def _leave(view: DataView, kind: Kind, codes: Sequence[str]) -> None:
    """Open the page that a click asks for."""
    site, bare = pages(view.t), dict.fromkeys(OWN["compare"], "")
    if kind == "kpi":
        st.switch_page(site["kpi"], query_params=view.address.params(**bare, kpi=codes[0], unit=codes[1]))
    if kind == "card":
        st.switch_page(site["scorecard"], query_params=view.address.params(**bare, unit=codes[0]))


def pager(view: DataView, page: Page) -> None:
    """Which rows there are, a page on or back, and how many are drawn at once; nothing where all of them always are."""
    t, (fewest, *_) = view.t, COMPARE["many"]
    if page.total <= int(fewest):
        return

    def turn(number: int) -> None:
        st.query_params["rows"] = str(number)

    with st.container(horizontal=True, vertical_alignment="center"):
        back, ahead = page.number - 1, page.number + 1
        st.button(t("heat.previous"), on_click=turn, args=(back,), disabled=back < 1, icon=":material/chevron_left:")
        st.button(
            t("heat.next"), on_click=turn, args=(ahead,), disabled=ahead > page.count, icon=":material/chevron_right:"
        )
        st.caption(t("heat.rows", first=page.first, last=page.last, total=page.total), width="content")
        _how_many(view, fewest)


def _how_many(view: DataView, fewest: str) -> None:
    key, write = choose("many", view.address.many or fewest)

    def from_the_first() -> None:
        write()
        st.query_params["rows"] = ""

    st.selectbox(
        view.t("heat.many"),
        COMPARE["many"],
        format_func=lambda code: view.t(f"heat.many_{code}"),
        key=key,
        on_change=from_the_first,
        label_visibility="collapsed",
        placeholder=view.t("site.choose"),
        width=170,
    )


def _files(view: DataView, drawn: Drawn, metric: Metric) -> None:
    facts = about(view, view.address.window)
    take_along(
        view,
        lambda: picture(drawn.heat),
        lambda: as_table(drawn.heat),
        key=f"heat-{metric}",
        title=f"{drawn.heat.label} · {facts[view.t('site.quarter')]}",
        workbook=lambda: sheet_as_xlsx(as_sheet(drawn.heat, facts)),
    )
