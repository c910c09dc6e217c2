from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Window
from kpi.scorecard.values import kpi_series, kpi_value
from tests.kpi.scorecard.builders import fact, kpi, panel, version

PREMIUM = kpi("premium_income", version("premium"))
LOSS_RATIO = kpi("loss_ratio", version("claims", "premium", direction="lower_better"))

cents = st.decimals(-(10**12), 10**12, places=2)
cells = st.dictionaries(
    st.tuples(st.sampled_from(["n1", "n2", "south"]), st.integers(0, 7)),
    st.tuples(cents, cents),
    min_size=1,
    max_size=24,
)


def rows_of(content: dict[tuple[str, int], tuple[Decimal, Decimal]]) -> list[Row]:
    rows: list[Row] = []
    for (unit, at), (claims, premium) in content.items():
        period = str(Period.quarter(2025, 1).shift(at))
        rows += [fact("claims", unit, period, claims), fact("premium", unit, period, premium)]
    return rows


@settings(max_examples=40)
@given(cells)
def test_the_sum_of_the_parts_equals_the_whole_to_the_cent(
    content: dict[tuple[str, int], tuple[Decimal, Decimal]],
) -> None:
    found = panel(rows_of(content), [PREMIUM, LOSS_RATIO])
    for quarter in found.quarters:
        values = {unit: kpi_value(found, "premium_income", unit, quarter).amount for unit in found.position}
        assert (values["head"] or 0) == (values["n1"] or 0) + (values["n2"] or 0) + (values["south"] or 0)
        ytd = kpi_value(found, "premium_income", "head", quarter, Window.YTD).amount
        if ytd is not None:
            year = [Period.quarter(quarter.year, index) for index in range(1, quarter.index + 1)]
            assert ytd == sum(kpi_value(found, "premium_income", "head", q).amount or 0 for q in year)


@settings(max_examples=25)
@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(
    content: dict[tuple[str, int], tuple[Decimal, Decimal]], random: Random
) -> None:
    rows = rows_of(content)
    mixed = random.sample(rows, len(rows))
    one, other = panel(rows, [LOSS_RATIO]), panel(mixed, [LOSS_RATIO])
    for window in Window:
        assert kpi_series(one, "loss_ratio", "head", window) == kpi_series(other, "loss_ratio", "head", window)


@settings(max_examples=25)
@given(cells)
def test_big_integers_and_64_bits_give_the_same_numbers(
    content: dict[tuple[str, int], tuple[Decimal, Decimal]],
) -> None:
    """A far value with many digits moves the whole column to unbounded integers and changes nothing else."""
    far = [fact(code, "n1", "2035Q4", "1" + "0" * 30 + ".000000000001") for code in ("claims", "premium")]
    small, big = panel(rows_of(content), [LOSS_RATIO]), panel([*rows_of(content), *far], [LOSS_RATIO])
    kinds = [next(iter(found.columns.values())).values.dtype for found in (small, big)]
    assert kinds == [int, object]
    for window in (Window.QUARTER, Window.YTD):
        for unit in ("head", "north", "n1"):
            expected = [value.amount for _, value, _ in kpi_series(small, "loss_ratio", unit, window)]
            found = [value.amount for _, value, _ in kpi_series(big, "loss_ratio", unit, window)]
            assert found[: len(expected)] == expected
