"""Every score from the total down to each KPI, and why it is what it is."""

import streamlit as st

from report.outlook import Outlook
from report.scorecard_lines import arrange, lines_of
from ui import data
from ui.components.cards import gates_line
from ui.components.frame import data_view, empty, page_head, window_switch
from ui.components.kpi_rows import NOT_ELSEWHERE, kpi_table
from ui.components.scorecard_tools import keep, tools
from ui.components.table import show_table
from ui.components.why import explain
from ui.site import pages

view = data_view("site.scorecard")
t = view.t
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    title = t("scorecard.title", org_unit=view.org_name)
    with st.container(width="content", gap="xxsmall"):
        page_head(title, f"{view.fmt.period(view.quarter)} · {data.template().name.in_(view.language)}")
    window = window_switch(view)

card = data.card(view.snapshot, view.org_unit, view.quarter, window)
gates_line(view, card)
if view.run is None:
    empty(view, "no_forecast", "runs")
landings = {
    kpi: landing
    for kpi in view.choices.kpis
    if (landing := Outlook(view.outlooks.get((kpi, view.org_unit), ())).landing(view.quarter))
}
shown = view.address.shown
lines = arrange(lines_of(card, data.template(), data.catalogue(), landings), shown, view.language)
tools(view, card, lines, window)
chosen = show_table(
    kpi_table(view, card, lines, window),
    key="kpi_table",
    on_sort=lambda column: keep("order", shown.after_click(column)),
    on_ask=lambda score: keep("why", score),
)
if chosen in view.choices.kpis:
    st.switch_page(pages(t)["kpi"], query_params=view.address.params(**NOT_ELSEWHERE, kpi=chosen))
if not lines:
    empty(view, "no_rows")
if view.address.why:
    explain(view, card, view.address.why, window)
