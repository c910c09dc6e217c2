"""The strategy map: what causes what, how each objective stands and will end the year; its design; the six steps."""

import streamlit as st

from ui import strategy
from ui.address import SECTIONS
from ui.components import design_parts, map_parts, step_parts
from ui.components.frame import data_view, page_head, window_switch
from ui.components.sidebar import choose

view = data_view("site.map")
t = view.t
record = strategy.book().newest()
section = view.address.section or SECTIONS[0]
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    with st.container(width="content", gap="xxsmall"):
        page_head(t("site.map"), map_parts.caption(view, record, section))
    if section == "map":
        window = window_switch(view)
key, write = choose("section", section)
st.segmented_control(
    t("map.section"),
    SECTIONS,
    format_func=lambda code: t(f"map.section_{code}"),
    required=True,
    key=key,
    on_change=write,
    label_visibility="collapsed",
)
if section == "map":
    map_parts.strategy_map(view, record, window)
elif section == "design":
    design_parts.design(view, record)
else:
    step_parts.six_steps(view, record)
