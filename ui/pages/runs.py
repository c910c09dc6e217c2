"""Start a forecast run, watch it, read its result, verify it, compare it with another."""

import streamlit as st

from forecast.records import RunState
from ui import data
from ui.components import compare_parts, run_parts, verify_parts
from ui.components.frame import data_view, empty, page_head

view = data_view("site.runs")
t = view.t
page_head(t("site.runs"), t("runs.caption", snapshot=view.snapshot.id))
runs = data.runs()
job = data.forecast_job()
busy = job.alive or job.live is not None or any(run.state is RunState.RUNNING for run in runs)
run_parts.starter(view, busy)
st.fragment(run_every=1.0 if busy else 5.0)(run_parts.progress)(view, busy)
run_parts.ending(view, runs, busy)
if view.run is not None:
    run_parts.result(view, view.run)
elif not busy and not any(run.snapshot_id == view.snapshot.id for run in runs):
    empty(view, "no_run")
done = [run for run in runs if run.state is RunState.DONE]
if done:
    verify_parts.verification(view, done)
    compare_parts.comparison(view, done)
if runs:
    run_parts.history(view, runs)
