from decimal import Decimal
from typing import Any

import pytest

from kpi.facts import Scenario, content_hash
from kpi.periods import Period
from kpi.store import Store
from kpi.store.records import UploadState
from tests.kpi.store.builders import approve, check, fact, key, values

EXACT = (
    "0",
    "-0.00",
    "0.1",
    "-1234567890.12345678901234567890",
    "1E-40",
    "-7E-30",
    "123456789012345678901234567890123456789012345678901234567890.5",
    "9E+45",
    "100.000",
)


def test_an_approval_makes_the_next_snapshot_in_a_chain(store: Store) -> None:
    first = approve(store, fact(key(), 1))
    second = approve(store, fact(key(period="2026Q4"), 2))

    assert [(snap.id, snap.parent_id) for snap in (first, second)] == [(1, None), (2, 1)]
    assert store.snapshots() == [first, second]
    assert store.latest_snapshot() == second
    assert store.snapshot(1) == first
    assert (second.fact_count, second.created_by, second.reason) == (2, "wang", "quarter end")
    upload = store.upload(second.upload_id)
    assert (upload.state, upload.snapshot_id, upload.decided_by) == (UploadState.APPROVED, 2, "wang")


def test_a_new_value_supersedes_the_old_one_only_from_its_snapshot_on(store: Store) -> None:
    approve(store, fact(key(), 1, "B2"), fact(key(unit="shanghai"), 5, "B3"))
    approve(store, fact(key(), 2, "C2", b"second"), book=b"second")
    approve(store, fact(key(), 3, "D2", b"third"), book=b"third")

    assert [values(store, number)[key()] for number in (1, 2, 3)] == [1, 2, 3]
    assert [values(store, number)[key(unit="shanghai")] for number in (1, 2, 3)] == [5, 5, 5]
    assert [[found.origin.cell for found in store.snapshot_facts(number)] for number in (1, 2, 3)] == [
        ["B2", "B3"],
        ["B3", "C2"],
        ["B3", "D2"],
    ]


def test_an_equal_value_stays_with_its_first_origin_and_still_makes_a_snapshot(store: Store) -> None:
    first = approve(store, fact(key(), "1.0", "B2"))

    second = approve(store, fact(key(), "1", "Z9", b"second"), book=b"second")

    assert second.id == 2
    assert second.content_hash == first.content_hash
    assert store.snapshot_facts(2) == store.snapshot_facts(1)


def test_a_value_may_return_to_what_it_was(store: Store) -> None:
    for value in (1, 2, 1):
        approve(store, fact(key(), value))

    assert [values(store, number)[key()] for number in (1, 2, 3)] == [1, 2, 1]
    assert store.snapshot(3).content_hash == store.snapshot(1).content_hash != store.snapshot(2).content_hash


def test_facts_keep_their_cells_of_origin(store: Store) -> None:
    facts = [fact(key(period=f"2026Q{quarter}"), quarter, f"B{quarter}") for quarter in (3, 1, 2)]

    snapshot = approve(store, *facts)

    assert store.snapshot_facts(snapshot.id) == facts
    assert store.snapshot_facts(snapshot.id)[0].origin.conversions == ("万元 -> 元", "year-to-date -> quarter")


@pytest.mark.parametrize("digits", EXACT)
def test_decimals_come_back_exactly(store: Store, digits: str) -> None:
    snapshot = approve(store, fact(key(), digits))

    ((_, _, _, _, value),) = store.snapshot_rows(snapshot.id)
    assert value == Decimal(digits)
    assert value.as_tuple() == store.snapshot_facts(snapshot.id)[0].value.as_tuple()


def test_numbers_that_differ_in_the_last_of_many_digits_are_different(store: Store) -> None:
    long = "0." + "0" * 38
    first = approve(store, fact(key(), long + "1"))

    second = approve(store, fact(key(), long + "2"))

    assert values(store, second.id)[key()] != values(store, first.id)[key()]
    assert first.content_hash != second.content_hash


def test_the_content_hash_is_that_of_the_facts_whatever_the_order_and_the_way(store: Store) -> None:
    facts = [fact(key(unit=unit, scenario=scenario), 7) for unit in ("b", "a") for scenario in ("plan", "actual")]
    forth = approve(store, *facts[:2])
    forth = approve(store, *facts[2:])

    back = approve(store, *reversed(facts))

    assert forth.content_hash == back.content_hash == content_hash(facts)
    assert content_hash(store.snapshot_facts(back.id)) == back.content_hash


def test_the_quick_rows_say_the_same_as_the_facts(store: Store) -> None:
    snapshot = approve(store, fact(key(period="2026"), 1), fact(key(scenario="restated"), 2), fact(key("agents"), 3))

    rows = store.snapshot_rows(snapshot.id)

    assert rows == [
        ("claims", "beijing", Period.parse("2026"), Scenario.ACTUAL, Decimal(1)),
        ("claims", "beijing", Period.parse("2026Q3"), Scenario.RESTATED, Decimal(2)),
        ("agents", "beijing", Period.parse("2026Q3"), Scenario.ACTUAL, Decimal(3)),
    ]
    assert rows == [
        (f.key.measure, f.key.org_unit, f.key.period, f.key.scenario, f.value)
        for f in store.snapshot_facts(snapshot.id)
    ]


def test_facts_can_be_asked_for_by_measure_org_unit_and_period(store: Store) -> None:
    about = [key(measure, unit) for measure in ("claims", "agents") for unit in ("beijing", "shanghai")]
    snapshot = approve(store, *(fact(each, 1) for each in (*about, key("agents", period="2026"))))

    def found(**only: Any) -> list[str]:
        facts = store.snapshot_facts(snapshot.id, **only)
        return [f"{f.key.measure} {f.key.org_unit} {f.key.period}" for f in facts]

    assert found(measures=["agents"], periods=[Period(2026)]) == ["agents beijing 2026"]
    assert found(measures=["agents"], org_units=["beijing"]) == ["agents beijing 2026Q3", "agents beijing 2026"]
    assert found(org_units=["shanghai"]) == ["claims shanghai 2026Q3", "agents shanghai 2026Q3"]
    assert found(org_units=[]) == found(periods=[]) == []


def test_the_difference_names_what_is_new_and_what_changes_with_its_cell(store: Store) -> None:
    approve(store, fact(key(), 1), fact(key(unit="shanghai"), 5))
    new, changed, same = (
        fact(key(period="2026Q4"), 9, "B4"),
        fact(key(), "1.5", "B2"),
        fact(key(unit="shanghai"), 5, "B3"),
    )

    upload = check(store, new, changed, same)

    difference = store.difference(upload.id)
    (added,), (altered,) = difference.new, difference.changed
    assert (added.key, added.old, added.new, added.cell) == (new.key, None, Decimal(9), "季度 数据!B4")
    assert (altered.key, altered.old, altered.new) == (changed.key, Decimal(1), Decimal("1.5"))
    assert altered.cell == "季度 数据!B2"
    assert difference.counts == {"new": 1, "changed": 1, "unchanged": 1, "missing": 0}


def test_the_difference_of_an_approved_upload_stays_what_it_was_when_it_was_approved(store: Store) -> None:
    first = check(store, fact(key(), 1))
    second = check(store, fact(key(), 2))
    waiting = store.difference(second.id)
    store.approve(first.id, "wang", "")
    before = store.difference(second.id)
    store.approve(second.id, "wang", "")
    approve(store, fact(key(), 3))

    assert [change.old for change in waiting.new] == [None]
    assert store.difference(second.id) == before
    assert [change.old for change in store.difference(second.id).changed] == [Decimal(1)]
    assert [change.old for change in store.difference(first.id).new] == [None]
