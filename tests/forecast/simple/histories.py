"""Histories to try the simple methods on."""

from hashlib import sha256

import numpy as np

from forecast.draws import BATCHES, stream
from forecast.series import canonical_bytes
from forecast.windows import Floats, Mask


def history(*values: float | None) -> tuple[Floats, Mask]:
    """One series, oldest first; None is a gap."""
    there = np.array([[value is not None for value in values]])
    return np.array([[0.0 if value is None else value for value in values]]), there


def drawn(series: int, quarters: int, gaps: bool = True) -> tuple[Floats, Mask]:
    """Positive, seasonal, growing series from integer draws, padded on the left, some values missing."""
    draws = stream(5, BATCHES)
    season = np.array([90.0, 100.0, 130.0, 80.0])[np.arange(quarters) % 4]
    noise = draws.integers(-15, 16, size=(series, quarters)).astype(np.float64)
    values = season + noise + np.arange(quarters) * draws.integers(0, 3, size=(series, 1)).astype(np.float64)
    present = np.arange(quarters)[None, :] >= draws.integers(0, quarters - 1, size=(series, 1))
    if gaps:
        present &= draws.integers(0, 12, size=(series, quarters)) > 0
    present[:, -2] = True
    return values, present


def digest(values: Floats) -> str:
    """SHA-256 of the bytes."""
    return sha256(canonical_bytes(values)).hexdigest()
