from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi.errors import Refused
from kpi.strategy.entry import kept_amount
from kpi.strategy.fields import STEPS
from kpi.strategy.models import Part, Strategy, closed
from kpi.strategy.steps import Form, empty_row, form_of, strategy_with
from tests.kpi.strategy.builders import MILLION, catalogue, gap, strategy, template

EMPTY = Strategy(scorecard="balanced")


def said(part: Part, form: Form, before: Strategy | None = None) -> Strategy:
    return strategy_with(before or strategy(), part, form, template(), catalogue().units)


def refusals(part: Part, form: Form, before: Strategy | None = None) -> list[str]:
    with pytest.raises(Refused) as refusal:
        said(part, form, before)
    assert len(refusal.value.message.zh.splitlines()) == len(refusal.value.message.en.splitlines())
    return refusal.value.message.en.splitlines()


def changed(part: Part, number: int, **texts: str) -> Form:
    """The form of the balanced strategy with some texts of a row changed."""
    rows = form_of(strategy(), part)
    return (*rows[:number], {**rows[number], **texts}, *rows[number + 1 :])


@pytest.mark.parametrize("part", list(Part))
def test_a_form_left_alone_says_what_the_strategy_said(part: Part) -> None:
    assert said(part, form_of(strategy(), part)) == strategy()
    assert said(part, form_of(EMPTY, part), EMPTY) == EMPTY


@pytest.mark.parametrize("part", list(Part))
def test_a_form_filled_from_nothing_gives_that_part_and_no_other(part: Part) -> None:
    before = EMPTY.model_copy(update={"gap": strategy().gap}) if part is Part.TIMETABLE else EMPTY
    after = said(part, form_of(strategy(), part), before)
    assert getattr(after, part) == getattr(strategy(), part)
    assert after.model_copy(update={part.value: getattr(before, part)}) == before


@pytest.mark.parametrize("part", [part for part in Part if STEPS[part].many])
def test_empty_rows_are_left_out(part: Part) -> None:
    row = empty_row(STEPS[part])
    assert said(part, (row, *form_of(strategy(), part), row)) == strategy()


@pytest.mark.parametrize("part", [part for part in Part if not STEPS[part].many])
def test_a_step_emptied_is_a_step_not_taken(part: Part) -> None:
    assert not getattr(said(part, (empty_row(STEPS[part]),)), part)


def test_everything_wrong_is_told_at_once_with_row_and_field() -> None:
    form = changed(Part.PLANS, 1, budget="much", due="soon", objective="")
    assert refusals(Part.PLANS, form) == [
        "Row 2, Objective is not chosen yet. Choose one.",
        "Row 2, Budget: “much” is no amount. Write a number, with a unit if you like, such as 500 million yuan.",
        "Row 2, Due: “soon” is not a date. Write it like 2027-06-30.",
    ]


def test_an_objective_that_the_scorecard_lacks_is_refused() -> None:
    (line,) = refusals(Part.THEMES, changed(Part.THEMES, 0, objectives="fast_claims,moon"))
    assert line == "Row 1, Objectives served: the scorecard has no objective moon. Choose another."


def test_a_link_to_itself_and_one_said_twice_are_refused() -> None:
    first = form_of(strategy(), Part.LINKS)[0]
    own = {**first, "effect": first["cause"]}
    lines = refusals(Part.LINKS, (first, own, first))
    assert [line.split(":")[0] for line in lines] == ["Row 2", "Row 3"]


def test_what_is_expected_must_be_more_than_there_is() -> None:
    (line,) = refusals(Part.GAP, changed(Part.GAP, 0, expected="100 million"))
    assert line.startswith("Expected must be more than Today")


def timetable(amounts: list[Decimal], first: int = 2027) -> Form:
    return tuple({"year": str(first + at), "amount": kept_amount(amount)} for at, amount in enumerate(amounts))


@given(parts=st.lists(st.decimals(1, 10**10, places=2), min_size=1, max_size=6), off=st.decimals(-100, 100, places=2))
def test_a_timetable_is_taken_when_and_only_when_it_closes_the_gap_exactly(parts: list[Decimal], off: Decimal) -> None:
    whole = sum(parts, Decimal(0))
    assume(whole + off > 0)
    before = EMPTY.model_copy(
        update={"gap": gap(by=2040).model_copy(update={"today": Decimal(0), "expected": whole + off})}
    )
    if off == 0:
        assert closed(said(Part.TIMETABLE, timetable(parts), before).timetable) == whole
    else:
        (line,) = refusals(Part.TIMETABLE, timetable(parts), before)
        assert line.startswith("Part of the gap: the years add up to")
        assert ("too much" in line) == (off < 0)


def test_the_refusal_of_a_timetable_says_how_much_is_left() -> None:
    before = EMPTY.model_copy(update={"gap": gap()})
    with pytest.raises(Refused) as refusal:
        said(Part.TIMETABLE, timetable([300 * MILLION]), before)
    assert "还差 100000000 元" in refusal.value.message.zh
    assert "100000000 yuan too little" in refusal.value.message.en


def test_years_run_forward_and_end_with_the_year_of_the_gap() -> None:
    before = EMPTY.model_copy(update={"gap": gap(by=2028)})
    twice = (*timetable([200 * MILLION]), *timetable([200 * MILLION]))
    assert [line.split(":")[0] for line in refusals(Part.TIMETABLE, twice, before)] == ["Year"]
    late = timetable([200 * MILLION] * 2, first=2028)
    assert "2029 is after 2028" in refusals(Part.TIMETABLE, late, before)[0]


def test_without_a_gap_there_is_no_timetable() -> None:
    assert refusals(Part.TIMETABLE, timetable([MILLION]), EMPTY) == ["Fill in and save the value gap in step 1 first."]


def test_the_shipped_timetable_gets_steeper() -> None:
    amounts = [milestone.amount for milestone in strategy().timetable]
    assert all(earlier < later for earlier, later in pairwise(amounts))
