import csv
import io
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.choice import choose
from forecast.paths import quantile, sample_paths
from forecast.record_files import why_csv
from forecast.why import Account, account, explain
from forecast.words import TERMS
from tests.forecast.builders import TINY
from tests.forecast.unfitted import panel_of, unfitted, walks

numbers = st.floats(-1e300, 1e300) | st.floats(-1e12, 1e12) | st.just(0.0)


def left_to_right(terms: np.ndarray) -> np.ndarray:
    total: np.ndarray = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


@given(arrays(np.float64, (6, 2, 3), elements=numbers), arrays(np.float64, (2, 3), elements=numbers))
def test_the_terms_add_up_to_the_median_to_the_last_bit(steps: np.ndarray, median: np.ndarray) -> None:
    found = account(steps, median)

    assert (left_to_right(found.terms) == median).all()
    for row in range(2):
        for ahead in range(3):
            exact = sum((Fraction(term) for term in found.terms[:, row, ahead].tolist()), Fraction(0))
            assert exact == Fraction(float(median[row, ahead]))


@given(arrays(np.float64, (6, 1, 2), elements=st.integers(-(10**15), 10**15).map(lambda number: number / 1000)))
def test_a_term_is_the_step_that_it_stands_for_up_to_the_grid(steps: np.ndarray) -> None:
    found = account(steps, steps[-1])

    assert np.abs(np.diff(steps, axis=0) - found.terms[1:6]).max() <= np.abs(steps).max() * 2.0**-38
    assert np.abs(found.terms[7]).max() <= np.abs(steps).max() * 2.0**-40


def explained(values: np.ndarray, median: float = 0.0) -> tuple[Account, list[dict[str, str]], np.ndarray]:
    panel = panel_of(values)
    fitted = unfitted(panel, TINY, median=median)
    choices = choose(panel, fitted, TINY)
    paths = sample_paths(panel, fitted, choices, np.zeros(len(values), dtype=np.bool_), TINY)
    found = explain(panel, fitted, choices, paths, TINY)
    rows = list(csv.DictReader(io.StringIO(why_csv(panel, choices, found))))
    return found, rows, quantile(paths.samples, 0.5)


def test_the_account_adds_up_to_the_published_median_of_every_series_and_quarter() -> None:
    constant = np.full((1, 30), 7.0)
    falling = np.maximum(0.0, 300.0 - 11.0 * np.arange(30.0))[None]

    found, rows, published = explained(np.concatenate([walks(4, 30), constant, falling]))

    assert (found.median == published).all()
    assert (left_to_right(found.terms) == published).all()
    read = np.array([[float(row[name]) for name in TERMS] for row in rows])
    assert (left_to_right(read.T) == np.array([float(row["median"]) for row in rows])).all()
    assert found.terms[:, 4, 0].tolist() == [7.0] + [0.0] * (len(TERMS) - 1)


def test_a_last_value_is_explained_by_the_newest_value_alone() -> None:
    values = walks(30, 40)

    found, _, _ = explained(values)

    assert found.terms[0, :, 0] == pytest.approx(values[:, -1])
    assert np.abs(found.terms[1:]).max() < 1e-6


def test_a_short_panel_tells_the_season_trend_network_and_combination_apart() -> None:
    """Nine quarters: the default combination, with a network that always says half a scale above its base."""
    values = (1000.0 + 10.0 * np.arange(9.0))[None] + walks(2, 9) * 0.001

    found, rows, _ = explained(values, median=0.5)

    names = dict(zip(TERMS, found.terms[:, 0, 0].tolist(), strict=True))
    newest = unfitted(panel_of(values), TINY).newest
    assert names["level"] == pytest.approx(values[0, -1])
    assert names["trend"] > 0.0
    assert names["season"] == pytest.approx(0.0, abs=1e-6)
    by_network = names["level"] + names["season"] + names["trend"] + names["network"]
    assert by_network == pytest.approx(newest.base[0, 0] + 0.5 * newest.scale[0])
    assert by_network + names["combination"] == pytest.approx(float(found.median[0, 0]))
    assert names["combination"] != 0.0
    assert names["adaptation"] == 0.0
    assert len(rows) == 2 * 8
