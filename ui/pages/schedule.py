"""Forecasts that start by themselves: the rules, what comes next, what became of the last ones."""

import streamlit as st

from ui.components import schedule_parts
from ui.components.frame import page_head
from ui.view import current_view

view = current_view()
page_head(view.t("site.schedule"), view.t("schedule.caption"))
schedule_parts.run_now(view)
st.fragment(run_every=10.0)(schedule_parts.at_work)(view)
schedule_parts.rules(view)
schedule_parts.new_rule(view)
st.fragment(run_every=5.0)(schedule_parts.last_runs)(view)
