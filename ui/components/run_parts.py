"""The parts of the forecast page."""

from collections.abc import Sequence

import streamlit as st

from forecast.live import Live
from forecast.records import RunRecord, RunState
from kpi.scorecard.results import Status
from report.format import plain
from report.tables import Column, Row, RowGroup, StatusCell, Table, TextCell
from report.words import Words
from ui import beside, data, past
from ui.components.downloads import offer
from ui.components.table import show_table
from ui.components.track_record import run_cell
from ui.components.verify_parts import verdict_word
from ui.passports import PassportPage
from ui.view import DataView

_SIGN = {
    RunState.RUNNING: Status.AMBER,
    RunState.DONE: Status.GREEN,
    RunState.FAILED: Status.RED,
    RunState.CANCELLED: Status.NONE,
    RunState.INTERRUPTED: Status.NONE,
}
FALLBACKS_SHOWN = 100
RUNS_SHOWN = 50


def starter(view: DataView, busy: bool) -> None:
    """The start button, and the choice to train again although the same run stands already."""
    t = view.t

    def start() -> None:
        fresh = bool(st.session_state.get("train_again"))
        data.forecast_job().start(view.snapshot.id, fresh, view.language)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("runs.busy" if busy else "runs.start"),
            type="primary",
            icon=":material/play_arrow:",
            disabled=busy,
            on_click=start,
            key="start",
        )
        if view.run is not None:
            st.toggle(t("runs.fresh"), key="train_again", help=t("runs.fresh_help"), disabled=busy, on_change="ignore")


def progress(view: DataView, busy: bool) -> None:
    """How far the run is and the button that ends it.

    Redraws itself alone while one is going, and the whole page once it has ended or somebody else started one.
    """
    t, job = view.t, data.forecast_job()
    if not busy:
        if job.alive or job.live:
            st.rerun()
        return
    running = any(run.state is RunState.RUNNING for run in data.runs())
    live, cancelling = job.live, job.cancelling
    if not (running or live or job.alive):
        st.rerun()
    with st.container(border=True):
        share = min(1.0, live.share) if live else 0.0
        words = live.words.in_(view.language) if live else t("runs.starting")
        st.progress(share, text=f"**{view.fmt.percent(share, 0)}** · {plain(words)}")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(_what(view, live))
            st.button(
                t("runs.cancelling" if cancelling else "runs.cancel"),
                icon=":material/stop_circle:",
                disabled=cancelling,
                on_click=job.cancel,
                help=t("runs.cancel_help"),
                key="cancel",
            )


def _what(view: DataView, live: Live | None) -> str:
    """Which snapshot is forecast, and whether that is a comparison."""
    if live is None:
        return ""
    return view.t("runs.comparing" if live.again else "runs.computing", id=live.snapshot_id)


def ending(view: DataView, runs: Sequence[RunRecord], busy: bool) -> None:
    """How the last run ended, where it has no result: cancelled with what is kept, or failed and why."""
    if busy:
        return
    t, job = view.t, data.forecast_job()
    newest, message = runs[0] if runs else None, job.failure
    cut = newest is not None and newest.state is RunState.CANCELLED
    if newest and cut and (job.cancelled or message in {None, newest.message}):
        share = view.fmt.percent(newest.progress, 0)
        st.info(t("runs.goes_on", share=share), icon=":material/stop_circle:", title=t("runs.cancelled"))
    elif job.cancelled and message:
        st.info(t("runs.cancelled_nothing"), icon=":material/stop_circle:", title=t("runs.cancelled"))
    elif message:
        st.error(plain(message), icon=":material/error:", title=t("runs.failed"))


def result(view: DataView, run: RunRecord) -> None:
    """The newest finished run of the newest snapshot, with its evidence."""
    t, fmt = view.t, view.fmt
    page = data.passport_page(run.passport)
    took = fmt.duration((run.finished_at - run.started_at).total_seconds()) if run.finished_at else ""
    st.header(t("runs.result"), anchor=False)
    with st.container(border=True):
        finished = fmt.moment(run.finished_at) if run.finished_at else ""
        evidence = {
            t("runs.finished"): f"{finished} ({took})",
            t("runs.device"): f"{run.device} · {t(f'numerics.{run.numerics}')}",
            t("runs.snapshot"): f"#{run.snapshot_id}",
        }
        if page is not None:
            evidence[t("runs.device_reason")] = plain(page.device_reason.in_(view.language))
        st.table({f"**{name}**": text for name, text in evidence.items()}, border="horizontal", alt=t("runs.result"))
        hashes = {
            t("runs.run_id"): run.run_id,
            t("runs.weights_digest"): run.weights_digest,
            t("runs.forecast_digest"): run.forecast_digest,
        }
        for name, digest in hashes.items():
            with st.container(gap="xxsmall"):
                st.caption(name)
                st.code(digest, language=None, wrap_lines=True)
        if page is None:
            st.warning(t("runs.no_passport"))
            return
        name = offer(
            t("runs.passport"),
            lambda: data.read_bytes(run.passport),
            f"passport-{run.run_id[:16]}",
            "zip",
            key="passport",
            hangs_on=run.seal or run.run_id,
            icon=":material/verified_user:",
        )
        st.caption(t("runs.verify_hint", command=f"python -m forecast verify {name}"))
    _fallbacks(view, page)


def _fallbacks(view: DataView, page: PassportPage) -> None:
    t, catalogue = view.t, data.catalogue()
    total = sum(page.methods.values())
    st.header(t("runs.fallbacks"), anchor=False)
    st.caption(t("runs.fallbacks_note", network=total - len(page.fallbacks), total=total))
    if not page.fallbacks:
        return
    rows = [
        Row(
            f"{item.component}|{item.org_unit}",
            {
                "component": TextCell(catalogue.name_of(item.component).in_(view.language)),
                "org_unit": TextCell(view.organisation.by_code[item.org_unit].name.in_(view.language)),
                "method": TextCell(t(f"method.{item.method}")),
                "reason": TextCell(item.reason.in_(view.language)),
            },
        )
        for item in page.fallbacks[:FALLBACKS_SHOWN]
    ]
    columns = [Column(name, t(f"runs.column_{name}")) for name in ("component", "org_unit", "method", "reason")]
    with st.expander(t("upload.shown", shown=len(rows), total=len(page.fallbacks))):
        show_table(Table(t("runs.fallbacks"), columns, [RowGroup(rows)]), key="fallbacks")


def state_cell(state: RunState, t: Words) -> StatusCell:
    """The state of a run with its sign."""
    return StatusCell(_SIGN[state].value, t(f"run_state.{state.value}"))


def _verified(view: DataView, run: RunRecord) -> str:
    """The verdict of the last verification from the page."""
    verdict = beside.verdict(run) if run.state is RunState.DONE else None
    return verdict_word(view, verdict) if verdict else ""


def _message(view: DataView, run: RunRecord) -> str:
    """What the record says of a run that has no result; how far the one is that computes stands above the table."""
    if run.state is RunState.CANCELLED:
        return view.t("runs.kept", share=view.fmt.percent(run.progress, 0))
    return "" if run.state is RunState.RUNNING else run.message


def history(view: DataView, runs: Sequence[RunRecord]) -> None:
    """All runs, the newest first, and what became of their forecasts."""
    t, fmt = view.t, view.fmt
    beside = past.summaries(view.snapshot, RUNS_SHOWN)
    rows = [
        Row(
            run.run_id,
            {
                "run": TextCell(run.run_id[:12], note=t("runs.of_snapshot", id=run.snapshot_id)),
                "state": state_cell(run.state, t),
                "started": TextCell(fmt.moment(run.started_at), note=run.started_by),
                "device": TextCell(run.device, note=t(f"numerics.{run.numerics}")),
                "digest": TextCell(run.forecast_digest[:12], note=_verified(view, run)),
                "message": run_cell(view, beside.get(run.run_id))
                if run.state is RunState.DONE
                else TextCell(_message(view, run)),
            },
        )
        for run in runs[:RUNS_SHOWN]
    ]
    columns = [
        Column(name, t(f"runs.column_{name}")) for name in ("run", "state", "started", "device", "digest", "message")
    ]
    st.header(t("runs.history"), anchor=False)
    show_table(Table(t("runs.history"), columns, [RowGroup(rows)]), key="runs")
