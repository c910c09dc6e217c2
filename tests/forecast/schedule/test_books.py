"""What the store promises of the schedule, in both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time

import pytest

from forecast.schedule.records import Attempt, ScheduledRun, TaskState
from forecast.schedule.rules import OnApproval, OnCron, OnWorkingDay, Rule
from kpi.errors import Refused
from tests.forecast.schedule.clocks import DAYS, HOURLY, NOON, Office, approved


def due(office: Office) -> list[str]:
    return [task.occasion for task in office.tasks.note_due(DAYS)]


def take(office: Office, owner: str = "li", place: str = "here") -> ScheduledRun:
    task = office.tasks.take(owner, place)
    assert task is not None
    return task


def finish(office: Office, code: int = 0) -> ScheduledRun:
    after = office.tasks.conclude(take(office), Attempt(code, message="no"))
    assert after is not None
    return after


# Rules


def test_rules_come_back_as_they_were_given(office: Office) -> None:
    given: list[Rule] = [OnApproval(), OnWorkingDay(day=5, at=time(6, 30), zone="Asia/Shanghai"), HOURLY]
    for rule in given:
        office.rules.add(rule, "li")
    assert [record.rule for record in office.rules.rules()] == given
    assert [entry.action for entry in office.store.audit_entries()] == ["schedule.rule_added"] * 3


def test_the_same_rule_twice_is_refused(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    with pytest.raises(Refused, match="rule 1 says this already"):
        office.rules.add(HOURLY, "wang")


def test_a_rule_that_is_not_there_is_refused(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.rules.remove(1, "li")
    with pytest.raises(Refused, match="there is no rule 1"):
        office.rules.pause(1, "li")
    assert office.rules.rules() == []
    assert office.rules.all_rules() == {1: HOURLY}


def test_what_falls_into_a_pause_is_not_caught_up(office: Office) -> None:
    rule = office.rules.add(HOURLY, "li")
    office.rules.add(OnApproval(), "li")
    for number in (1, 2):
        office.rules.pause(number, "li")
    office.clock.on(hours=3)
    approved(office.store)
    assert due(office) == []
    for number in (1, 2):
        office.rules.resume(number, "li")
    assert due(office) == []
    office.clock.on(hours=1)
    assert due(office) == ["2026-11-26T16:00:00+00:00"]
    assert office.rules.rules()[0].since > rule.since


def test_a_run_that_waits_is_dropped_with_its_rule_and_one_that_has_begun_is_not(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.rules.add(OnApproval(), "li")
    approved(office.store)
    office.clock.on(hours=1)
    assert len(due(office)) == 2
    begun = take(office)
    office.rules.pause(1, "li")
    office.rules.remove(2, "li")
    assert [task.state for task in office.tasks.runs(9)] == [TaskState.DROPPED, TaskState.RUNNING]
    assert office.tasks.conclude(begun, Attempt(0, "a" * 64))


# What is due


def test_an_occasion_is_noted_once_with_the_snapshot_that_is_newest_then(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    number = approved(office.store)
    assert due(office) == []
    office.clock.on(hours=1)
    (task,) = office.tasks.note_due(DAYS)
    assert (task.snapshot_id, task.due_at, task.state) == (number, NOON.replace(hour=13), TaskState.WAITING)
    assert due(office) == []


def test_missed_occasions_are_one_run(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.clock.on(days=3, minutes=5)
    assert due(office) == ["2026-11-29T12:00:00+00:00"]


def test_occasions_that_pass_while_a_run_goes_on_are_one_run_afterwards(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.clock.on(hours=1)
    due(office)
    office.clock.on(hours=4)
    assert due(office) == []
    finish(office)
    assert due(office) == ["2026-11-26T17:00:00+00:00"]


def test_only_snapshots_approved_after_the_rule_concern_it_and_of_several_the_newest(office: Office) -> None:
    approved(office.store, 1)
    office.rules.add(OnApproval(), "li")
    assert due(office) == []
    approved(office.store, 2)
    approved(office.store, 3)
    assert due(office) == ["snapshot 3"]
    finish(office)
    assert due(office) == []


@pytest.mark.parametrize("ahead", [{"minutes": 90}, {"days": 400}])
def test_a_clock_that_was_fast_for_a_while_costs_no_occasion_and_doubles_none(
    office: Office, ahead: dict[str, float]
) -> None:
    office.rules.add(HOURLY, "li")
    seen = []
    office.clock.on(**ahead)
    seen += due(office)
    finish(office)
    office.clock.on(**{unit: -by for unit, by in ahead.items()})
    for _ in range(30):
        office.clock.on(minutes=10)
        for occasion in due(office):
            seen.append(occasion)
            finish(office)
    hours = [f"2026-11-26T{hour}:00:00+00:00" for hour in range(13, 18)]
    assert sorted(set(seen) & set(hours)) == hours
    assert len(seen) == len(set(seen))


def test_a_rule_that_was_given_by_a_fast_clock_counts_as_soon_as_the_clock_is_right(office: Office) -> None:
    office.clock.on(days=365)
    office.rules.add(HOURLY, "li")
    office.clock.on(days=-365)
    assert due(office) == []
    office.clock.on(hours=1)
    assert due(office) == ["2026-11-26T13:00:00+00:00"]


# Who does it


def waiting(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.clock.on(hours=1)
    office.tasks.note_due(DAYS)


def test_a_run_has_one_owner(office: Office) -> None:
    waiting(office)
    task = take(office)
    assert office.tasks.take("wang", "elsewhere") is None
    assert office.tasks.renew(task)
    assert office.tasks.conclude(task.model_copy(update={"owner": "wang"}), Attempt(0)) is None
    assert office.tasks.conclude(task, Attempt(0, "a" * 64)) is not None
    assert not office.tasks.renew(task)


def test_of_many_who_note_and_take_at_the_same_moment_one_gets_it(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.clock.on(hours=1)
    with ThreadPoolExecutor(8) as pool:
        noted = list(pool.map(lambda _: office.tasks.note_due(DAYS), range(8)))
        taken = list(pool.map(lambda number: office.tasks.take(f"owner {number}", f"place {number}"), range(8)))
    assert sum(map(len, noted)) == 1
    assert sum(task is not None for task in taken) == 1
    assert office.store.check_audit() is None


def test_a_run_left_behind_is_taken_at_once_where_its_owner_was_and_elsewhere_when_his_lease_ends(
    office: Office,
) -> None:
    waiting(office)
    left = take(office)
    office.clock.on(seconds=59)
    assert office.tasks.take("wang", "elsewhere") is None
    office.clock.on(seconds=2)
    assert take(office, "wang", "elsewhere").owner == "wang"
    assert office.tasks.conclude(left, Attempt(0)) is None
    again = take(office, "zhao", "elsewhere")
    assert (again.owner, again.attempts, again.snapshot_id) == ("zhao", 0, left.snapshot_id)
    assert "left behind by its scheduler" in office.store.audit_entries()[-1].detail


def test_a_lease_that_a_fast_clock_gave_holds_nobody_up(office: Office) -> None:
    waiting(office)
    office.clock.on(days=365)
    take(office)
    office.clock.on(days=-365)
    assert take(office, "wang", "elsewhere").owner == "wang"


def test_a_crash_is_tried_again_with_growing_waits_up_to_the_limit(office: Office) -> None:
    waiting(office)
    for minutes in (1, 2):
        after = finish(office, code=1)
        assert (after.state, after.message) == (TaskState.WAITING, "no")
        office.clock.on(minutes=minutes, seconds=-1)
        assert office.tasks.take("li", "here") is None
        office.clock.on(seconds=1)
    after = finish(office, code=-9)
    assert (after.state, after.attempts) == (TaskState.FAILED, 3)
    assert office.tasks.take("li", "here") is None


def test_a_wait_that_a_fast_clock_set_holds_nobody_up(office: Office) -> None:
    waiting(office)
    office.clock.on(days=365)
    finish(office, code=1)
    office.clock.on(days=-365)
    assert take(office)


@pytest.mark.parametrize("code", [2, 3])
def test_what_was_refused_is_not_tried_again(office: Office, code: int) -> None:
    waiting(office)
    assert finish(office, code).state is TaskState.REFUSED
    office.clock.on(minutes=30)
    assert office.tasks.take("li", "here") is None


def test_what_is_put_back_waits_for_the_next_scheduler_and_no_attempt_is_counted(office: Office) -> None:
    waiting(office)
    office.tasks.put_back(take(office))
    task = take(office, "wang", "elsewhere")
    assert (task.owner, task.attempts) == ("wang", 0)


def test_schedulers_are_seen_the_last_first(office: Office) -> None:
    for place in ("a", "b", "a"):
        office.clock.on(seconds=5)
        office.tasks.note_seen(place)
    assert [each.place for each in office.tasks.seen()] == ["a", "b"]
    assert office.tasks.seen()[0].seen_at == datetime(2026, 11, 26, 12, 0, 15, tzinfo=UTC)


def test_rules_read_the_same_in_both_languages(office: Office) -> None:
    rule = OnCron(line="0 6 5 * *", zone="Asia/Shanghai")
    assert office.rules.add(rule, "li").rule.words.zh == "cron 0 6 5 * *(Asia/Shanghai)"
    assert OnWorkingDay(day=3, at=time(8), zone="Europe/Berlin").words.en == (
        "working day 3 after the end of a quarter, at 08:00 (Europe/Berlin)"
    )
