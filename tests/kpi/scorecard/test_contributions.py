from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.scorecard.contributions import Sides, contributions, distances, total

NUMBERS = st.integers(-(10**6), 10**6).map(Fraction)
COUNTS = st.integers(1, 10**6).map(Fraction)
SIDES = st.builds(Sides, NUMBERS, COUNTS)
PARTS = st.dictionaries(st.sampled_from("abcdef"), SIDES, min_size=1)


def parts(**sides: tuple[int, int]) -> dict[str, Sides]:
    return {code: Sides(Fraction(above), Fraction(below)) for code, (above, below) in sides.items()}


@given(PARTS, PARTS)
def test_the_contributions_to_a_ratio_make_its_change_without_a_remainder(
    now: Mapping[str, Sides], before: Mapping[str, Sides]
) -> None:
    found = contributions(now, before, ratio=True)

    assert sum(each.amount for each in found) == total(now).value(True) - total(before).value(True)


@given(PARTS, PARTS)
def test_the_contributions_to_a_sum_make_its_change_without_a_remainder(
    now: Mapping[str, Sides], before: Mapping[str, Sides]
) -> None:
    found = contributions(now, before, ratio=False)

    assert sum(each.amount for each in found) == total(now).numerator - total(before).numerator
    assert all(not each.by_denominator for each in found)


@given(PARTS, PARTS)
def test_the_way_back_contributes_the_opposite(now: Mapping[str, Sides], before: Mapping[str, Sides]) -> None:
    there = {each.part: each.amount for each in contributions(now, before, ratio=True)}
    back = {each.part: each.amount for each in contributions(before, now, ratio=True)}

    assert there == {part: -amount for part, amount in back.items()}


@given(PARTS, PARTS)
def test_two_parts_that_are_one_contribute_what_both_do(now: Mapping[str, Sides], before: Mapping[str, Sides]) -> None:
    def joined(sides: Mapping[str, Sides]) -> dict[str, Sides]:
        inside = [sides[code] for code in "ab" if code in sides]
        rest = {code: each for code, each in sides.items() if code not in "ab"}
        return rest | ({"ab": sum(inside, Sides())} if inside else {})

    alone = {each.part: each.amount for each in contributions(now, before, ratio=True)}
    together = {each.part: each.amount for each in contributions(joined(now), joined(before), ratio=True)}

    assert together.get("ab", 0) == alone.get("a", 0) + alone.get("b", 0)


@given(PARTS, COUNTS)
def test_both_effects_are_the_mean_over_the_orders_in_which_the_sides_may_move(
    before: Mapping[str, Sides], grown: Fraction
) -> None:
    """Shapley's value by its definition: first the numerator and then the denominator, and the other way round."""
    now = {code: Sides(each.numerator + 1, each.denominator * (1 + grown)) for code, each in before.items()}
    one, two = total(before), total(now)
    first = two.numerator / one.denominator - one.numerator / one.denominator
    last = two.numerator / two.denominator - one.numerator / two.denominator

    found = contributions(now, before, ratio=True)

    assert sum(each.by_numerator for each in found) == (first + last) / 2


@given(PARTS, NUMBERS)
def test_the_distances_from_a_shared_target_make_the_distance_of_the_whole(
    now: Mapping[str, Sides], target: Fraction
) -> None:
    assert sum(each.amount for each in distances(now, target)) == total(now).value(True) - target


def test_what_did_not_move_contributes_nothing() -> None:
    now, before = parts(north=(60, 100), south=(30, 100)), parts(north=(50, 100), south=(30, 100))

    north, south = contributions(now, before, ratio=True)

    assert [north.amount, north.by_denominator, south.amount] == [Fraction(10, 200), 0, 0]


def test_a_branch_below_the_average_that_grows_pulls_the_ratio_down_by_its_denominator() -> None:
    """North stays at 90 %, south at 50 %; south doubles, and the whole falls from 70 % to 63.33 %."""
    now, before = parts(north=(90, 100), south=(100, 200)), parts(north=(90, 100), south=(50, 100))

    north, south = contributions(now, before, ratio=True)

    assert north.amount == 0
    assert [south.by_numerator, south.by_denominator] == [Fraction(5, 24), Fraction(-11, 40)]
    assert south.amount == Fraction(190, 300) - Fraction(140, 200)


def test_a_part_that_appeared_or_ended_counts_with_all_of_it_and_says_so() -> None:
    gone, came = parts(north=(5, 1), south=(2, 1)), parts(north=(5, 1), east=(3, 1))

    north, east, south = contributions(came, gone, ratio=False)

    assert [north.part, north.appeared, north.ended] == ["north", False, False]
    assert [east.part, east.amount, east.appeared] == ["east", 3, True]
    assert [south.part, south.amount, south.ended] == ["south", -2, True]


def test_a_ratio_over_nothing_has_no_contributions() -> None:
    with pytest.raises(ZeroDivisionError):
        contributions(parts(north=(1, 0)), parts(north=(1, 1)), ratio=True)
