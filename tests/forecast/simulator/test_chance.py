from statistics import NormalDist

import numpy as np
import pytest

from forecast.draws import SIMULATOR, stream
from forecast.simulator.chance import Chance, exp, log, normal_table


def chance(count: int = 4000) -> Chance:
    return Chance(stream(1, SIMULATOR), count)


def test_the_table_holds_the_normal_quantiles_of_equal_shares() -> None:
    table = normal_table()
    exact = [NormalDist().inv_cdf((index + 0.5) / 65536) for index in range(0, 65536, 97)]

    assert table[::97] == pytest.approx(exact, rel=1e-12, abs=1e-13)
    assert (table == -table[::-1]).all()


def test_normal_numbers_have_mean_zero_and_spread_one() -> None:
    drawn = chance().normal(25)

    assert drawn.shape == (25, 4000)
    assert drawn.mean() == pytest.approx(0.0, abs=0.02)
    assert drawn.std() == pytest.approx(1.0, abs=0.02)


def test_even_numbers_stay_in_their_range_and_fill_it() -> None:
    drawn = chance().even(-1.0, 3.0)

    assert -1.0 <= drawn.min() < -0.99
    assert 2.99 < drawn.max() < 3.0


def test_a_scale_has_as_many_numbers_below_its_geometric_mean_as_above() -> None:
    drawn = chance().scale(0.01, 100.0)

    assert 0.01 <= drawn.min() < drawn.max() <= 100.0 * (1 + 1e-9)
    assert (drawn < 1.0).mean() == pytest.approx(0.5, abs=0.03)


def test_what_happens_sometimes_happens_in_about_that_share_of_the_series() -> None:
    assert (chance().sometimes(0.2, np.ones(4000)) == 1.0).mean() == pytest.approx(0.2, abs=0.03)
    assert (chance().sometimes(0.2, np.ones(4000), otherwise=7.0) == 7.0).mean() == pytest.approx(0.8, abs=0.03)


def test_logarithm_and_exponential_undo_one_another() -> None:
    values = np.array([0.001, 0.5, 1.0, 7.25, 1e6])

    assert exp(log(values)) == pytest.approx(values, rel=1e-11)
