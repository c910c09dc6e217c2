"""Org units beside each other, quarters beside each other, and who moved most."""

import streamlit as st

from ui.address import COMPARE
from ui.components import heat_parts, move_parts
from ui.components.frame import data_view, page_head, window_switch
from ui.components.sidebar import choose

view = data_view("site.compare")
t = view.t
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    with st.container(width="content", gap="xxsmall"):
        page_head(t("site.compare"), f"{view.org_name} · {view.fmt.period(view.quarter)}")
    window_switch(view)
part = view.address.part or COMPARE["part"][0]
key, write = choose("part", part)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.segmented_control(
        t("heat.parts"),
        COMPARE["part"],
        format_func=lambda code: t(f"heat.part_{code}"),
        required=True,
        key=key,
        on_change=write,
        label_visibility="collapsed",
    )
    heat_parts.path(view)
{"heat": heat_parts.heat, "quarters": move_parts.quarters, "movers": move_parts.movers_part}[part](view)
