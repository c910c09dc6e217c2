"""Integers never overflow and never lose a digit, and sample paths take the same road."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import Catalogue, KpiVersion, Term
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.evaluate import Evaluation, Grid, is_additive, quotient
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import Tree, roll_up, roll_up_expected, window_last, window_sum
from kpi.scorecard.terms import Column, add, combine, multiply, scale, with_derived
from kpi.scorecard.values import kpi_value
from tests.kpi.scorecard.builders import catalogue, fact, kpi, organisation, panel, version

FIRST = Period.quarter(2026, 1)
FULL = np.ones((5, 4), np.bool_)


def column(values: list[int], exponent: int = 0) -> Column:
    cells = np.array([values])
    return Column(cells, np.ones(cells.shape, np.bool_), exponent)


def test_numbers_that_could_overflow_in_a_sum_become_unbounded_integers() -> None:
    assert scale([Decimal("0.01"), Decimal(-3)], 100)[0].tolist() == [1, -300]
    assert scale([Decimal(2**50)], 2**9)[0].dtype == np.int64
    assert scale([Decimal(2**50)], 2**10)[0].dtype == object
    assert scale([Decimal("1E+3")], 1)[0].tolist() == [1000]


def test_zero_may_meet_a_factor_beyond_64_bits() -> None:
    """A column of zeros beside one with twenty decimals used to fail."""
    zeros = np.zeros((2, 2), np.int64)
    assert multiply(zeros, 10**25).tolist() == zeros.tolist()
    fine = "0.1234567890123456789012345"
    facts = [fact("zero", "n1", "2026Q1", 0), fact("fine", "n1", "2026Q1", fine)]
    found = panel(facts, [kpi("total", version("zero + fine"))])
    assert kpi_value(found, "total", "head", FIRST).amount == Decimal(fine)


@given(st.lists(st.integers(-(2**80), 2**80), min_size=1, max_size=6), st.integers(-(10**20), 10**20))
def test_products_and_sums_are_exact_whatever_their_size(numbers: list[int], factor: int) -> None:
    cells, _ = scale([Decimal(number) for number in numbers], len(numbers))
    assert multiply(cells, factor).tolist() == [number * factor for number in numbers]
    assert add(cells, multiply(cells, factor)).tolist() == [number * (factor + 1) for number in numbers]


def test_terms_with_different_decimals_and_factors_add_up_exactly() -> None:
    given_columns = {"a": column([150], 2), "b": column([3], 1)}
    terms = (Term(component="a", factor=Decimal("-0.5")), Term(component="b", factor=Decimal("1E+2")))
    found = combine(terms, lambda code, _: given_columns.get(code), Scenario.ACTUAL)
    assert found is not None
    assert Decimal(int(found.values[0, 0])).scaleb(-found.exponent) == Decimal("29.25")


def test_a_term_reaches_no_further_back_than_the_data() -> None:
    later = column([1, 2]).later(4)
    assert not later.present.any()
    assert not later.values.any()


@pytest.mark.parametrize(
    ("window", "sums", "lasts"),
    [
        (Window.QUARTER, [1, 2, 4, 8, 16], [1, 2, 4, 8, 16]),
        (Window.YTD, [1, 3, 4, 12, 28], [1, 2, 4, 8, 16]),
        (Window.YEAR, [3, 3, 28, 28, 28], [2, 2, 0, 0, 0]),
        (Window.ROLLING4, [1, 3, 7, 15, 30], [1, 2, 4, 8, 16]),
    ],
)
def test_windows_follow_the_fiscal_year_of_a_panel_that_starts_in_a_third_quarter(
    window: Window, sums: list[int], lasts: list[int]
) -> None:
    values, first = np.array([[1, 2, 4, 8, 16]]), Period.quarter(2025, 3)
    assert window_sum(values, window, first).tolist() == [sums]
    assert window_last(values, window, first).tolist() == [lasts]


def test_a_deep_and_uneven_tree_rolls_up_level_by_level() -> None:
    parents = {"a": None, "b": "a", "c": "a", "d": "b", "e": "d", "f": "c", "g": "d"}
    tree = Tree.from_organisation(organisation(parents))
    values = np.array([[0], [0], [0], [0], [1], [10], [100]])
    assert roll_up(values, values > 0, tree).ravel().tolist() == [111, 101, 10, 101, 1, 10, 100]
    assert roll_up(np.stack([values, 2 * values]), values > 0, tree)[1, 0, 0] == 222


def test_a_tree_of_one_unit_has_nothing_to_roll_up() -> None:
    tree = Tree.from_organisation(organisation({"alone": None}))
    assert roll_up(np.array([[7]]), np.array([[True]]), tree).tolist() == [[7]]


def test_what_is_expected_comes_from_below_unless_the_unit_reported_itself() -> None:
    tree = Tree.from_organisation(organisation())
    due = np.array([[True], [True], [True], [True], [True]])
    nothing = np.zeros_like(due)
    assert roll_up_expected(nothing, due, tree).ravel().tolist() == [3, 2, 1, 1, 1]
    own = np.array([[False], [True], [False], [False], [False]])
    assert roll_up_expected(own, due, tree).ravel().tolist() == [2, 1, 1, 1, 1]


def on_arrays(
    version: KpiVersion,
    catalogue: Catalogue,
    columns: Mapping[tuple[str, Scenario], Column],
    tree: Tree,
    quarters: tuple[Period, ...],
    window: Window,
) -> Grid | None:
    read = with_derived(lambda component, scenario: columns.get((component, scenario)), catalogue)
    additive = is_additive(version, catalogue)
    return Evaluation(version, read, tree, quarters, len(quarters) - 1, additive).actual(window)


def test_sample_paths_take_the_same_road_as_exact_numbers() -> None:
    ratio = kpi("ratio", version("claims", "premium"))
    known = catalogue([ratio])
    claims, premium = np.arange(40.0).reshape(2, 5, 4), np.full((2, 5, 4), 8.0)
    leaves = FULL.copy()
    leaves[:2] = False
    columns = {
        ("claims", Scenario.ACTUAL): Column(np.where(leaves, claims, 0), leaves),
        ("premium", Scenario.ACTUAL): Column(np.where(leaves, premium, 0), leaves),
    }
    quarters = tuple(FIRST.shift(step) for step in range(4))
    tree = Tree.from_organisation(organisation())
    grid = on_arrays(ratio.current, known, columns, tree, quarters, Window.YTD)
    assert grid is not None
    found = quotient(grid)
    assert found.shape == (2, 5, 4)
    for path in range(2):
        facts = [
            fact(code, unit, str(quarter), Decimal(int(cells[path, row, at])))
            for code, cells in (("claims", claims), ("premium", premium))
            for row, unit in enumerate(tree.units)
            for at, quarter in enumerate(quarters)
            if leaves[row, at]
        ]
        exact = kpi_value(panel(facts, known), "ratio", "head", quarters[3], Window.YTD).amount
        assert exact is not None
        assert found[path, 0, 3] == pytest.approx(float(exact))


def test_sample_paths_over_zero_or_without_data_are_not_numbers() -> None:
    ratio = kpi("ratio", version("claims", "premium"))
    present = FULL.copy()
    present[4] = False
    columns = {
        ("claims", Scenario.ACTUAL): Column(np.ones((1, 5, 4)), present),
        ("premium", Scenario.ACTUAL): Column(np.zeros((1, 5, 4)), present),
    }
    quarters = tuple(FIRST.shift(step) for step in range(4))
    tree = Tree.from_organisation(organisation())
    grid = on_arrays(ratio.current, catalogue([ratio]), columns, tree, quarters, Window.QUARTER)
    assert grid is not None
    assert np.isnan(quotient(grid)).all()
    assert on_arrays(ratio.current, catalogue([ratio]), {}, tree, quarters, Window.QUARTER) is None


def test_unbounded_integers_become_floats_only_at_the_door() -> None:
    ratio = kpi("ratio", version("claims", "premium"))
    cells = np.full((5, 4), 10**30, dtype=object)
    columns = {(code, Scenario.ACTUAL): Column(cells, FULL, 2) for code in ("claims", "premium")}
    quarters = tuple(FIRST.shift(step) for step in range(4))
    tree = Tree.from_organisation(organisation())
    grid = on_arrays(ratio.current, catalogue([ratio]), columns, tree, quarters, Window.YTD)
    assert grid is not None
    assert quotient(grid).tolist() == [[1.0] * 4] * 5
