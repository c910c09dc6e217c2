from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.schedule.wall_clock import moment_of, wall_at, zone_named, zone_names, zone_of_this_machine
from forecast.schedule.working_days import WorkingDays
from kpi.errors import Refused

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
wall_times = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        ("Asia/Shanghai", "2026-10-12 06:30", "2026-10-11 22:30"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),  # skipped: the first moment after the gap
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # shown twice: at the first showing
        ("America/New_York", "2026-03-08 02:00", "2026-03-08 07:00"),
        ("America/New_York", "2026-11-01 01:59", "2026-11-01 05:59"),
        ("Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03 15:30"),  # a gap of half an hour
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00"),  # a day that never was
    ],
)
def test_skipped_times_count_after_the_gap_and_repeated_ones_at_their_first_showing(
    zone: str, wall: str, moment: str
) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert moment_of(datetime.fromisoformat(wall), zone_named(zone)) == expected


@given(st.sampled_from(ZONES), st.lists(wall_times, min_size=2).map(sorted))
def test_a_later_wall_time_never_comes_earlier(zone: str, walls: list[datetime]) -> None:
    moments = [moment_of(wall, zone_named(zone)) for wall in walls]
    assert all(first <= second for first, second in pairwise(moments))


@given(st.sampled_from(ZONES), wall_times)
def test_the_clock_shows_the_time_at_its_moment_unless_it_skipped_it(zone: str, wall: datetime) -> None:
    moment = moment_of(wall, zone_named(zone))
    shown = wall_at(moment, zone_named(zone))
    assert shown == wall or wall_at(moment - timedelta(seconds=1), zone_named(zone)) < wall < shown


def test_an_unknown_zone_is_refused_and_the_one_of_this_machine_is_known() -> None:
    with pytest.raises(Refused, match="there is no time zone 'Mars/Olympus'"):
        zone_named("Mars/Olympus")
    assert zone_of_this_machine() in zone_names()


NATIONAL_WEEK = """# from the notice of the authorities
2026-10-01 off National Day
2026-10-02 off
2026-10-05 OFF
2026-10-06 off
2026-10-07 off

2026-10-10 work make-up day, a Saturday
"""


def test_without_a_file_working_days_are_monday_to_friday() -> None:
    assert WorkingDays.read(None).nth_after(date(2026, 9, 30), 3) == date(2026, 10, 5)


@pytest.mark.parametrize(("count", "day"), [(1, 8), (2, 9), (3, 10), (4, 12)])
def test_holidays_are_left_out_and_make_up_days_counted(tmp_path: Path, count: int, day: int) -> None:
    file = tmp_path / "days.txt"
    file.write_text(NATIONAL_WEEK, encoding="utf-8")
    assert WorkingDays.read(file).nth_after(date(2026, 9, 30), count) == date(2026, 10, day)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-13-01 off", "days.txt:2: '2026-13-01 off' is not understood"),
        ("2026-10-01", "'2026-10-01' is not understood"),
        ("2026-10-01 holiday", "Write a date and off or work on each line"),
        ("2026-01-01 work", "2026-01-01 is both off and work"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "days.txt"
    file.write_text(f"2026-01-01 off\n{line}\n", encoding="utf-8")
    with pytest.raises(Refused, match=said):
        WorkingDays.read(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="SCORECAST_WORKING_DAYS_FILE"):
        WorkingDays.read(tmp_path / "none.txt")
