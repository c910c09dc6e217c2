import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from forecast.packed import Packed
from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import Reason, Window


def record(kpi: str, org_unit: str, index: int, number: float | None, reason: Reason | None = None) -> KpiForecast:
    quarter, window = Period.quarter(2026, index), Window.QUARTER
    about = {"kpi": kpi, "org_unit": org_unit, "period": quarter, "window": window, "reason": reason}
    return KpiForecast(**about, p10=-1.5, p50=0.0, p90=0.1, chance=number)


def rows(records: list[KpiForecast]) -> list[tuple[object, ...]]:
    """As a database keeps them."""
    return [tuple(each.model_dump(mode="json").values()) for each in records]


RECORDS = st.lists(
    st.builds(
        record,
        st.sampled_from(["premium", "claims", "expense"]),
        st.sampled_from(["head_office", "beijing"]),
        st.integers(1, 4),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.sampled_from(Reason),
    )
)


@given(RECORDS, st.integers(1, 5))
def test_what_is_packed_comes_out_as_it_went_in_by_place_and_in_order(records: list[KpiForecast], size: int) -> None:
    parts = (rows(records[first : first + size]) for first in range(0, len(records), size))
    packed: Packed[tuple[str, str], KpiForecast] = Packed(KpiForecast, ("kpi", "org_unit"), parts)

    expected: dict[tuple[str, str], list[KpiForecast]] = {}
    for each in records:
        expected.setdefault((each.kpi, each.org_unit), []).append(each)
    assert dict(packed) == {place: tuple(found) for place, found in expected.items()}
    assert len(packed) == len(expected)


def test_one_field_is_a_place_by_itself() -> None:
    packed: Packed[str, KpiForecast] = Packed(KpiForecast, "org_unit", [rows([record("premium", "beijing", 1, 0.5)])])
    assert list(packed) == ["beijing"]
    assert packed["beijing"] == (record("premium", "beijing", 1, 0.5),)


def test_an_unknown_place_has_nothing() -> None:
    packed: Packed[str, KpiForecast] = Packed(KpiForecast, "org_unit", [])
    assert packed.get("beijing", ()) == ()
    with pytest.raises(KeyError):
        packed["beijing"]


def test_a_row_of_another_shape_is_refused() -> None:
    class Pair(BaseModel):
        name: str
        number: float

    with pytest.raises(ValueError, match="shorter"):
        Packed(Pair, "name", [[("a",)]])
