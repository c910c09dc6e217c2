import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecast.calibrate import at_probabilities, factors, offsets_of, plain_offsets, position, scaled
from forecast.training.fit import judged
from tests.forecast.builders import TINY
from tests.forecast.unfitted import LEVELS, panel_of, unfitted, walks

rising = st.lists(st.floats(0.001, 100.0), min_size=9, max_size=9).map(np.cumsum)


@given(rising, st.floats(0.0, 1.0))
def test_a_value_stands_at_the_probability_from_which_it_was_read(quantiles: np.ndarray, probability: float) -> None:
    value = at_probabilities(LEVELS, quantiles, np.array([probability]))[0]

    assert abs(float(position(LEVELS, quantiles, value)) - probability) < 1e-9


@given(rising)
def test_the_levels_give_their_own_quantiles_to_the_last_bit(quantiles: np.ndarray) -> None:
    assert (at_probabilities(LEVELS, quantiles, np.array(LEVELS)) == quantiles).all()


def test_beyond_the_outermost_levels_the_last_piece_goes_on() -> None:
    quantiles = np.array([0.0, 1.0, 4.0])

    ends = at_probabilities((0.1, 0.5, 0.9), quantiles, np.array([0.0, 1.0]))

    assert ends.tolist() == [-0.25, 4.75]
    assert position((0.1, 0.5, 0.9), quantiles, np.array(99.0)) == 1.0


@given(st.lists(st.floats(0.01, 50.0), min_size=4, max_size=4))
def test_scaled_quantiles_never_cross(factor: list[float]) -> None:
    offsets = plain_offsets(LEVELS, 1)[None]

    found = scaled(offsets, np.array([factor]))

    assert (np.diff(found) >= 0.0).all()
    assert found[0, 0, 4] == 0.0


def test_widths_that_were_too_narrow_are_widened_until_they_held_what_they_promise() -> None:
    panel = panel_of(walks(60, 40))
    for width in (0.5, 2.0, 8.0):
        fitted = unfitted(panel, TINY, width)
        windows, offsets = fitted.validation, offsets_of(fitted.validated)
        known = judged(windows)
        median = np.zeros_like(windows.base)

        factor = factors(windows, median, offsets, known, LEVELS)
        found = scaled(offsets, factor)

        # At the first quarter ahead eight origins speak against four that are taken as right.
        inside = (found[:, 0, 2] <= windows.target[:, 0]) & (windows.target[:, 0] <= found[:, 0, 6])
        before = (offsets[:, 0, 2] <= windows.target[:, 0]) & (windows.target[:, 0] <= offsets[:, 0, 6])
        here = known[:, 0]
        assert abs(inside[here].mean() - 0.8) < abs(before[here].mean() - 0.8)


def test_without_a_known_target_the_predicted_widths_stay() -> None:
    fitted = unfitted(panel_of(walks(3, 30)), TINY)
    nothing = np.zeros_like(fitted.validation.target_present)

    found = factors(
        fitted.validation, np.zeros_like(fitted.validation.base), offsets_of(fitted.validated), nothing, LEVELS
    )

    assert (found == 1.0).all()


def test_a_score_takes_the_rank_of_one_more_sample_than_there_is() -> None:
    """With nine scores at one origin the 80 % rank is ceil(10 * 0.8) = 8; the factor is a fifth of the way from 1."""
    panel = panel_of(walks(9, 30))
    fitted = unfitted(panel, TINY, width=1.0)
    windows, offsets = fitted.validation, offsets_of(fitted.validated)
    only = judged(windows) & (windows.origin == windows.origin.max())[:, None]

    found = factors(windows, np.zeros_like(windows.base), offsets, only, LEVELS)

    scores = np.sort(np.abs(windows.target[only[:, 0], 0]) / 0.4)
    assert abs(found[0, 2] - (scores[7] + 4.0) / 5.0) < 1e-12
