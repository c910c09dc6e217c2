"""What is due: pure functions of a rule, what it has led to already, and now."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from forecast.schedule.cron import next_wall_time
from forecast.schedule.rules import OnApproval, OnCron, OnWorkingDay, Rule
from forecast.schedule.wall_clock import moment_of, wall_at, zone_named
from forecast.schedule.working_days import WorkingDays
from kpi.periods import FiscalCalendar

_FIRST_WINDOW = timedelta(hours=1)
_GROWTH = 4


@dataclass(frozen=True)
class Days:
    """The company's quarters and working days."""

    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    working: WorkingDays = field(default_factory=WorkingDays)


@dataclass(frozen=True)
class Occasion:
    """A moment (UTC) at which a rule asks for a run. Of one rule, ``key`` names an occasion for good."""

    key: str
    at: datetime


@dataclass(frozen=True)
class Newest:
    """The newest approved snapshot."""

    id: int
    approved_at: datetime


def next_after(rule: Rule, moment: datetime, days: Days) -> Occasion | None:
    """The first occasion later than ``moment``; None when there is none or nobody can know."""
    match rule:
        case OnWorkingDay():
            return _next_working_day(rule, moment, days)
        case OnCron():
            at = _next_by_cron(rule, moment)
            return None if at is None else Occasion(at.isoformat(), at)
    return None


def due(rule: Rule, after: datetime, seen: int, now: datetime, newest: Newest | None, days: Days) -> Occasion | None:
    """The last occasion later than ``after`` (or of a snapshot later than number ``seen``) and not later than ``now``.

    Earlier ones in between are passed over: what was missed is caught up once.
    """
    if isinstance(rule, OnApproval):
        if newest is None or newest.id <= seen:
            return None
        return Occasion(f"snapshot {newest.id}", newest.approved_at)
    span = _FIRST_WINDOW
    while True:
        # Backwards in growing windows: a rule of every minute is not followed through a year of standstill.
        start = max(after, now - span) if now - after > span else after
        found = deque(_between(rule, start, now, days), maxlen=1)
        if found or start == after:
            return found[0] if found else None
        span *= _GROWTH


def _between(rule: Rule, start: datetime, end: datetime, days: Days) -> Iterator[Occasion]:
    occasion = next_after(rule, start, days)
    while occasion is not None and occasion.at <= end:
        yield occasion
        occasion = next_after(rule, occasion.at, days)


def _next_by_cron(rule: OnCron, moment: datetime) -> datetime | None:
    zone = zone_named(rule.zone)
    wall: datetime | None = wall_at(moment, zone)
    while wall is not None:
        wall = next_wall_time(rule.line, wall)
        # While a clock shows an hour again, times of that hour lie in the past: they had their turn.
        if wall is not None and (at := moment_of(wall, zone)) > moment:
            return at.astimezone(UTC)
    return None


def _next_working_day(rule: OnWorkingDay, moment: datetime, days: Days) -> Occasion:
    zone = zone_named(rule.zone)
    # Two quarters back: holidays may push an occasion far into the quarter that follows.
    first = days.calendar.period_of(wall_at(moment, zone).date()).shift(-2)
    for step in count():
        quarter = first.shift(step)
        day = days.working.nth_after(days.calendar.end(quarter), rule.day)
        at = moment_of(datetime.combine(day, rule.at), zone)
        if at > moment:
            return Occasion(str(quarter), at)
    raise AssertionError("quarters never end")
