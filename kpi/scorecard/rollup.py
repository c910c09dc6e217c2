"""Adding cells over the organisation tree and over quarters, for exact integers and for sample paths alike.

Arrays are ``(..., org unit, quarter)``; leading axes (sample paths) ride along. A cell without data holds 0 and is
marked in a mask, because missing is not zero.
"""

from dataclasses import dataclass
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
class Tree:
    """The organisation as positions: ``parents`` lists each inner unit with its children, the lowest first."""

    units: tuple[str, ...]
    parents: tuple[tuple[int, Counts], ...]

    @classmethod
    def from_organisation(cls, organisation: Organisation) -> Self:
        """Positions follow ``organisation.units``, where parents come first."""
        codes = tuple(unit.code for unit in organisation.units)
        position = {code: index for index, code in enumerate(codes)}
        children: dict[int, list[int]] = {}
        for unit in organisation.units:
            if unit.parent is not None:
                children.setdefault(position[unit.parent], []).append(position[unit.code])
        lowest_first = sorted(children, reverse=True)
        return cls(codes, tuple((parent, np.array(children[parent], np.int64)) for parent in lowest_first))


def roll_up(values: Cells, present: Mask, expected: Mask, tree: Tree) -> tuple[Cells, Counts, Counts]:
    """Values of every org unit: its own cell where it has one, else the sum over its children.

    ``present`` and ``expected`` (org unit, quarter) say which own cells hold data and which should. Returns values,
    and how many own cells each value rests on and should rest on.
    """
    total = np.where(present, values, 0)
    count = present.astype(np.int64)
    wanted = (present | expected).astype(np.int64)
    for parent, children in tree.parents:
        below = count[children].sum(axis=0)
        from_below = ~present[parent] & ((below > 0) | (wanted[children].sum(axis=0) > 0))
        total[..., parent, :] = np.where(from_below, total[..., children, :].sum(axis=-2), total[..., parent, :])
        wanted[parent] = np.where(from_below, wanted[children].sum(axis=0), wanted[parent])
        count[parent] = np.where(from_below, below, count[parent])
    return total, count, wanted


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
