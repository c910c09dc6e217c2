from decimal import Decimal, localcontext

from hypothesis import assume, given
from hypothesis import strategies as st

from kpi.scorecard.exact import WIDE, divide
from kpi.scorecard.points import points_of, rounded_to_sum

AMOUNTS = st.decimals(-1000, 1000, places=6)
WEIGHTS = st.decimals("0.001", 1, places=3)


@given(st.lists(st.tuples(WEIGHTS, st.none() | AMOUNTS), min_size=1, max_size=8))
def test_contributions_add_up_to_the_mean_exactly_and_none_is_off_by_more_than_rounding(
    parts: list[tuple[Decimal, Decimal | None]],
) -> None:
    scored = [(weight, score) for weight, score in parts if score is not None]
    assume(scored)
    held = sum(weight for weight, _ in scored)
    mean = divide(Decimal(sum(weight * score for weight, score in scored)), Decimal(held))

    brought = points_of(parts, mean)

    with localcontext(WIDE):
        assert sum(brought) == mean
    for (weight, score), points in zip(parts, brought, strict=True):
        assert abs(points - (weight * score / Decimal(held) if score is not None else 0)) < Decimal("1e-24")


@given(st.lists(AMOUNTS, min_size=1, max_size=12), st.integers(0, 3))
def test_what_is_shown_adds_up_to_what_is_shown_as_the_sum(amounts: list[Decimal], digits: int) -> None:
    unit = Decimal(1).scaleb(-digits)

    shown = rounded_to_sum(amounts, digits)

    assert sum(shown) == sum(amounts).quantize(unit)  # type: ignore[union-attr]
    assert all(abs(each - amount) < unit for each, amount in zip(shown, amounts, strict=True))
    assert all(each == each.quantize(unit) for each in shown)


def test_three_thirds_make_a_hundred() -> None:
    third = divide(Decimal(100), Decimal(3))
    assert list(map(str, rounded_to_sum([third, third, third], 1))) == ["33.4", "33.3", "33.3"]
