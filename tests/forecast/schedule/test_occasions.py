"""Every occasion comes once: in zones that put their clocks forward and back, and however long nobody looked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.schedule.cron import next_wall_time
from forecast.schedule.occasions import Days, Newest, due, next_after
from forecast.schedule.rules import OnApproval, OnCron, OnWorkingDay, Rule
from forecast.schedule.wall_clock import wall_at, zone_named
from forecast.schedule.working_days import WorkingDays
from kpi.errors import Refused
from kpi.periods import FiscalCalendar, Period, quarter_range

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
START = datetime(2024, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAYS = Days()
NIGHTLY = st.tuples(st.sampled_from([0, 15, 30, 59]), st.integers(0, 4)).map(lambda at: f"{at[0]} {at[1]} * * *")
LINES = NIGHTLY | st.sampled_from(["*/20 * * * *", "0 * * * *", "0 */2 * * *", "45 1,2 * * 0"])
TIMED: st.SearchStrategy[Rule] = st.builds(OnCron, line=LINES, zone=st.sampled_from(ZONES)) | st.builds(
    OnWorkingDay, day=st.integers(1, 20), at=st.sampled_from([time(2, 30), time(8)]), zone=st.sampled_from(ZONES)
)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def after(text: str, line: str) -> str:
    found = next_wall_time(line, wall(text))
    assert found is not None
    return found.isoformat(sep=" ", timespec="minutes")


# Cron lines


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("30 6 5 1,4,7,10 *", "2027-01-05 06:30"),
        ("0 9 * * 0", "2026-11-29 09:00"),  # a Sunday, as cron counts
        ("0 9 * * 7", "2026-11-29 09:00"),
        ("0 9 * * 1-5", "2026-11-27 09:00"),
        ("0 9 * * sat-sun", "2026-11-28 09:00"),
        ("0 9 * * MON", "2026-11-30 09:00"),
        ("0 9 * * 1-5/2", "2026-11-27 09:00"),
        ("0 9 1 * fri", "2026-11-27 09:00"),  # either will do where both are named
        ("0 9 1 * 3", "2026-12-01 09:00"),
        ("0 9 29 2 *", "2028-02-29 09:00"),
        ("* * * * *", "2026-11-26 12:01"),
    ],
)
def test_a_line_means_what_cron_means_by_it(line: str, following: str) -> None:
    """2026-11-26 is a Thursday."""
    assert after("2026-11-26 12:00", line) == following


@pytest.mark.parametrize("line", ["", "0 9 * *", "@daily", "0 25 * * *", "0 9 * * 8", "0 9 * * x", "0 0 30 2 *"])
def test_a_line_that_means_nothing_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="is not understood") as refusal:
        OnCron(line=line, zone="Asia/Shanghai")
    assert "无法理解 cron 行" in refusal.value.message.zh


# Clocks that are put forward and back


def watched(rule: OnCron, start: datetime, end: datetime) -> list[datetime]:
    """Somebody sits before a clock and calls once whenever a time of the line comes, or is jumped over."""
    zone = zone_named(rule.zone)
    called, now = [], start
    wanted = next_wall_time(rule.line, wall_at(start, zone))
    while (now := now + MINUTE) <= end:
        shown = wall_at(now, zone)
        if wanted is not None and wanted <= shown:
            called.append(now)
            wanted = next_wall_time(rule.line, shown)
    return called


def changes(zone: str) -> Iterator[datetime]:
    """The hours in which the clocks of a zone change, over three years."""
    hours = [START + timedelta(hours=step) for step in range(3 * 8766)]
    for first, second in pairwise(hours):
        if first.astimezone(zone_named(zone)).utcoffset() != second.astimezone(zone_named(zone)).utcoffset():
            yield first


CHANGES = {zone: tuple(changes(zone)) for zone in ZONES}


def chain(rule: Rule, start: datetime, end: datetime) -> list[datetime]:
    found, occasion = [], next_after(rule, start, DAYS)
    while occasion is not None and occasion.at <= end:
        found.append(occasion.at)
        occasion = next_after(rule, occasion.at, DAYS)
    return found


@given(st.data(), LINES, st.sampled_from(ZONES))
def test_around_a_change_of_clocks_each_time_comes_once_as_somebody_with_a_clock_would_call_it(
    data: st.DataObject, line: str, zone: str
) -> None:
    change = data.draw(st.sampled_from(CHANGES[zone] or (START,)))
    start, end = change - timedelta(hours=30), change + timedelta(hours=30)
    rule = OnCron(line=line, zone=zone)
    assert chain(rule, start, end) == watched(rule, start, end)


def test_the_zones_change_their_clocks_twice_a_year_but_for_shanghai() -> None:
    assert {zone: len(found) for zone, found in CHANGES.items()} == dict.fromkeys(ZONES, 6) | {"Asia/Shanghai": 0}


@pytest.mark.parametrize("zone", ZONES)
def test_a_nightly_run_comes_once_for_every_date_of_ten_years(zone: str) -> None:
    found = chain(OnCron(line="30 2 * * *", zone=zone), START, START + timedelta(days=3653))
    dates = [wall_at(at, zone_named(zone)).date() for at in found]
    assert all(second - first == timedelta(days=1) for first, second in pairwise(dates))
    assert len(dates) == 3653


# Working days


def test_the_working_day_counts_from_the_end_of_the_fiscal_quarter() -> None:
    rule = OnWorkingDay(day=5, at=time(6, 30), zone="Asia/Shanghai")
    march = Days(FiscalCalendar(first_month=3))
    holidays = Days(working=WorkingDays(off=frozenset({date(2026, 4, 6)}), work=frozenset({date(2026, 4, 4)})))
    start = datetime(2026, 3, 2, tzinfo=UTC)
    found = [next_after(rule, start, days) for days in (DAYS, march, holidays)]
    assert [(each.key, f"{each.at:%m-%d %H:%M}") for each in found if each] == [
        ("2026Q1", "04-06 22:30"),
        ("2025Q4", "03-05 22:30"),
        ("2026Q1", "04-06 22:30"),
    ]


@given(st.integers(1, 40), st.sampled_from(ZONES))
def test_every_quarter_of_six_years_has_its_occasion(day: int, zone: str) -> None:
    rule = OnWorkingDay(day=day, at=time(2, 30), zone=zone)
    moment, keys = datetime(2024, 3, 31, tzinfo=UTC), []
    for _ in range(24):
        occasion = next_after(rule, moment, DAYS)
        assert occasion is not None
        keys.append(occasion.key)
        moment = occasion.at
    assert keys == [str(quarter) for quarter in quarter_range(Period.parse("2024Q1"), Period.parse("2029Q4"))]


# What is due


@given(TIMED, st.lists(st.integers(1, 60 * 24 * 200), min_size=1, max_size=30))
def test_however_long_nobody_looks_the_last_occasion_is_due_once(rule: Rule, sleeps: list[int]) -> None:
    now, last, fired = START, START, []
    for minutes in sleeps:
        slept_from, now = now, now + minutes * MINUTE
        found = due(rule, last, 0, now, None, DAYS)
        following = next_after(rule, found.at if found else slept_from, DAYS)
        assert following is None or following.at > now, "nothing that is due was left"
        if found is not None:
            assert slept_from < found.at <= now
            fired.append(found.key)
            last = found.at
        assert due(rule, last, 0, now, None, DAYS) is None
    assert len(fired) == len(set(fired))


def test_a_standstill_of_years_is_one_run_of_a_rule_of_every_minute() -> None:
    found = due(OnCron(line="* * * * *", zone="Asia/Shanghai"), START, 0, datetime(2034, 1, 1, tzinfo=UTC), None, DAYS)
    assert found is not None
    assert found.at == datetime(2034, 1, 1, tzinfo=UTC)


def test_an_approval_is_due_until_its_snapshot_has_been_seen() -> None:
    newest = Newest(7, START)
    found = due(OnApproval(), START, 6, START, newest, DAYS)
    assert found is not None
    assert found.key == "snapshot 7"
    assert due(OnApproval(), START, 7, START, newest, DAYS) is None
    assert due(OnApproval(), START, 0, START, None, DAYS) is None
    assert next_after(OnApproval(), START, DAYS) is None


@pytest.mark.parametrize("day", [0, 41])
def test_a_working_day_that_no_quarter_has_is_refused(day: int) -> None:
    with pytest.raises(Refused, match="use 1 to 40"):
        OnWorkingDay(day=day, at=time(8), zone="Asia/Shanghai")
