"""Verifying a run from the page: choose it, watch it, read the verdict."""

from collections.abc import Sequence

import streamlit as st

from forecast.records import RunRecord
from kpi.scorecard.results import Status
from report.format import plain
from ui import beside, data
from ui.components.sidebar import choose
from ui.components.status import COLOUR, ICON
from ui.side_jobs import SideJob
from ui.verdicts import Verdict
from ui.view import DataView

SIGN = {
    "EXACT": Status.GREEN,
    "WITHIN TOLERANCE": Status.GREEN,
    "DIFFERENT": Status.RED,
    "CANNOT": Status.AMBER,
}


def verification(view: DataView, done: Sequence[RunRecord]) -> None:
    """The section; ``done`` are the finished runs, the newest first."""
    t, job = view.t, beside.verification()
    names = {data.short_id(run): run for run in done}
    st.header(t("verify.title"), anchor=False)
    st.caption(t("verify.note"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = names[_chosen(view, names)]
        st.button(
            t("verify.busy" if job.alive else "verify.start"),
            icon=":material/verified_user:",
            disabled=job.alive,
            on_click=beside.start_verifying,
            args=(run, view.language),
            key="verify",
        )
    if job.alive:
        words = t("verify.going", id=job.subject[:12])
        st.fragment(run_every=1.0)(going)(view, job, words, "verify")
    elif job.subject == run.run_id and job.cancelled:
        st.info(t("verify.cancelled"), icon=":material/stop_circle:")
    elif job.subject == run.run_id and job.failure:
        st.error(plain(job.failure), icon=":material/error:", title=t("verify.failed"))
    _verdict(view, beside.verdict(run))


def _chosen(view: DataView, names: dict[str, RunRecord]) -> str:
    """The run that is chosen: that of the address, or the one whose result the page shows."""
    first = data.short_id(view.run) if view.run else next(iter(names))
    key, write = choose("run", view.address.run or first)
    st.selectbox(
        view.t("verify.run"),
        list(names),
        format_func=lambda code: run_name(view, names[code]),
        key=key,
        on_change=write,
        placeholder=view.t("site.choose"),
    )
    return view.address.run or first


def run_name(view: DataView, run: RunRecord) -> str:
    """A run as a person tells it from others."""
    return f"{view.fmt.moment(run.started_at)} · {view.t('runs.of_snapshot', id=run.snapshot_id)} · {run.run_id[:8]}"


def going(view: DataView, job: SideJob, words: str, name: str) -> None:
    """How far a process beside the server is, and the button that ends it; the whole page once it has ended."""
    if not job.alive:
        st.rerun()
    t = view.t
    with st.container(border=True):
        share, stage = job.progress
        said = plain(stage or t("verify.starting"))
        st.progress(share, text=f"**{view.fmt.percent(share, 0)}** · {said}")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(words)
            st.button(t(f"{name}.cancel"), icon=":material/stop_circle:", on_click=job.cancel, key=f"cancel_{name}")


def verdict_word(view: DataView, verdict: Verdict) -> str:
    """The verdict's word."""
    return view.t(f"verify.{verdict.verdict.lower().replace(' ', '_')}")


def _verdict(view: DataView, verdict: Verdict | None) -> None:
    t = view.t
    if verdict is None:
        st.caption(t("verify.never"))
        return
    sign = SIGN[verdict.verdict]
    badge = f":{COLOUR[sign]}-badge[{ICON[sign]} {verdict_word(view, verdict)}]"
    st.markdown(f"{badge} {plain(verdict.message.in_(view.language))}")
    for line in (*verdict.differences, *verdict.notes):
        st.markdown(f"- {plain(line.in_(view.language))}")
    for signed in verdict.signatures:
        who = t("verify.by_key", name=signed.key or t("verify.unknown_key"), id=signed.keyid[:12])
        way = t(f"verify.signed_{signed.kind or 'against'}")
        st.markdown(f":material/draw: {way} {plain(who)}")
    st.caption(t("verify.at", at=view.fmt.moment(verdict.at)))
