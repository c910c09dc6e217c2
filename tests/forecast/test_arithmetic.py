import math
from hashlib import sha256

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from forecast.draws import BATCHES, INITIAL_WEIGHTS, dyadic, stream
from forecast.network import Network, initialise, named_weights, predict
from forecast.optimizer import square_root
from forecast.weights import pack_weights, unpack_weights, weights_digest

# Golden: changes only with forecast.draws.VERSION, and then every published digest changes too.
GOLDEN_DRAWS = "9695f9163a4f83c846c352e55a241fd50b4d416bafa32bd5282887ef8123d77c"
GOLDEN_WEIGHTS = "de179dc027c42bffffb557af1e9ad12c29bc114753e5e978e2d792fcf2611840"


def small_network() -> Network:
    network = Network(features=10, horizon=3, quantiles=5, width=6, blocks=1)
    initialise(network, seed=7, member=0)
    return network


@given(st.floats(min_value=0.0, allow_infinity=False, allow_nan=False, allow_subnormal=True))
def test_the_square_root_is_correctly_rounded(value: float) -> None:
    assert square_root(torch.tensor([value], dtype=torch.float64)).item() == math.sqrt(value)


def test_the_square_root_is_correctly_rounded_next_to_squares_and_at_the_ends() -> None:
    roots = 1.0 + np.arange(20_000) / 20_000
    squares = roots * roots
    powers = [4.0**k * (1 + j * 2.0**-52) for k in range(-500, 500, 7) for j in range(-4, 5)]
    edges = np.array([0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, *powers])
    values = np.concatenate([squares, np.nextafter(squares, 0), np.nextafter(squares, 9), edges])

    found = square_root(torch.from_numpy(values)).numpy()

    assert (found == np.sqrt(values)).all()


def test_integer_draws_are_the_golden_ones() -> None:
    drawn = stream(20260101, BATCHES, 1).integers(0, 1000, size=500)

    assert sha256(drawn.astype("<i8").tobytes()).hexdigest() == GOLDEN_DRAWS


def test_initial_weights_are_the_golden_ones() -> None:
    assert weights_digest(named_weights(small_network())) == GOLDEN_WEIGHTS


def test_initial_weights_lie_on_a_grid_of_powers_of_two() -> None:
    drawn = dyadic(stream(1, INITIAL_WEIGHTS), (1000,))

    assert (drawn * 2.0**20 == np.round(drawn * 2.0**20)).all()
    assert -1.0 <= drawn.min() < -0.99
    assert 0.99 < drawn.max() < 1.0


def test_a_network_before_training_forecasts_the_base() -> None:
    features = dyadic(stream(3, BATCHES), (5, 10))

    predicted = predict(small_network(), features)

    assert (predicted[:, :, 2] == 0.0).all()


def test_quantiles_never_cross_however_wild_the_weights() -> None:
    network = small_network()
    with torch.no_grad():
        for position, parameter in enumerate(network.parameters()):
            parameter.copy_(torch.from_numpy(dyadic(stream(position, BATCHES), tuple(parameter.shape)) * 50.0))

    predicted = predict(network, dyadic(stream(4, BATCHES), (70, 10)) * 30.0)

    assert (np.diff(predicted, axis=2) >= 0.0).all()
    assert np.ptp(predicted[:, :, 2]) > 1.0


def test_a_prediction_does_not_depend_on_the_rows_beside_it() -> None:
    network = small_network()
    features = dyadic(stream(5, BATCHES), (150, 10))

    together = predict(network, features)

    for row in (0, 63, 64, 149):
        assert (predict(network, features[row : row + 1])[0] == together[row]).all()


def test_weights_come_back_from_their_bytes() -> None:
    weights = named_weights(small_network())

    again = unpack_weights(pack_weights(weights))

    assert [name for name, _ in again] == [name for name, _ in weights]
    assert all((before == after).all() for (_, before), (_, after) in zip(weights, again, strict=True))
