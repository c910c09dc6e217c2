from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forecast.scenario.changes import By, Change, ordered, read_changes, scenario_hash, spell
from kpi.errors import Refused
from kpi.periods import Period
from tests.forecast.scenario.builders import Q4, change

pytestmark = pytest.mark.slow

codes = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
every = st.builds(
    Change,
    driver=codes,
    org_unit=codes,
    quarter=st.builds(Period.quarter, st.integers(2000, 2100), st.integers(1, 4)),
    by=st.sampled_from(By),
    amount=st.decimals("-1e17", "1e17", places=12, allow_nan=False),
)
GOLDEN = "519f19c3cd28436d95d87af38482bf3a27b1996bad1ed01cf6e26c71e53136b3"
many = st.lists(every, max_size=6, unique_by=lambda each: each.place)


@given(many)
def test_changes_read_back_from_an_address_are_the_same(said: list[Change]) -> None:
    assert read_changes(spell(said)) == ordered(said)


@given(many, st.randoms())
def test_the_hash_does_not_depend_on_the_order_of_changes(said: list[Change], shuffled: object) -> None:
    other = list(said)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert scenario_hash("a", "b", said) == scenario_hash("a", "b", other)


@given(many, many)
def test_other_changes_have_another_hash(said: list[Change], others: list[Change]) -> None:
    same = spell(said) == spell(others)
    assert (scenario_hash("a", "b", said) == scenario_hash("a", "b", others)) is same


def test_the_hash_is_that_of_canonical_json() -> None:
    """Known once and for all, so that a hash in an old link means the same scenario for ever."""
    said = [change("premium", "head", "0.10", By.PERCENT), change("claims", "n1", "1200")]
    text = (
        '{"changes":[{"amount":"1200","by":"value","driver":"claims","org_unit":"n1","quarter":"2026Q4"},'
        '{"amount":"0.1","by":"percent","driver":"premium","org_unit":"head","quarter":"2026Q4"}],"format":1,'
        f'"run":"{"b" * 64}","snapshot":"{"a" * 64}"}}'
    )
    assert scenario_hash("a" * 64, "b" * 64, said) == sha256(text.encode()).hexdigest() == GOLDEN


def test_facts_and_forecast_are_part_of_the_hash() -> None:
    said = [change("premium", "head", "1")]
    assert len({scenario_hash(*ground, said) for ground in (("a", "b"), ("c", "b"), ("a", "d"))}) == 3


def test_equal_numbers_are_equal_changes_however_they_are_written() -> None:
    one, other = change("premium", "head", "0.10"), change("premium", "head", "1E-1")
    assert spell([one]) == spell([other]) == "premium.head.2026Q4.v0.1"


def test_two_amounts_for_one_place_are_refused() -> None:
    with pytest.raises(Refused, match="says two things of premium"):
        ordered([change("premium", "head", "1"), change("premium", "head", "2", By.PERCENT)])


@pytest.mark.parametrize(
    "text",
    [
        "premium",
        "premium.head.2026Q4",
        "premium.head.2026Q4.x1",
        "premium.head.2026.v1",
        "Premium.head.2026Q4.v1",
        "premium.head.2026Q4.vNaN",
        "premium.head.2026Q4.v1e99999",
        "premium.head.2026Q9.v1",
        "premium.head.2026Q4.v",
    ],
)
def test_what_nobody_spelt_so_is_not_read(text: str) -> None:
    with pytest.raises((ValueError, ValidationError)):
        read_changes(text)


def test_a_change_of_a_year_is_none() -> None:
    with pytest.raises(ValidationError, match="not a quarter"):
        Change(driver="premium", org_unit="head", quarter=Period(2026), by=By.VALUE, amount=Decimal(1))
    assert Q4.index == 4
