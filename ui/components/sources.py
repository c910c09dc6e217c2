"""The foot of a page: which data and which forecast it rests on, and how fresh they are."""

import streamlit as st

from ui.view import DataView


def sources(view: DataView) -> None:
    """When the data was last refreshed and forecast, by snapshot and run."""
    t, fmt, snapshot, run = view.t, view.fmt, view.snapshot, view.run
    words = {"id": snapshot.id, "hash": snapshot.content_hash[:8], "quarter": fmt.period(view.last_actual)}
    lines = [t("home.footer_data", at=fmt.moment(snapshot.created_at), **words)]
    if run is None:
        lines.append(t("site.footer_no_run"))
    else:
        lines.append(t("home.footer_run", at=fmt.moment(run.finished_at or run.started_at), id=run.run_id[:8]))
    st.divider()
    st.caption("  \n".join(lines))
