from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from forecast.draws import SIMULATOR, stream
from forecast.simulator.chance import Chance, Floats
from forecast.simulator.parts import breaks, cycle, noise, outliers, saturation, season, trend
from forecast.simulator.prior import Prior
from forecast.simulator.series import simulate

NOTHING = Prior(
    drifts=0.0, remembers=0.0, wanders_slope=0.0, level_moves=0.0, reverts=0.0, turns=0.0, jumps=0.0, saturates=0.0,
    cycles=0.0, seasonal=0.0, noisy=0.0, outlying=0.0, rounded=0.0, sticky=0.0,
)  # fmt: skip


def drawn(prior: Prior = Prior(), count: int = 400, length: int = 52, place: int = 0) -> Floats:  # noqa: B008
    return simulate(stream(7, SIMULATOR, place), count, length, prior)


def chance(count: int = 400) -> Chance:
    return Chance(stream(3, SIMULATOR), count)


def test_the_same_draws_give_the_same_series_to_the_byte() -> None:
    assert drawn().tobytes() == drawn().tobytes()
    assert drawn().tobytes() != drawn(place=1).tobytes()


def test_the_simulator_gives_its_golden_bytes() -> None:
    """They change with the prior and with nothing else: then put the new digest here, and pretrain again."""
    found = sha256((drawn(count=64) + 0.0).astype("<f8").tobytes()).hexdigest()

    assert found[:16] == GOLDEN


def test_every_value_is_finite_and_most_series_move() -> None:
    values = drawn(count=2000)

    assert np.isfinite(values).all()
    assert ((values != values[:, :1]).any(axis=1)).mean() > 0.98


@pytest.mark.parametrize("part", [trend, breaks, saturation, cycle, season, noise])
def test_each_part_can_be_left_out(part: object) -> None:
    assert callable(part)
    found = part(chance(), 20, NOTHING)

    assert found.shape == (20, 400)
    assert (found == 0.0).all()


def test_a_season_that_does_not_wander_repeats_every_four_quarters_and_sums_to_zero() -> None:
    found = season(chance(), 24, replace(NOTHING, seasonal=1.0, season_wanders=0.0))

    assert found[4:] == pytest.approx(found[:-4])
    assert found[:4].sum(axis=0) == pytest.approx(np.zeros(400), abs=1e-9)


def test_a_drift_alone_is_a_straight_line() -> None:
    found = trend(chance(), 30, replace(NOTHING, drifts=1.0))

    steps = found[1:] - found[:-1]
    assert steps == pytest.approx(np.broadcast_to(steps[:1], steps.shape), abs=1e-9)
    assert (steps[0] != 0.0).mean() > 0.99


def test_an_outlier_is_gone_after_its_quarter_or_fades() -> None:
    found = np.abs(outliers(chance(2000), 60, replace(NOTHING, outlying=1.0, outlier_share=(0.02, 0.02))))

    assert 0.01 < (found > 1.0).mean() < 0.2
    assert (found == 0.0).mean() > 0.3


def test_a_share_stays_between_nothing_and_all() -> None:
    values = drawn(replace(Prior(), logarithm=0.0, amount=0.0, square=0.0, share=1.0, rounded=0.0))

    assert 0.0 <= values.min() < values.max() <= 1.0


def test_a_count_is_a_whole_number_and_never_negative() -> None:
    values = drawn(replace(Prior(), logarithm=0.0, amount=0.0, square=0.0, share=0.0, rounded=0.0))

    assert values.min() >= 0.0
    assert (values == np.floor(values)).all()


GOLDEN = "4653474d058ae434"
