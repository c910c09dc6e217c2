"""The board pack: choose pages, language and files, say what the numbers do not, and take it along."""

import streamlit as st

from ui.components import pack_parts
from ui.components.frame import data_view, empty, page_head

view = data_view("site.pack")
t = view.t
page_head(t("site.pack"), t("pack.caption", org_unit=view.org_name, quarter=view.fmt.period(view.quarter)))
if view.run is None:
    empty(view, "no_forecast", "runs")
with st.container(border=True):
    choice = pack_parts.choose_pack(view)
with st.container(border=True):
    pack_parts.commentary(view, choice)
pack_parts.making(view, choice)
