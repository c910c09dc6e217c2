"""What a workbook no longer says, told before it is approved."""

from decimal import Decimal

import pytest

from kpi.facts import Fact
from kpi.store import Store
from kpi.store.differences import Coverage
from kpi.store.records import FactChange
from tests.kpi.store.builders import approve, check, fact, key, values


def on(sheet: str, measure: str, unit: str, period: str, scenario: str = "actual") -> Fact:
    made = fact(key(measure, unit, period, scenario), 1)
    return made.model_copy(update={"origin": made.origin.model_copy(update={"sheet": sheet})})


def missing(store: Store, *facts: Fact) -> list[str]:
    return [str(line.key) for line in store.difference(check(store, *facts).id).missing]


def test_a_cell_that_was_filled_last_time_is_told_with_its_value_and_stays(store: Store) -> None:
    full = [fact(key(period=f"2026Q{number}"), number, f"B{number}") for number in (1, 2, 3)]
    approve(store, *full)

    upload = check(store, full[0], full[2])
    difference = store.difference(upload.id)
    snapshot = store.approve(upload.id, "wang", "")

    (line,) = difference.missing
    assert (line.key, line.value, line.cell) == (full[1].key, Decimal(2), "季度 数据!B2")
    assert line.workbook == full[1].origin.workbook
    assert difference.counts == {"new": 0, "changed": 0, "unchanged": 2, "missing": 1}
    assert len(values(store, snapshot.id)) == 3
    assert store.difference(upload.id) == difference


def test_a_row_that_left_its_table_is_told(store: Store) -> None:
    rows = [on("S", measure, unit, "2026Q3") for measure in ("claims", "agents") for unit in ("a", "b")]
    approve(store, *rows)

    assert missing(store, *rows[:3]) == ["agents|b|2026Q3|actual"]


def test_a_row_that_left_the_sheet_of_one_org_unit_is_told(store: Store) -> None:
    rows = [on(f"sheet {unit}", measure, unit, "2026Q3") for measure in ("claims", "agents") for unit in ("a", "b")]
    approve(store, *rows)

    assert missing(store, *rows[:3]) == ["agents|b|2026Q3|actual"]


def test_what_the_workbook_does_not_speak_of_is_not_missing(store: Store) -> None:
    approve(
        store,
        on("S", "claims", "a", "2026Q1"),
        on("S", "claims", "a", "2026Q3", "plan"),
        on("S", "claims", "a", "2026"),
        on("S", "agents", "a", "2026Q3"),
        on("S", "claims", "b", "2026Q3"),
    )

    assert missing(store, on("S", "claims", "a", "2026Q2"), on("S", "claims", "a", "2026Q4")) == []


def test_tables_of_other_measures_on_other_sheets_are_not_mixed(store: Store) -> None:
    branches = [on("branches", measure, unit, "2026Q3") for measure in ("claims", "cases") for unit in ("a", "b")]
    office = [on("office", measure, unit, "2026Q3") for measure in ("rent", "staff") for unit in ("head", "hr")]
    approve(store, *branches, *office, on("elsewhere", "claims", "head", "2026Q3"))

    assert missing(store, *branches, *office) == []


def test_an_annual_plan_is_missing_among_annual_plans_alone(store: Store) -> None:
    plans = [on("S", "claims", unit, period, "plan") for unit in ("a", "b") for period in ("2026", "2026Q4")]
    approve(store, *plans)

    assert missing(store, *plans[:3]) == ["claims|b|2026Q4|plan"]
    assert missing(store, plans[1], plans[3]) == []


def test_an_upload_without_facts_misses_nothing(store: Store) -> None:
    approve(store, fact(key(), 1))

    assert missing(store) == []
    assert not Coverage(()).holds("claims", "a", "2026Q3", "actual")


@pytest.mark.parametrize(
    ("old", "new", "absolute", "relative"),
    [("4", "5", "1", "0.25"), ("-4", "-5", "-1", "-0.25"), ("0", "5", "5", None), (None, "5", None, None)],
)
def test_a_change_says_by_how_much(old: str | None, new: str, absolute: str | None, relative: str | None) -> None:
    change = FactChange(key=key(), old=old and Decimal(old), new=Decimal(new), cell="S!A1")

    assert change.absolute == (absolute and Decimal(absolute))
    assert change.relative == (relative and Decimal(relative))
