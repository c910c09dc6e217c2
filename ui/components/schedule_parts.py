"""The parts of the page of the schedule."""

from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

import streamlit as st

from forecast.schedule.occasions import Occasion
from forecast.schedule.records import RuleRecord, ScheduledRun, TaskState
from forecast.schedule.rules import MOST_DAYS, OnApproval, OnCron, OnWorkingDay, Rule
from forecast.schedule.wall_clock import zone_names, zone_of_this_machine
from kpi.errors import refuse
from kpi.scorecard.results import Status
from report.format import NOTHING, plain
from report.tables import Column, Row, RowGroup, StatusCell, Table, TextCell
from ui import data, schedule
from ui.components.frame import empty
from ui.components.notices import leave_notice
from ui.components.table import show_table
from ui.site import pages
from ui.view import View

KINDS = ("approval", "working_day", "cron")
SILENT_MINUTES = 15
_WORDS_WIDTH = 560  # the buttons go below on anything narrower
_EXAMPLE = "30 6 5 1,4,7,10 *"
_SIGN = {
    TaskState.WAITING: Status.NONE,
    TaskState.RUNNING: Status.AMBER,
    TaskState.DONE: Status.GREEN,
    TaskState.FAILED: Status.RED,
    TaskState.REFUSED: Status.RED,
    TaskState.DROPPED: Status.NONE,
}


def run_now(view: View) -> None:
    """A run of the newest snapshot at once, scheduler or not, and the way to where it can be watched."""
    t, snapshot = view.t, view.snapshot

    def start() -> None:
        if snapshot is not None:
            started = data.forecast_job().start(snapshot.id, fresh=False, language=view.language)
            leave_notice("info", t("schedule.started" if started else "schedule.going", id=snapshot.id))

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("schedule.run_now"),
            icon=":material/play_arrow:",
            disabled=snapshot is None,
            help=t("schedule.run_now_help"),
            on_click=start,
            key="run_now",
        )
        st.page_link(
            pages(t)["runs"],
            label=t("schedule.watch"),
            icon=":material/arrow_forward:",
            query_params=view.address.params(),
        )


def at_work(view: View) -> None:
    """Whether a scheduler is at work, and what to do when none is."""
    t, seen = view.t, schedule.seen_last()
    if seen is None:
        st.warning(t("schedule.nobody"), icon=":material/timer_off:")
        return
    minutes = schedule.minutes_ago(seen.seen_at)
    said = t("schedule.seen", at=view.fmt.moment(seen.seen_at), minutes=minutes, place=plain(seen.place))
    if minutes > SILENT_MINUTES:
        st.warning(f"{said} {t('schedule.start_one')}", icon=":material/timer_off:")
    else:
        st.caption(f":material/timer: {said}")


def rules(view: View) -> None:
    """Each rule with its next time, and buttons to pause, resume and remove it."""
    found = schedule.coming()
    st.header(view.t("schedule.rules"), anchor=False)
    if not found:
        empty(view, "no_rule")
    for record, occasion in found:
        _rule(view, record, occasion)


def _rule(view: View, record: RuleRecord, occasion: Occasion | None) -> None:
    t, book = view.t, schedule.rule_book()

    def button(action: str, icon: str, act: Callable[[int, str], None]) -> None:
        st.button(
            t(f"schedule.{action}"),
            icon=f":material/{icon}:",
            on_click=_changed,
            args=(view, act, record.id),
            key=f"{action}_{record.id}",
        )

    words = record.rule.words.in_(view.language)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
    ):
        with st.container(gap="xxsmall", width=_WORDS_WIDTH):
            st.markdown(f"**{plain(words[:1].upper() + words[1:])}**")
            st.caption(_coming(view, record, occasion))
        with st.container(horizontal=True, width="content"):
            if record.paused:
                button("resume", "play_circle", book.resume)
            else:
                button("pause", "pause_circle", book.pause)
            button("remove", "delete", book.remove)


def _changed(view: View, act: Callable[[int, str], None], number: int) -> None:
    refusal = schedule.change(act, number)
    if refusal is not None:
        leave_notice("error", refusal.in_(view.language))


def _coming(view: View, record: RuleRecord, occasion: Occasion | None) -> str:
    if record.paused:
        return view.t("schedule.paused")
    if isinstance(record.rule, OnApproval) or occasion is None:
        return view.t("schedule.next_approval")
    return view.t("schedule.next", at=view.fmt.moment_in(occasion.at, ZoneInfo(record.rule.zone)))


def new_rule(view: View) -> None:
    """The form for another rule; its fields are those of the kind that is chosen."""
    t = view.t
    with st.expander(t("schedule.new"), icon=":material/add:"):
        kind = st.segmented_control(
            t("schedule.kind"),
            KINDS,
            format_func=lambda code: t(f"schedule.kind_{code}"),
            default=KINDS[0],
            required=True,
            key="rule_kind",
        )
        with st.form("new_rule", border=False):
            make = _FIELDS[kind or KINDS[0]](view)
            if st.form_submit_button(t("schedule.add"), type="primary"):
                _added(view, make)


def _added(view: View, make: Callable[[], Rule]) -> None:
    refusal = schedule.add(make)
    if refusal is None:
        leave_notice("success", view.t("schedule.added"))
        st.rerun()
    st.error(plain(refusal.in_(view.language)), icon=":material/block:")


def _approval(view: View) -> Callable[[], Rule]:
    st.caption(view.t("schedule.approval_note"))
    return OnApproval


def _working_day(view: View) -> Callable[[], Rule]:
    t = view.t
    day = st.number_input(t("schedule.day"), 1, MOST_DAYS, 5, key="rule_day")
    at = st.time_input(t("schedule.at"), time(8), key="rule_at")
    zone = _zone(view)

    def make() -> Rule:
        if at is None:
            raise refuse("请填写时间。", "Say at what time.")
        return OnWorkingDay(day=day, at=at, zone=zone)

    return make


def _cron(view: View) -> Callable[[], Rule]:
    line = st.text_input(view.t("schedule.line"), _EXAMPLE, help=view.t("schedule.line_help"), key="rule_line")
    zone = _zone(view)
    return lambda: OnCron(line=line.strip(), zone=zone)


_FIELDS = {"approval": _approval, "working_day": _working_day, "cron": _cron}


def _zone(view: View) -> str:
    names = zone_names()
    here = zone_of_this_machine()
    chosen = st.selectbox(
        view.t("schedule.zone"),
        names,
        index=names.index(here) if here in names else 0,
        key="rule_zone",
        placeholder=view.t("site.choose"),
    )
    return str(chosen)


def last_runs(view: View) -> None:
    """What became of the runs that the rules led to, the newest first."""
    t, runs = view.t, schedule.last_runs()
    st.header(t("schedule.last"), anchor=False)
    if not runs:
        st.caption(t("schedule.no_runs"))
        return
    words = schedule.rule_book().all_rules()
    rows = [
        Row(
            str(run.id),
            {
                "due": TextCell(_due(view, run, words[run.rule_id]), note=words[run.rule_id].words.in_(view.language)),
                "state": StatusCell(_SIGN[run.state].value, t(f"task_state.{run.state.value}")),
                "snapshot": TextCell(NOTHING if run.snapshot_id is None else f"#{run.snapshot_id}"),
                "finished": TextCell(view.fmt.moment(run.finished_at) if run.finished_at else NOTHING),
                "outcome": TextCell(run.run_id[:12] or run.message, note=_tries(view, run)),
            },
        )
        for run in runs
    ]
    columns = [
        Column(name, t(f"schedule.column_{name}")) for name in ("due", "state", "snapshot", "finished", "outcome")
    ]
    show_table(Table(t("schedule.last"), columns, [RowGroup(rows)]), key="scheduled_runs")


def _due(view: View, run: ScheduledRun, rule: Rule) -> str:
    """When it was due, by the clocks that the rule goes by."""
    if isinstance(rule, OnApproval):
        return view.fmt.moment(run.due_at)
    return view.fmt.moment_in(run.due_at, ZoneInfo(rule.zone))


def _tries(view: View, run: ScheduledRun) -> str:
    if run.state is TaskState.WAITING and run.attempts:
        return view.t("schedule.again", count=run.attempts, at=view.fmt.moment(run.not_before))
    return view.t("schedule.failed_before", count=run.attempts) if run.attempts else ""
