"""The weights on their way through training, each look hashed together with the one before.

So two machines that part can be told where they did, and nobody can claim other weights on the way to the same end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BEGINNING = "0" * 64


@dataclass(frozen=True)
class Link:
    """A look at the weights after ``step`` steps of ``leg``.

    ``weights`` is the SHA-256 of all of them as little-endian float64, ``link`` that of
    ``previous link:leg:step:weights``.
    """

    leg: str
    step: int
    weights: str
    link: str


def chained(legs: Sequence[tuple[str, Mapping[int, Floats]]]) -> tuple[Link, ...]:
    """One chain through all looks of all legs, in the order given and by step; legs map steps to flat weights."""
    links: list[Link] = []
    previous = _BEGINNING
    for leg, seen in legs:
        for step, weights in sorted(seen.items()):
            digest = sha256(np.ascontiguousarray(weights, dtype="<f8").tobytes()).hexdigest()
            previous = sha256(f"{previous}:{leg}:{step}:{digest}".encode()).hexdigest()
            links.append(Link(leg, step, digest, previous))
    return tuple(links)
