"""Random numbers as versioned integer draws, the same on every machine."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

VERSION: Final = "pcg64-integers-1"

# Each use has a stream of its own, so that one more draw here never shifts another there.
INITIAL_WEIGHTS: Final = 1
BATCHES: Final = 2
PATHS: Final = 3
FINGERPRINT: Final = 4
SIMULATOR: Final = 5


def stream(seed: int, use: int, *place: int) -> np.random.Generator:
    """An own generator for one use of a run's seed, and one place in it: a member, a step, a chunk; (0,) if none."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, use, *(place or (0,))])))


def dyadic(generator: np.random.Generator, shape: tuple[int, ...], bits: int = 20) -> NDArray[np.float64]:
    """Numbers in [-1, 1) on a grid of ``2**-bits``; exact, so no library's rounding is in them."""
    drawn = generator.integers(-(1 << bits), 1 << bits, size=shape, dtype=np.int64)
    return drawn.astype(np.float64) * 2.0**-bits
