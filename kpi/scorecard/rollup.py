"""Adding cells over the organisation tree and over quarters, for exact integers and for sample paths alike.

Arrays are ``(..., org unit, quarter)``; leading axes (sample paths) ride along. A cell without data holds 0 and is
marked in a mask, because missing is not zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.results import Window

Cells = NDArray[Any]  # int64, object (Python integers) or float64
Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

QUARTERS = 4


@dataclass(frozen=True)
class Level:
    """The inner units of one depth with all their children, which lie parent by parent from ``starts`` on."""

    parents: Counts
    children: Counts
    starts: Counts

    def sums(self, values: Cells) -> Cells:
        """Each parent's sum over its children."""
        total: Cells = np.add.reduceat(values[..., self.children, :], self.starts, axis=-2)
        return total


@dataclass(frozen=True)
class Tree:
    """The organisation as positions: ``levels`` from the lowest inner units up to the head office."""

    units: tuple[str, ...]
    levels: tuple[Level, ...]

    @classmethod
    def from_organisation(cls, organisation: Organisation) -> Self:
        """Positions follow ``organisation.units``, where parents come first."""
        codes = tuple(unit.code for unit in organisation.units)
        position = {code: index for index, code in enumerate(codes)}
        depth: list[int] = []
        families: dict[int, dict[int, list[int]]] = {}
        for unit in organisation.units:
            if unit.parent is None:
                depth.append(0)
                continue
            parent = position[unit.parent]
            depth.append(depth[parent] + 1)
            families.setdefault(depth[parent], {}).setdefault(parent, []).append(position[unit.code])
        return cls(codes, tuple(_level(families[at]) for at in sorted(families, reverse=True)))


def _level(families: Mapping[int, list[int]]) -> Level:
    sizes = [len(children) for children in families.values()]
    return Level(
        parents=np.array(list(families), np.int64),
        children=np.array([child for children in families.values() for child in children], np.int64),
        starts=np.array([0, *accumulate(sizes[:-1])], np.int64),
    )


def roll_up(values: Cells, own: Mask, tree: Tree) -> Cells:
    """Values of every org unit: its own where ``own`` (org unit, quarter) says so, else the sum over its children."""
    total = np.where(own, values, 0)
    for level in tree.levels:
        at = level.parents
        total[..., at, :] = np.where(own[at], total[..., at, :], level.sums(total))
    return total


def roll_up_expected(present: Mask, expected: Mask, tree: Tree) -> Counts:
    """How many own cells each value should rest on: its own one where it is present or nobody below has any."""
    wanted = (present | expected).astype(np.int64)
    for level in tree.levels:
        at, below = level.parents, level.sums(wanted)
        wanted[at] = np.where(present[at] | (below == 0), wanted[at], below)
    return wanted


def window_bounds(window: Window, first: Period, length: int) -> tuple[Counts, Counts]:
    """For each of ``length`` quarters from ``first``: positions of the window's first and last quarter.

    Positions may lie outside 0..length-1 where the window reaches beyond the data.
    """
    at = np.arange(length)
    in_year = (at + first.index - 1) % QUARTERS
    match window:
        case Window.QUARTER:
            return at, at
        case Window.YTD:
            return at - in_year, at
        case Window.YEAR:
            return at - in_year, at - in_year + QUARTERS - 1
        case Window.ROLLING4:
            return at - (QUARTERS - 1), at


def window_sum(values: Cells, window: Window, first: Period) -> Cells:
    """Sum over each quarter's window along the last axis, earliest quarter first; outside the data adds nothing."""
    length = values.shape[-1]
    start, end = window_bounds(window, first, length)
    total = np.zeros_like(values)
    for step in range(QUARTERS):
        at = start + step
        inside = (at >= 0) & (at < length) & (at <= end)
        total = total + np.where(inside, values[..., np.clip(at, 0, length - 1)], 0)
    return total


def window_last(values: Cells, window: Window, first: Period) -> Cells:
    """The value in the last quarter of each quarter's window; 0 where that lies beyond the data."""
    length = values.shape[-1]
    _, end = window_bounds(window, first, length)
    return np.where(end < length, values[..., np.clip(end, 0, length - 1)], 0)
