"""Panels with more quarters or other values than the facts have: the very panels that such facts would make."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.values import kpi_value
from tests.kpi.scorecard.builders import fact, kpi, panel, quarters, version

KPIS = [kpi("sales_kpi", version("sales")), kpi("ratio", version("cost", "sales"))]
FACTS = [*quarters("sales", "n1", 2026, ["10", "20.5"]), *quarters("cost", "n1", 2026, ["1", "2"])]
numbers = st.decimals("-1e25", "1e25", places=4)


def sales(of: Panel, unit: str, quarter: str) -> Decimal | None:
    return kpi_value(of, "sales_kpi", unit, Period.parse(quarter)).amount


@given(numbers, numbers)
def test_a_panel_with_other_values_is_the_one_that_such_facts_would_make(one: Decimal, other: Decimal) -> None:
    """Also where the numbers leave 64 bits, or are finer than those that stood there."""
    facts = [*FACTS[1:], fact("sales", "n1", "2026Q1", one), fact("sales", "south", "2026Q2", other)]
    row, changed = panel(FACTS, KPIS), panel(FACTS, KPIS)
    at = {name: row.position[name] for name in ("n1", "south")}

    changed = changed.with_actuals({"sales": {(at["n1"], 0): one, (at["south"], 1): other}})

    wanted = panel(facts, KPIS)
    for unit in ("n1", "north", "south", "head"):
        for quarter in ("2026Q1", "2026Q2"):
            assert sales(changed, unit, quarter) == sales(wanted, unit, quarter)


def test_the_panel_that_was_changed_stays_as_it_was() -> None:
    given_, before = panel(FACTS, KPIS), panel(FACTS, KPIS)

    given_.with_actuals({"sales": {(given_.position["n1"], 0): Decimal("0.125")}})

    for key, column in before.columns.items():
        assert np.array_equal(given_.columns[key].values, column.values)
        assert np.array_equal(given_.columns[key].present, column.present)


def test_a_component_without_any_fact_gets_a_column() -> None:
    bare = panel(FACTS[:2], KPIS)
    assert ("cost", Scenario.ACTUAL) not in bare.columns

    changed = bare.with_actuals({"cost": {(bare.position["n1"], 1): Decimal("4.1")}})

    assert kpi_value(changed, "ratio", "head", Period.parse("2026Q2")).amount == Decimal("0.2")


def test_more_quarters_are_empty_and_change_nothing_before_them() -> None:
    longer = panel(FACTS, KPIS).until(Period.parse("2026Q4"))

    assert [str(quarter) for quarter in longer.quarters] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert (sales(longer, "head", "2026Q2"), sales(longer, "head", "2026Q4")) == (Decimal("20.5"), None)
    assert longer.last_actual == Period.parse("2026Q2")


def test_a_panel_that_reaches_so_far_keeps_its_quarters() -> None:
    assert panel(FACTS, KPIS).until(Period.parse("2026Q1")).quarters == panel(FACTS, KPIS).quarters
