"""Start a forecast run, watch it, read its result."""

import streamlit as st

from forecast.records import RunState
from ui import data
from ui.components import run_parts
from ui.components.frame import data_view, empty, page_head

view = data_view("site.runs")
t = view.t
page_head(t("site.runs"), t("runs.caption", snapshot=view.snapshot.id))
runs = data.runs()
busy = data.forecast_job().alive or any(run.state is RunState.RUNNING for run in runs)
run_parts.starter(view, busy)
st.fragment(run_every=1.0 if busy else None)(run_parts.progress)(view, busy)
run_parts.failure(view)
if view.run is not None:
    run_parts.result(view, view.run)
elif not busy:
    empty(view, "no_run")
if runs:
    run_parts.history(view, runs)
