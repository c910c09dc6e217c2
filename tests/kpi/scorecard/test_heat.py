from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import Direction
from kpi.periods import Period
from kpi.scorecard.compute import result_of, score
from kpi.scorecard.heat import (
    STRONGEST,
    Page,
    attainment_rank,
    attainment_step,
    chance_step,
    move_rank,
    move_step,
    ordered,
    status_rank,
)
from kpi.scorecard.moves import Move
from kpi.scorecard.results import Reason, Status, Value, Window
from tests.kpi.scorecard.builders import kpi, panel, quarters, template, version

WIDTH = Decimal("0.1")
UNKNOWN = Value(reason=Reason.NO_DATA)


@pytest.mark.parametrize(
    ("reached", "step"),
    [
        ("0.79999", -3),
        ("0.8", -2),
        ("0.9", -1),
        ("0.99999999999999999999999999999999999999", -1),
        ("1", 1),
        ("1.1", 2),
        ("1.2", 3),
        ("9", 3),
        ("-2", -3),
    ],
)
def test_the_target_parts_good_from_bad_and_each_limit_belongs_to_the_better_side(reached: str, step: int) -> None:
    assert attainment_step(Decimal(reached), WIDTH) == step


@given(st.decimals(-3, 5), st.decimals(-3, 5), st.decimals("0.01", 1))
def test_more_attainment_is_never_a_lower_step(one: Decimal, other: Decimal, width: Decimal) -> None:
    low, high = sorted((one, other))
    assert -STRONGEST <= attainment_step(low, width) <= attainment_step(high, width) <= STRONGEST
    assert (attainment_step(one, width) > 0) == (one >= 1)


@pytest.mark.parametrize(
    ("chance", "step"), [(0, -3), (0.1, -2), (0.3, -1), (0.499, -1), (0.5, 1), (0.7, 2), (0.9, 3), (1, 3)]
)
def test_an_even_chance_parts_likely_from_unlikely(chance: float, step: int) -> None:
    assert chance_step(chance) == step


def moved(before: str, now: str, direction: Direction = Direction.HIGHER_BETTER) -> Move:
    old, new = Value(Decimal(before)), Value(Decimal(now))
    return Move("result", "south", direction, old, new, Value(Decimal(now) - Decimal(before)), UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("before", "now", "step"),
    [
        ("100", "100", 0),
        ("100", "105", 1),
        ("100", "106", 2),
        ("100", "116", 3),
        ("100", "80", -3),
        ("0", "1", 3),
        ("0", "0", 0),
    ],
)
def test_a_move_is_as_strong_as_its_share_of_the_value_before(before: str, now: str, step: int) -> None:
    assert move_step(moved(before, now)) == step
    assert move_step(moved(before, now, Direction.LOWER_BETTER)) == -step


def test_a_move_that_cannot_be_judged_has_no_step_and_no_rank() -> None:
    unjudged = moved("1", "2", Direction.ON_TARGET)
    assert (move_step(unjudged), move_rank(unjudged)) == (None, None)


def test_moves_rank_by_how_far_to_the_better_and_away_from_zero_is_furthest() -> None:
    climbing = [
        moved("0", "-1"),
        moved("10", "9"),
        moved("0", "0"),
        moved("10", "11"),
        moved("10", "20"),
        moved("0", "1"),
    ]
    ranks = [move_rank(move) for move in climbing]
    assert all(rank is not None for rank in ranks)
    assert ranks == sorted(rank for rank in ranks if rank is not None)


def test_results_rank_by_attainment_and_by_status() -> None:
    card = template([{"kpi": "result"}])
    facts = [*quarters("sales", "south", 2026, ["90"]), *quarters("sales", "south", 2026, ["100"], "plan")]
    given_panel = panel(facts, [kpi("result", version("sales"))], card)
    quarter = Period.quarter(2026, 1)
    there, nothing = (result_of(given_panel, card, "result", unit, quarter, Window.YTD) for unit in ("south", "n1"))

    assert there == replace(score(given_panel, card, "south", quarter).kpis[0], effective_weight=Decimal(0))
    assert (there.status, attainment_rank(there)) == (Status.AMBER, (Decimal("0.9"),))
    assert status_rank(there) == (1, Decimal("0.9"))
    assert (attainment_rank(nothing), status_rank(nothing)) == (None, None)


codes = st.lists(st.sampled_from("abcdefgh"), unique=True)
ranks = st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.tuples(st.integers(0, 3)))


@given(codes, ranks, st.booleans())
def test_sorting_keeps_every_row_and_puts_those_without_a_number_last(
    given_codes: list[str], given_ranks: dict[str, tuple[int] | None], descending: bool
) -> None:
    found = ordered(given_codes, given_ranks, descending)

    assert sorted(found) == sorted(given_codes)
    known = [given_ranks.get(code) is not None for code in found]
    assert known == sorted(known, reverse=True)
    numbers = [rank for code in found if (rank := given_ranks.get(code)) is not None]
    assert numbers == sorted(numbers, reverse=descending)


@given(st.integers(0, 3000), st.integers(1, 40))
def test_the_pages_together_show_every_row_once(total: int, size: int) -> None:
    rows = [str(number) for number in range(total)]
    count = Page.of(total, size, 1).count
    shown = [code for number in range(1, count + 1) for code in Page.of(total, size, number).cut(rows)]
    assert shown == rows


@given(st.integers(0, 100), st.integers(-5, 300))
def test_a_page_that_is_not_there_is_the_nearest_one(total: int, wanted: int) -> None:
    page = Page.of(total, 25, wanted)
    assert 1 <= page.number <= page.count
    assert len(page.cut([""] * total)) == (page.last - page.first + 1 if total else 0)
