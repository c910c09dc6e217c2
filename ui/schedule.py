"""The schedule as the page needs it, and what its buttons do."""

from collections.abc import Callable
from datetime import datetime

from forecast.schedule.occasions import Days, Occasion, next_after
from forecast.schedule.records import Patience, RuleRecord, ScheduledRun, SchedulerSeen
from forecast.schedule.rule_book import RuleBook
from forecast.schedule.rules import Rule
from forecast.schedule.task_book import TaskBook
from forecast.schedule.working_days import WorkingDays
from kpi.errors import Refused
from kpi.store import utc_now
from ui import data

RUNS_SHOWN = 50


def rule_book() -> RuleBook:
    """The rules of the store."""
    return RuleBook(data.store())


def coming() -> list[tuple[RuleRecord, Occasion | None]]:
    """The rules in force with their next occasions; None for one that is paused or waits for an approval.

    Raises Refused when the file of working days cannot be used.
    """
    settings = data.settings()
    days, now = Days(settings.calendar, WorkingDays.read(settings.working_days_file)), utc_now()
    return [(record, None if record.paused else next_after(record.rule, now, days)) for record in rule_book().rules()]


def last_runs() -> list[ScheduledRun]:
    """The newest first."""
    return TaskBook(data.store(), Patience()).runs(RUNS_SHOWN)


def seen_last() -> SchedulerSeen | None:
    """The scheduler that was at work last; None when none ever was."""
    return next(iter(TaskBook(data.store(), Patience()).seen()), None)


def minutes_ago(at: datetime) -> int:
    """Whole minutes since ``at``; none for a time to come, which another machine's clock may say."""
    return max(0, int((utc_now() - at).total_seconds() // 60))


def change(act: Callable[[int, str], None], number: int) -> Refused | None:
    """Pause, resume or remove a rule; or why that was refused."""
    try:
        act(number, data.settings().user)
    except Refused as refusal:
        return refusal
    return None


def add(make: Callable[[], Rule]) -> Refused | None:
    """Add the rule that ``make`` makes of what somebody entered; or why that was refused."""
    try:
        rule_book().add(make(), data.settings().user)
    except Refused as refusal:
        return refusal
    return None
