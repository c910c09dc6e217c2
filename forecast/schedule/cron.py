"""Cron lines as cron reads them, on a wall clock that knows no summer time; the zone comes afterwards.

APScheduler's trigger does the search. It counts weekdays from Monday where cron counts from Sunday, and wants a day to
fit both the day of the month and the weekday where cron is content with either: both are put right here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

from kpi.errors import Refused, refuse

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_TICK = timedelta(microseconds=1)
Triggers = tuple[CronTrigger, ...]


def checked(line: str) -> str:
    """The line itself. Raises Refused when it cannot be understood or fits no day at all, such as 30 February."""
    if next_wall_time(line, datetime(2000, 1, 1)) is None:  # noqa: DTZ001  (a wall clock knows no zone)
        raise _unclear(line, "no day fits it")
    return line


def next_wall_time(line: str, wall: datetime) -> datetime | None:
    """The first time after ``wall`` (both naive) that fits the line; None when none ever will. Raises Refused."""
    start = wall.replace(tzinfo=UTC) + _TICK
    found = [trigger.get_next_fire_time(None, start) for trigger in triggers(line)]
    return min((time.replace(tzinfo=None) for time in found if time is not None), default=None)


@lru_cache(maxsize=256)
def triggers(line: str) -> Triggers:
    """One, or two where a line names days of the month and weekdays: either will do. Raises Refused."""
    fields = line.split()
    if len(fields) != 5:
        raise _unclear(line, "5 fields: minute hour day month weekday")
    minute, hour, day, month, weekday = fields
    try:
        weekday = _by_name(weekday)
        either = not day.startswith("*") and not weekday.startswith("*")
        pairs = [(day, "*"), ("*", weekday)] if either else [(day, weekday)]
        return tuple(
            CronTrigger(minute=minute, hour=hour, day=of_month, month=month, day_of_week=of_week, timezone=UTC)
            for of_month, of_week in pairs
        )
    except ValueError as problem:
        raise _unclear(line, str(problem)) from problem


def _by_name(field: str) -> str:
    """The weekdays of a cron field as names, which mean the same to everybody."""
    if field == "*":
        return field
    days = {day % 7 for part in field.lower().split(",") for day in _days(part)}
    return ",".join(_WEEKDAYS[day] for day in sorted(days))


def _days(part: str) -> Iterator[int]:
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    if span == "*":
        low, high = 0, 6
    else:
        low = _number(first)
        high = _number(last) or 7 if last else 6 if step else low  # a span may end on a Sunday, not begin a week there
    if high < low or (step and int(step) < 1):
        raise ValueError(f"weekday {part!r}")
    yield from range(low, high + 1, int(step or 1))


def _number(day: str) -> int:
    number = _WEEKDAYS.index(day) if day in _WEEKDAYS else int(day)
    if not 0 <= number <= 7:
        raise ValueError(f"weekday {day!r}")
    return number


def _unclear(line: str, why: str) -> Refused:
    return refuse(
        f"无法理解 cron 行 {line!r}({why})。应为五项：分 时 日 月 星期，例如 30 6 5 1,4,7,10 *。",
        f"the cron line {line!r} is not understood ({why}). It has five fields, minute hour day month weekday, such as "
        "30 6 5 1,4,7,10 *.",
    )
