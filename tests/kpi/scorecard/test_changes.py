from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.scorecard.changes import Against, Change, explain_change
from kpi.scorecard.exact import CONTEXT
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Reason, Window
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.values import KpiView
from tests.kpi.scorecard.builders import catalogue, component, fact, kpi, panel, quarters, template, version

NOW = Period.quarter(2026, 2)
BRANCHES = ("n1", "n2", "south")
VALUES = st.lists(st.decimals(1, 10**6, places=2), min_size=8, max_size=8)
DEFINITIONS = {
    "sum": version("a"),
    "change of a stock": version("a + -opening:a + b"),
    "ratio": version("a", "b"),
    "several terms": version("a + -b", "b + a"),
    "last quarter": version("a", "b", over_time="last"),
    "rate over an average": version("a", "b", over_time="sum_over_average"),
    "average": version("a", over_time="average"),
    "over plan": version("a", "plan:a"),
}


def change(
    known: Panel, against: Against = Against.LAST_YEAR, unit: str = "head", window: Window = Window.YTD
) -> Change | Reason:
    return explain_change(known, "x", unit, NOW, window, against)


def told(found: Change | Reason) -> Change:
    assert isinstance(found, Change)
    return found


def by_part(found: Change | Reason) -> dict[str, Fraction]:
    return {each.part: each.amount for each in told(found).units}


def decimal(value: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def two_years(measure: str, unit: str, values: Sequence[Any], scenario: str = "actual") -> list[Row]:
    return quarters(measure, unit, 2025, values[:4], scenario) + quarters(measure, unit, 2026, values[4:6], scenario)


@pytest.mark.parametrize("definition", DEFINITIONS)
@settings(max_examples=12)
@given(st.sampled_from([Window.QUARTER, Window.YTD, Window.ROLLING4]), st.data())
def test_parts_make_the_change_of_the_scorecards_own_values(
    definition: str, window: Window, data: st.DataObject
) -> None:
    drawn = {(code, unit): data.draw(VALUES) for code in "ab" for unit in BRANCHES}
    facts = [row for (code, unit), values in drawn.items() for row in two_years(code, unit, values)]
    facts += [row for (code, unit), values in drawn.items() for row in two_years(code, unit, values[::-1], "plan")]
    known = panel(facts, catalogue([kpi("x", DEFINITIONS[definition])], [component("a"), component("b")]))
    view = KpiView(known, known.catalogue.kpi["x"])

    for against in Against:
        found = change(known, against, window=window)
        if against is Against.PLAN:
            then, now = (each.amount for each in reversed(view.comparison("head", NOW, window)))
        else:
            back, over = (1, Window.QUARTER) if against is Against.LAST_QUARTER else (4, window)
            then, now = (view.value("head", each, over).amount for each in (NOW.shift(-back), NOW))
        if then is None or now is None:
            assert isinstance(found, Reason)
            continue
        found = told(found)
        assert [decimal(found.now), decimal(found.before)] == [CONTEXT.plus(now), CONTEXT.plus(then)]
        assert sum(each.amount for each in found.units) == found.amount
        assert {each.part for each in found.units} == {"north", "south"}
        if against is not Against.PLAN or definition != "over plan":
            assert sum(each.amount for each in found.components) == found.amount


def ratio_of(values: dict[str, tuple[int, int]], **more: Any) -> Panel:
    """a / b of each branch in the second quarters of both years: (a before, a now); b is 10."""
    facts: list[Row] = []
    for unit, (before, now) in values.items():
        for year, amount in ((2025, before), (2026, now)):
            facts += [fact("a", unit, f"{year}Q2", amount), fact("b", unit, f"{year}Q2", 10)]
    return panel(facts, [kpi("x", version("a", "b"))], **more)


def test_a_branch_is_told_with_what_lies_below_it() -> None:
    known = ratio_of({"n1": (4, 6), "n2": (4, 3), "south": (5, 5)})

    assert by_part(change(known, window=Window.QUARTER)) == {"north": Fraction(1, 30), "south": 0}
    assert by_part(change(known, unit="north", window=Window.QUARTER)) == {
        "n1": Fraction(1, 10),
        "n2": Fraction(-1, 20),
    }


def test_an_org_unit_without_any_below_has_components_alone() -> None:
    found = told(change(ratio_of({"south": (5, 7)}), unit="south", window=Window.QUARTER))

    assert found.units == ()
    assert [each.part for each in found.components] == ["above:closing:a", "below:closing:b"]


def test_what_the_head_office_has_beside_its_branches_stands_under_its_own_name() -> None:
    facts = two_years("a", "north", [1] * 6) + two_years("a", "south", [2] * 5 + [4]) + two_years("a", "head", [5] * 6)
    found = change(panel(facts, [kpi("x", version("a"))]), window=Window.QUARTER)

    assert told(found).amount == 0
    assert by_part(found) == {"north": 0, "south": 2, "head": -2}


def test_a_branch_that_reports_no_more_says_so() -> None:
    facts = two_years("a", "north", [1] * 6) + quarters("a", "south", 2025, [3, 3, 3, 3])
    north, south = told(change(panel(facts, [kpi("x", version("a"))]), window=Window.QUARTER)).units

    assert [north.part, north.amount, north.ended] == ["north", 0, False]
    assert [south.part, south.amount, south.ended] == ["south", -3, True]


def test_a_measure_of_the_legal_entity_alone_is_not_split_over_org_units() -> None:
    facts = two_years("a", "head", [1, 2, 3, 4, 5, 6]) + two_years("a", "south", [1] * 6)
    whole = kpi("x", version("a", over_units="none"))

    found = told(change(panel(facts, [whole]), window=Window.QUARTER))

    assert [found.amount, found.units] == [4, ()]


def standing(target: str) -> ScorecardTemplate:
    return template([{"kpi": "x", "target": target}])


def test_against_a_target_that_all_share_each_branch_is_ahead_by_its_own_denominator() -> None:
    known = ratio_of({"n1": (4, 6), "south": (5, 3)}, card=standing("0.5"))
    found = told(change(known, Against.PLAN, window=Window.QUARTER))

    assert [found.now, found.before] == [Fraction(9, 20), Fraction(1, 2)]
    assert by_part(found) == {"north": Fraction(1, 20), "south": Fraction(-2, 20)}
    assert found.components == ()


def test_an_amount_against_a_target_without_a_plan_of_branches_cannot_be_split() -> None:
    known = panel(two_years("a", "south", [1] * 6), [kpi("x", version("a"))], standing("8"))
    found = told(change(known, Against.PLAN))

    assert [found.now, found.before] == [2, 4]
    assert found.units == found.components == ()


def test_a_plan_given_for_the_kpi_itself_tells_branches_but_no_components() -> None:
    facts = two_years("a", "n1", [1, 2, 3, 4, 5, 6]) + two_years("a", "south", [2] * 6)
    facts += two_years("x", "n1", [4] * 6, "plan") + two_years("x", "south", [4] * 6, "plan")
    found = told(change(panel(facts, [kpi("x", version("a"))]), Against.PLAN))

    assert [found.now, found.before] == [15, 16]
    assert by_part(found) == {"north": 3, "south": -4}
    assert found.components == ()


@pytest.mark.parametrize(
    ("facts", "against", "why"),
    [
        ([fact("a", "south", "2026Q2", 1)], Against.LAST_YEAR, Reason.NO_DATA),
        ([fact("a", "south", "2026Q2", 1)], Against.LAST_QUARTER, Reason.NO_DATA),
        ([fact("a", "south", "2026Q2", 1)], Against.PLAN, Reason.NO_PLAN),
    ],
)
def test_without_the_other_side_there_is_a_reason(facts: list[Row], against: Against, why: Reason) -> None:
    assert change(panel(facts, [kpi("x", version("a"))]), against, window=Window.QUARTER) is why


def test_a_definition_that_breaks_history_is_not_compared_across() -> None:
    broken = kpi("x", version("a"), version("a", effective_from="2026-01-01", breaks_history=True))
    known = panel(two_years("a", "south", [1] * 6), [broken])

    assert change(known) is Reason.BREAK
    assert told(change(known, Against.LAST_QUARTER)).amount == 0


def test_a_finished_ratio_that_somebody_reported_has_no_parts() -> None:
    facts = [fact("x", "head", f"{year}Q2", "0.5") for year in (2025, 2026)]
    known = panel(facts, [kpi("x", version("a", "b"))])

    assert change(known, window=Window.QUARTER) is Reason.NOT_ADDITIVE


def test_a_component_that_stands_twice_in_a_formula_is_told_by_its_moment() -> None:
    stock = kpi("x", version("a + -opening:a"))
    known = panel(two_years("a", "south", [1, 2, 4, 8, 16, 20]), [stock])
    found = told(change(known, window=Window.QUARTER))

    assert {each.part: each.amount for each in found.components} == {"above:closing:a": 18, "above:opening:a": -15}
