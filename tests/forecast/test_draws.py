from hashlib import sha256

import numpy as np

from forecast.draws import BATCHES, INITIAL_WEIGHTS, dyadic, stream

# Golden: changes only with forecast.draws.VERSION, and then every published digest changes too.
GOLDEN_DRAWS = "9695f9163a4f83c846c352e55a241fd50b4d416bafa32bd5282887ef8123d77c"


def test_integer_draws_are_the_golden_ones() -> None:
    drawn = stream(20260101, BATCHES, 1).integers(0, 1000, size=500)

    assert sha256(drawn.astype("<i8").tobytes()).hexdigest() == GOLDEN_DRAWS


def test_draws_lie_on_a_grid_of_powers_of_two() -> None:
    drawn = dyadic(stream(1, INITIAL_WEIGHTS), (1000,))

    assert (drawn * 2.0**20 == np.round(drawn * 2.0**20)).all()
    assert -1.0 <= drawn.min() < -0.99
    assert 0.99 < drawn.max() < 1.0
