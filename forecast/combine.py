"""Which median to show: that of the network, of a simple method, or of both together, by what each missed in the past.

Everything is in units of a window's scale around its base, and portable to the bit: + - * /, comparisons, exact sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final, Literal

import numpy as np

from forecast.simple.methods import SIMPLE
from forecast.windows import SEASON, Floats, Mask, Windows

Candidate = Literal["naive", "seasonal_naive", "drift", "damped", "theta", "combined", "network"]

SIMPLEST_FIRST: Final[tuple[Candidate, ...]] = (
    "naive",
    "seasonal_naive",
    "drift",
    "damped",
    "theta",
    "combined",
    "network",
)
DEFAULT: Final[Candidate] = "combined"
# Measured on the validation part of the M4 quarterly series at four origins: better than any of the three alone.
NETWORK_SHARE, DAMPED_SHARE, THETA_SHARE = 0.7, 0.15, 0.15
# By how much of the loss a method must be better than a simpler one: less is chance, and the simpler one is explained.
MARGIN: Final = 0.02
# The record of the whole panel counts as much as so many targets of a component's own.
SHARED_TARGETS: Final = 8
# Fewer known targets than this in the whole panel decide nothing.
FEWEST_TARGETS: Final = 8

# A loss beyond it counts no more, so that no odd series speaks for the whole panel; 1 is a usual one.
LARGEST_LOSS: Final = 8.0

Medians = Mapping[Candidate, Floats]


@dataclass(frozen=True, slots=True)
class Record:
    """What each candidate missed by at past origins: mean miss in units of scale times its cost, up to
    :data:`LARGEST_LOSS`.

    ``losses`` are shrunk towards those of the whole panel; ``origins`` and ``targets`` are the component's own.
    """

    losses: Mapping[Candidate, float]
    origins: int
    targets: int


def candidates(values: Floats, present: Mask, windows: Windows, network: Floats, context: int) -> Medians:
    """The (window, horizon) medians of every candidate; ``network`` are the network's, ``windows`` of all series.

    A simple method sees what the network sees: ``context`` quarters and the year before. A series that never moved
    there stays at its base.
    """
    found: dict[Candidate, Floats] = {
        name: in_scales(name, values, present, windows, context) for name in SIMPLEST_FIRST if name in SIMPLE
    }
    network = np.where(windows.moves[:, None], network, 0.0)
    return found | {"combined": _mixed(network, found["damped"], found["theta"]), "network": network}


def combined_median(values: Floats, present: Mask, windows: Windows, network: Floats, context: int) -> Floats:
    """The default combination alone, (window, horizon), as :func:`candidates` gives it."""
    damped, theta = (in_scales(name, values, present, windows, context) for name in ("damped", "theta"))
    return _mixed(np.where(windows.moves[:, None], network, 0.0), damped, theta)


def _mixed(network: Floats, damped: Floats, theta: Floats) -> Floats:
    return NETWORK_SHARE * network + DAMPED_SHARE * damped + THETA_SHARE * theta


def in_scales(name: str, values: Floats, present: Mask, windows: Windows, context: int) -> Floats:
    """(window, horizon): what the simple method ``name`` says, from what the network sees."""
    horizon = windows.base.shape[1]
    found = np.zeros_like(windows.base)
    for origin in sorted(set(windows.origin.tolist())):
        rows = windows.origin == origin
        seen = slice(max(0, origin + 1 - context - SEASON), origin + 1)
        series = windows.series[rows]
        found[rows] = SIMPLE[name](values[series, seen], present[series, seen], horizon)
    return np.where(windows.moves[:, None], windows.in_scales(found), 0.0)


def records(components: Sequence[str], windows: Windows, medians: Medians, known: Mask) -> dict[str, Record]:
    """The record of each component over the ``known`` (window, horizon) cells; ``components`` by series."""
    losses = {name: losses_of(windows, found) for name, found in medians.items()}
    everywhere = {name: mean_loss(loss, known) for name, loss in losses.items()}
    owner = np.array(components)[windows.series]
    found = {}
    for component in sorted(set(components)):
        own = known & (owner == component)[:, None]
        found[component] = Record(
            {name: shrunk(loss, own, everywhere[name]) for name, loss in losses.items()},
            len(set(windows.origin[own.any(1)].tolist())),
            int(own.sum()),
        )
    return found


def losses_of(windows: Windows, median: Floats) -> Floats:
    """(window, horizon): the loss of each ``median`` as in :class:`Record`; without a target it means nothing."""
    losses: Floats = np.minimum(np.abs(windows.target - median) * windows.cost[:, None], LARGEST_LOSS)
    return losses


def mean_loss(loss: Floats, known: Mask) -> float:
    """The mean over ``known`` cells; 0 where there are none."""
    return fsum(loss[known].tolist()) / max(int(known.sum()), 1)


def shrunk(loss: Floats, own: Mask, everywhere: float) -> float:
    """The mean over a component's ``own`` cells, shrunk towards that ``everywhere``."""
    return (fsum(loss[own].tolist()) + SHARED_TARGETS * everywhere) / (int(own.sum()) + SHARED_TARGETS)


def preferred(record: Record) -> Candidate:
    """From the simplest to the richest: each takes over only from one that it beats by :data:`MARGIN`."""
    best = SIMPLEST_FIRST[0]
    for name in SIMPLEST_FIRST[1:]:
        if record.losses[name] < (1.0 - MARGIN) * record.losses[best]:
            best = name
    return best


def preferences(found: Mapping[str, Record], enough: bool) -> dict[str, Candidate]:
    """The candidate of each component; the default where there is not ``enough`` past to judge by."""
    return {component: preferred(record) if enough else DEFAULT for component, record in found.items()}


def enough_targets(known: Mask) -> bool:
    """Whether the ``known`` cells say anything at all."""
    return int(known.sum()) >= FEWEST_TARGETS


def picked(components: Sequence[str], windows: Windows, medians: Medians, chosen: Mapping[str, Candidate]) -> Floats:
    """(window, horizon): the medians of the candidate that each window's component has."""
    owner = np.array(components)[windows.series]
    result = medians[DEFAULT].copy()
    for component, name in chosen.items():
        rows = owner == component
        result[rows] = medians[name][rows]
    return result
