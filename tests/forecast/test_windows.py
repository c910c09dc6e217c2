import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.windows import (
    BOUND,
    SHORTEST,
    Floats,
    Mask,
    Windows,
    build_windows,
    feature_count,
    seasonal_naive,
    squash,
)

CONTEXT, HORIZON = 12, 4


def windows(values: Floats, present: Mask | None = None, origin: int | None = None) -> Windows:
    there = np.ones(values.shape, dtype=np.bool_) if present is None else present
    at = values.shape[1] - 1 if origin is None else origin
    return build_windows(values, there, range(at, at + 1), CONTEXT, HORIZON, values.shape[1])


def seasonal(years: int = 5) -> Floats:
    return np.tile([40.0, 10.0, 20.0, 30.0], years)[None, :]


numbers = st.floats(-1e9, 1e9, allow_subnormal=False)
panels = arrays(np.float64, (3, 20), elements=numbers)
masks = arrays(np.bool_, (3, 20))


@given(panels, masks)
def test_no_feature_leaves_its_bound_whatever_the_values(values: Floats, present: Mask) -> None:
    found = windows(values, present)

    assert found.features.shape == (3, feature_count(CONTEXT, HORIZON))
    assert np.abs(found.features).max() <= BOUND
    for part in (found.base, found.scale, found.cost, found.target):
        assert np.isfinite(part).all()


@given(panels, st.sampled_from([2.0**-20, 0.25, 8.0, 2.0**30]))
def test_the_network_sees_the_same_in_any_unit(values: Floats, factor: float) -> None:
    """By powers of two the features are equal to the last bit."""
    values = np.where(np.abs(values) < 1e-3, 0.0, values)
    one, other = windows(values), windows(values * factor)

    moving = one.moves
    assert (one.features[moving] == other.features[moving]).all()
    assert (one.base[moving] * factor == other.base[moving]).all()


@given(panels, panels)
def test_nothing_after_the_origin_is_seen(values: Floats, others: Floats) -> None:
    changed = values.copy()
    changed[:, 13:] = others[:, 13:]
    one, other = windows(values, origin=12), windows(changed, origin=12)

    assert one.features.tobytes() == other.features.tobytes()
    assert one.base.tobytes() == other.base.tobytes()


def test_no_target_at_or_after_the_end_is_shown() -> None:
    values = np.arange(20.0)[None, :]
    found = build_windows(values, np.ones((1, 20), dtype=np.bool_), range(14, 15), CONTEXT, HORIZON, end=17)

    assert found.target_present.tolist() == [[True, True, False, False]]
    assert (found.target[:, 2:] == 0.0).all()


def test_a_missing_value_is_not_zero() -> None:
    values = np.arange(100.0, 120.0)[None, :]
    present = np.ones((1, 20), dtype=np.bool_)
    present[0, 15] = False
    garbage = values.copy()
    garbage[0, 15] = -1e6

    assert windows(values, present).features.tobytes() == windows(garbage, present).features.tobytes()


def test_the_base_of_a_plain_season_is_last_year() -> None:
    found = windows(seasonal() + np.array([0.0, 0.01, -0.01, 0.02] * 5)[None, :])

    assert found.base[0] == pytest.approx([40.0, 10.01, 19.99, 30.02], abs=0.05)


def test_the_base_of_a_steady_climb_is_close_to_the_newest_value() -> None:
    found = windows(np.arange(100.0, 120.0)[None, :])

    assert found.base[0] == pytest.approx([119.0] * 4, abs=0.3)
    assert found.scale[0] == pytest.approx(1.6)


def test_a_series_that_never_changed_does_not_move() -> None:
    found = windows(np.full((1, 20), 7.0))

    assert not found.moves[0]
    assert (found.base == 7.0).all()


@pytest.mark.parametrize(("known", "usable"), [(SHORTEST - 1, False), (SHORTEST, True)])
def test_a_series_needs_some_points_to_be_usable(known: int, usable: bool) -> None:
    present = np.zeros((1, 20), dtype=np.bool_)
    present[0, -known:] = True

    assert windows(np.arange(20.0)[None, :], present).usable[0] == usable


def test_last_years_quarter_stands_in_for_the_next_even_over_a_gap() -> None:
    values = seasonal(2)
    present = np.ones((1, 8), dtype=np.bool_)
    present[0, 4] = False

    assert seasonal_naive(values, present, 7, 4).tolist() == [[40.0, 10.0, 20.0, 30.0]]


@given(arrays(np.float64, 50, elements=st.floats(-1e12, 1e12)))
def test_squashing_keeps_the_order_and_the_bound(values: Floats) -> None:
    ordered = squash(np.sort(values))

    assert (np.diff(ordered) >= 0.0).all()
    assert np.abs(ordered).max() < BOUND
