from decimal import Decimal

from forecast.compare.facts import Kind, facts_changed
from forecast.compare.words import facts_in_words
from forecast.series import Row
from kpi.facts import Scenario
from kpi.periods import Period

Q3, Q4 = Period.parse("2026Q3"), Period.parse("2026Q4")
THIRD = Decimal("0." + 40 * "3")


def fact(value: str, unit: str = "beijing", period: Period = Q3) -> Row:
    return "claims", unit, period, Scenario.ACTUAL, Decimal(value)


def test_facts_that_came_went_and_changed_are_counted_by_period_and_scenario() -> None:
    old = [fact("1"), fact("2", "shanghai"), fact("3", "hubei")]
    new = [fact("1"), fact("4", "shanghai"), fact("5", period=Q4), fact("6", "shanghai", Q4)]

    found = facts_changed(old, new)

    assert [(each.kind, str(each.period), each.count) for each in found.groups] == [
        (Kind.CHANGED, "2026Q3", 1),
        (Kind.REMOVED, "2026Q3", 1),
        (Kind.ADDED, "2026Q4", 2),
    ]
    assert (found.total, found.count(Kind.ADDED), found.count(Kind.REMOVED)) == (4, 2, 1)
    assert facts_in_words(found).en.startswith("2 added, 1 changed, 1 removed (2 of 2026Q4 actual, ")


def test_the_largest_change_beside_its_own_size_comes_first() -> None:
    old = [fact("1000000"), fact("10", "hubei"), fact("0", "shanghai")]
    new = [fact("1100000"), fact("15", "hubei"), fact("0.5", "shanghai")]

    found = facts_changed(old, new, shown=2)

    assert [(each.org_unit, each.share) for each in found.largest] == [
        ("shanghai", Decimal(1)),
        ("hubei", THIRD),
    ]
    assert found.total == 3


def test_another_spelling_of_a_number_is_no_change() -> None:
    assert facts_changed([fact("1.50")], [fact("1.5")]).total == 0
    assert facts_in_words(facts_changed([], [])).en == "unchanged"
