"""``schedule``: run forecasts by rules, or look at the rules and change them."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from types import FrameType

from forecast.lock import Busy
from forecast.schedule.launch import RunProcess
from forecast.schedule.occasions import Days, Occasion, next_after
from forecast.schedule.records import Patience, RuleRecord, ScheduledRun, TaskState
from forecast.schedule.rule_book import RuleBook
from forecast.schedule.rules import OnApproval, OnCron, OnWorkingDay, Rule
from forecast.schedule.scheduler import Scheduler
from forecast.schedule.task_book import TaskBook
from forecast.schedule.wall_clock import zone_of_this_machine
from forecast.schedule.working_days import WorkingDays
from kpi.settings import Settings
from kpi.store import Store, open_store, utc_now
from kpi.text import Text

_SHOWN = 50
_PAUSED = Text(zh="已暂停", en="paused")
_BUSY = Text(zh="此处已有调度程序在工作。", en="another scheduler is at work here.")
_NO_RULE = Text(
    zh="还没有规则。可用 python -m forecast schedule add 或在页面上添加。",
    en="there is no rule yet. Add one with python -m forecast schedule add, or on the page.",
)
_SERVING = Text(zh="调度程序开始工作", en="the scheduler is at work")
_ENDED = Text(zh="调度程序结束", en="the scheduler ends")


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C; with ``--once`` do what is due and end; or one of the actions."""
    store = open_store(settings.store_url)
    match chosen.action:
        case None:
            return _work(store, chosen, settings)
        case "list":
            return _list(store, chosen, settings)
        case "add":
            record = RuleBook(store).add(_rule(chosen), settings.user)
            print(f"{record.id}  {record.rule.words.in_(settings.language)}")
        case _:
            change = getattr(RuleBook(store), chosen.action)
            change(chosen.rule, settings.user)
    return 0


def days_of(settings: Settings) -> Days:
    """Quarters and working days of the settings. Raises Refused when the file of working days cannot be used."""
    return Days(settings.calendar, WorkingDays.read(settings.working_days_file))


def _rule(chosen: argparse.Namespace) -> Rule:
    if chosen.approval:
        return OnApproval()
    zone = chosen.zone or zone_of_this_machine()
    if chosen.cron is not None:
        return OnCron(line=chosen.cron, zone=zone)
    return OnWorkingDay(day=chosen.working_day, at=chosen.at, zone=zone)


def _work(store: Store, chosen: argparse.Namespace, settings: Settings) -> int:
    patience = Patience(settings.schedule_attempts, timedelta(seconds=settings.schedule_retry_seconds))
    rules, tasks = RuleBook(store), TaskBook(store, patience)

    def say(what: Text) -> None:
        print(f"{utc_now().isoformat(timespec='seconds')}  {what.in_(settings.language)}", file=sys.stderr, flush=True)

    if not rules.rules():
        say(_NO_RULE)
    with _stopped_by_signal() as stop:
        launch = RunProcess(settings.data_dir / "runs")
        worker = Scheduler(rules, tasks, lambda: days_of(settings), launch, settings.data_dir, say, stop)
        if chosen.once:
            return _once(worker, chosen)
        say(_SERVING)
        worker.serve()
        say(_ENDED)
    return 0


def _once(worker: Scheduler, chosen: argparse.Namespace) -> int:
    done: list[ScheduledRun] = []
    try:
        done.extend(worker.look())
    except Busy:
        worker.say(_BUSY)
    if chosen.json:
        print(json.dumps([task.model_dump(mode="json") for task in done], ensure_ascii=False))
    states = set({task.id: task.state for task in done}.values())  # the last of each
    if states & {TaskState.FAILED, TaskState.WAITING}:
        return 1
    return 2 if TaskState.REFUSED in states else 0


def _list(store: Store, chosen: argparse.Namespace, settings: Settings) -> int:
    now, days = utc_now(), days_of(settings)
    records, tasks = RuleBook(store).rules(), TaskBook(store, Patience())
    following = {each.id: None if each.paused else next_after(each.rule, now, days) for each in records}
    if chosen.json:
        rules = [_document(record, following[record.id]) for record in records]
        runs = [task.model_dump(mode="json") for task in reversed(tasks.runs(_SHOWN))]
        seen = [each.model_dump(mode="json") for each in tasks.seen()]
        print(json.dumps({"rules": rules, "runs": runs, "schedulers": seen}, ensure_ascii=False))
        return 0
    if not records:
        print(_NO_RULE.in_(settings.language), file=sys.stderr)
    for record in records:
        occasion = following[record.id]
        coming = occasion.at.isoformat(timespec="minutes") if occasion else "-"
        coming = _PAUSED.in_(settings.language) if record.paused else coming
        print(f"{record.id:>3}  {coming:<22}  {record.rule.words.in_(settings.language)}")
    return 0


def _document(record: RuleRecord, following: Occasion | None) -> dict[str, object]:
    return record.model_dump(mode="json") | {"next": following.at.isoformat() if following else None}


@contextmanager
def _stopped_by_signal() -> Iterator[Event]:
    """Inside, SIGINT and SIGTERM set the event."""
    stop = Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
