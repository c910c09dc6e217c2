"""Where the company stands, what needs somebody, and where the year will land: what a manager opens first."""

import streamlit as st

from ui import data
from ui.components.cards import score_cards
from ui.components.frame import data_view, page_head, window_switch
from ui.components.landing import year_end
from ui.components.needs import needs
from ui.components.scores import show_scores
from ui.components.sources import sources
from ui.home import front

view = data_view("site.home")
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    with st.container(width="content", gap="xxsmall"):
        title = view.t("home.title", org_unit=view.org_name)
        page_head(title, f"{view.fmt.period(view.quarter)} · {data.template().name.in_(view.language)}")
    window = window_switch(view)

shown = front(view, window)
show_scores(score_cards(view, shown.cards), key="scores")
with st.grid(2, min_column_width=340, gap="medium") as grid:
    with grid.cell():
        needs(view, shown)
    with grid.cell():
        year_end(view, shown.year_end)
sources(view)
