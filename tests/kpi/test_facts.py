from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kpi.facts import CellOfOrigin, Fact, FactKey, Scenario, canonical_decimal, content_hash
from kpi.periods import Period

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40)
ORIGIN = CellOfOrigin(workbook="0" * 64, sheet="Data", cell="B2", text="1")


def fact(value: Decimal, org_unit: str = "beijing", workbook: str = "0" * 64) -> Fact:
    key = FactKey(measure="claims_paid", org_unit=org_unit, period=Period.parse("2026Q3"), scenario=Scenario.ACTUAL)
    return Fact(key=key, value=value, origin=ORIGIN.model_copy(update={"workbook": workbook}))


@given(decimals)
def test_equal_numbers_have_one_spelling_that_loses_nothing(value: Decimal) -> None:
    spelling = canonical_decimal(value)
    assert Decimal(spelling) == value
    assert "E" not in spelling
    assert canonical_decimal(Decimal(spelling)) == spelling


def test_trailing_zeros_exponents_and_negative_zero_do_not_matter() -> None:
    assert {canonical_decimal(Decimal(text)) for text in ("1200", "1.2E+3", "1200.000")} == {"1200"}
    assert canonical_decimal(Decimal("-0.00")) == "0"


def test_the_content_hash_ignores_order_and_origin_but_no_value() -> None:
    one, two = fact(Decimal(1)), fact(Decimal(2), "shanghai")
    assert content_hash([one, two]) == content_hash([two, fact(Decimal("1.0"), workbook="f" * 64)])
    assert content_hash([one, two]) != content_hash([fact(Decimal("1.01")), two])


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_a_fact_is_a_finite_number(bad: str) -> None:
    with pytest.raises(ValidationError):
        fact(Decimal(bad))
