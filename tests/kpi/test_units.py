from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kpi.units import Dimension, Unit, UnitTable


def unit(code: str, factor: str, *synonyms: str) -> Unit:
    name = {"zh": code, "en": code}
    return Unit.model_validate(
        {"code": code, "dimension": Dimension.MONEY, "factor": factor, "name": name, "synonyms": synonyms}
    )


TABLE = UnitTable(units=(unit("yuan", "1", "元"), unit("wan_yuan", "10000", "万元"), unit("yi_yuan", "1E8", "亿元")))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_there_and_back_is_exact(value: Decimal) -> None:
    for measure in TABLE.units:
        assert measure.from_base(measure.to_base(value)) == value


def test_a_unit_is_found_by_any_of_its_spellings() -> None:
    found = TABLE.find(" 万元 ")
    assert found is not None
    assert found.to_base(Decimal("1.2")) == 12000
    assert TABLE.find("角") is None


def test_one_spelling_can_not_mean_two_units() -> None:
    with pytest.raises(ValidationError, match="belongs to both"):
        UnitTable(units=(unit("yuan", "1", "元"), unit("wan_yuan", "10000", "元")))
