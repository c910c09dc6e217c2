"""The heat map's rules: how strongly a cell is coloured, in which order rows stand and how many are drawn."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TypeVar

from kpi.scorecard.moves import Move
from kpi.scorecard.results import Judged, Status

STRONGEST = 3
"""Steps run from ``-STRONGEST`` (worst) to ``STRONGEST`` (best); 0 is neither."""
CHANCE_LIMITS = (0.1, 0.3, 0.5, 0.7, 0.9)
MOVE_LIMITS = (Decimal("0.05"), Decimal("0.15"))

_ORDER = {Status.RED: 0, Status.AMBER: 1, Status.GREEN: 2}
Number = TypeVar("Number", Decimal, float)
Rank = tuple[Decimal | float | int | str, ...]


def attainment_step(reached: Decimal, width: Decimal) -> int:
    """How far from the target, a step each ``width``: the target itself is step 1, anything below it at most -1."""
    return _step(reached, _around_target(width))


def chance_step(chance: float) -> int:
    """How likely: -3 below 10 %, -2 below 30 %, -1 below an even chance, then 1, 2 from 70 % and 3 from 90 % on."""
    return _step(chance, CHANCE_LIMITS)


@cache
def _around_target(width: Decimal) -> tuple[Decimal, ...]:
    return tuple(1 + width * step for step in range(1 - STRONGEST, STRONGEST))


def _step(amount: Number, limits: Sequence[Number]) -> int:
    """Among five limits, each of which belongs to the step above it; there is no step 0."""
    passed = bisect_right(limits, amount)
    return passed - STRONGEST if passed < STRONGEST else passed - STRONGEST + 1


def move_step(move: Move) -> int | None:
    """How far to the better or the worse: 1 up to 5 % of the value before, 2 up to 15 %, then 3, which is also a move
    away from zero; None where no change is told."""
    if move.better is None:
        return None
    size = move.size
    return move.better * (STRONGEST if size is None else 1 + sum(size > limit for limit in MOVE_LIMITS))


def attainment_rank(result: Judged) -> Rank | None:
    """By attainment."""
    return None if result.attainment.amount is None else (result.attainment.amount,)


def status_rank(result: Judged) -> Rank | None:
    """By status, then by attainment; among equals those without one come last."""
    if result.status is Status.NONE:
        return None
    reached = result.attainment.amount
    return _ORDER[result.status], Decimal("-Infinity") if reached is None else reached


def move_rank(move: Move) -> Rank | None:
    """By how far to the better as a share of the value before; away from zero counts most."""
    if not move.better:
        return None if move.better is None else (Decimal(0),)
    return (move.better * (Decimal("Infinity") if move.size is None else move.size),)


def ordered(codes: Sequence[str], ranks: Mapping[str, Rank | None], descending: bool) -> list[str]:
    """``codes`` by their ranks; those without one come last either way, and equals keep their order."""
    known = [code for code in codes if ranks.get(code) is not None]
    known.sort(key=lambda code: ranks[code] or (), reverse=descending)
    return known + [code for code in codes if ranks.get(code) is None]


@dataclass(frozen=True)
class Page:
    """A part of ``total`` rows: ``number`` of ``count`` pages, rows ``first`` to ``last`` counted from 1."""

    number: int
    count: int
    first: int
    last: int
    total: int

    @classmethod
    def of(cls, total: int, size: int, wanted: int) -> "Page":
        """Page ``wanted``, counted from 1, of pages of ``size`` rows; the nearest one there is."""
        count = max(1, -(-total // size))
        number = min(max(wanted, 1), count)
        return cls(number, count, min((number - 1) * size + 1, total), min(number * size, total), total)

    def cut(self, codes: Sequence[str]) -> Sequence[str]:
        """The rows of this page."""
        return codes[max(self.first - 1, 0) : self.last]
