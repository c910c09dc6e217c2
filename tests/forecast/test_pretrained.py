import numpy as np
import pytest

from forecast.networks.use import named_weights, predict
from forecast.pretrained import Pretrained, Start, in_units
from forecast.simple.methods import SIMPLE
from forecast.training.fit import build_network
from forecast.windows import build_windows
from tests.forecast.builders import TINY
from tests.forecast.unfitted import walks

RECIPE = TINY.model_copy(update={"numerics": "standard"}).recipe


@pytest.fixture(scope="module")
def drawn() -> Pretrained:
    weights = named_weights(build_network(RECIPE, 0, "cpu"))
    return Pretrained(Start(RECIPE, tuple((f"member0.{name}", values) for name, values in weights)), "standard", "cpu")


def test_the_quantiles_of_anybodys_series_lie_around_the_default_combination(drawn: Pretrained) -> None:
    values = walks(3, 30)
    present = np.ones(values.shape, dtype=np.bool_)

    found = drawn.quantiles(values, present)

    assert found.shape == (3, 8, 9)
    assert (np.diff(found, axis=2) >= 0.0).all()
    windows = build_windows(values, present, range(29, 30), RECIPE.context, RECIPE.horizon, 30)
    alone = in_units(windows, predict(build_network(RECIPE, 0, "cpu"), windows.features))
    damped, theta = (SIMPLE[name](values, present, 8) for name in ("damped", "theta"))
    assert found[:, :, 4] == pytest.approx(0.7 * alone[:, :, 4] + 0.15 * damped + 0.15 * theta)
    assert np.diff(found, axis=2) == pytest.approx(np.diff(alone, axis=2))


def test_a_series_that_never_moved_stays_where_it_is(drawn: Pretrained) -> None:
    still = np.full((1, 20), 7.0)

    assert (drawn.quantiles(still, np.ones(still.shape, dtype=np.bool_)) == 7.0).all()
