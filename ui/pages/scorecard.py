"""Where the company stands, where it is heading, and which KPIs make it so."""

import streamlit as st

from ui import data
from ui.components.cards import TREND_QUARTERS, gates_line, overview
from ui.components.frame import data_view, empty, page_head, window_switch
from ui.components.kpi_rows import kpi_table
from ui.components.table import show_table
from ui.site import pages

view = data_view("site.scorecard")
t = view.t
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    title = t("scorecard.title", org_unit=view.org_name)
    with st.container(width="content", gap="xxsmall"):
        page_head(title, f"{view.fmt.period(view.quarter)} · {data.template().name.in_(view.language)}")
    window = window_switch(view)

card = data.card(view.snapshot, view.org_unit, view.quarter, window)
past = [view.quarter.shift(step) for step in range(1 - TREND_QUARTERS, 1)]
trend = [
    (quarter, data.card(view.snapshot, view.org_unit, quarter, window))
    for quarter in past
    if quarter in view.choices.quarters
]
overview(view, card, trend)
gates_line(view, card)
if view.run is None:
    empty(view, "no_forecast", "runs")
chosen = show_table(kpi_table(view, card, window), key="kpi_table")
if chosen in view.choices.kpis:
    st.switch_page(pages(t)["kpi"], query_params=view.address.params(kpi=chosen))
