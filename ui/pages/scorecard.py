"""Every KPI of the scorecard, by perspective."""

import streamlit as st

from ui import data
from ui.components.cards import gates_line, total_line
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
total_line(view, card)
gates_line(view, card)
if view.run is None:
    empty(view, "no_forecast", "runs")
chosen = show_table(kpi_table(view, card, window), key="kpi_table")
if chosen in view.choices.kpis:
    st.switch_page(pages(t)["kpi"], query_params=view.address.params(kpi=chosen))
