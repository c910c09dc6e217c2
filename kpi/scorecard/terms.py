"""Formula terms over arrays of components: shifting in time, factors, derived components.

Numbers are scaled: ``value = values / 10**exponent``. With integers every sum is exact; sample paths are float64 with
exponent 0 at the start, and take the same road.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, reduce
from typing import NamedTuple

import numpy as np

from kpi.catalogue.models import Catalogue, Term
from kpi.facts import Scenario
from kpi.scorecard.exact import WIDE
from kpi.scorecard.rollup import QUARTERS, Cells, Mask

STEPS = {"closing": 0, "opening": 1, "prior_year": QUARTERS}
_SAFE = 2**60  # leaves room for four quarters in 64 bits


@dataclass(frozen=True)
class Column:
    """A quantity: ``values`` (..., org unit, quarter), 0 where not ``present`` (org unit, quarter)."""

    values: Cells
    present: Mask
    exponent: int = 0

    def scaled(self, exponent: int, factor: int = 1) -> Cells:
        """The values times ``factor``, on a finer exponent."""
        return multiply(self.values, factor * 10 ** (exponent - self.exponent))

    def later(self, quarters: int) -> "Column":
        """Each quarter sees what stood ``quarters`` earlier."""
        if not quarters:
            return self
        values, present = np.zeros_like(self.values), np.zeros_like(self.present)
        values[..., quarters:] = self.values[..., :-quarters]
        present[:, quarters:] = self.present[:, :-quarters]
        return Column(values, present, self.exponent)


Read = Callable[[str, Scenario], Column | None]
Join = Callable[[Sequence[Term], Read, Scenario], Column | None]


def scale(numbers: Sequence[Decimal], cells: int) -> tuple[Cells, int]:
    """Integers and their exponent for exact decimals; int64 where a sum over ``cells`` of them can't overflow."""
    exponent = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
    exponent = max(exponent, 0)
    whole = [int(number.scaleb(exponent, WIDE)) for number in numbers]
    peak = max(map(abs, whole), default=0)
    return np.array(whole, dtype=np.int64 if peak * cells < _SAFE else object), exponent


def with_cells(column: Column, cells: Mapping[tuple[int, int], Decimal]) -> Column:
    """The column with these exact values at (org unit, quarter), whatever stood there; the one given is left alone."""
    if not cells:
        return column
    whole, exponent = scale(list(cells.values()), column.values.size)
    finest = max(exponent, column.exponent)
    values, whole = column.scaled(finest), multiply(whole, 10 ** (finest - exponent))
    peak = max(int(np.abs(values).max(initial=0)), int(np.abs(whole).max()))
    kind = np.int64 if peak * values.size < _SAFE else object
    values, present = values.astype(kind), column.present.copy()
    at = tuple(np.array(places) for places in zip(*cells, strict=True))
    values[at], present[at] = whole, True
    return Column(values, present, finest)


def multiply(values: Cells, factor: int) -> Cells:
    """``values * factor``; integers move to Python's unbounded ones before 64 bits could overflow in a later sum."""
    if factor == 1:
        return values
    peak = int(np.abs(values).max(initial=0)) if values.dtype == np.int64 else 0
    if values.dtype == np.int64 and max(peak * values.size, 1) * abs(factor) >= _SAFE:
        values = values.astype(object)
    product: Cells = values * factor
    return product


def add(left: Cells, right: Cells) -> Cells:
    """Exact sum of two arrays: int64 only when it can't overflow."""
    if left.dtype == right.dtype == np.int64 and left.size:
        peak = int(np.abs(left).max()) + int(np.abs(right).max())
        if peak * left.size >= _SAFE:
            left = left.astype(object)
    total: Cells = left + right
    return total


def combine(terms: Sequence[Term], read: Read, scenario: Scenario) -> Column | None:
    """The sum of ``terms``, present where every term is; None when a component has no data at all."""
    found = _summands(terms, read, scenario)
    return None if found is None else Column(np.where(found.present, reduce(add, found.values), 0), *found[1:])


def apart(terms: Sequence[Term], read: Read, scenario: Scenario) -> Column | None:
    """What :func:`combine` adds up, side by side: ``values`` are (term, org unit, quarter)."""
    found = _summands(terms, read, scenario)
    return None if found is None else Column(np.where(found.present, np.stack(found.values), 0), *found[1:])


class _Summands(NamedTuple):
    values: list[Cells]
    present: Mask
    exponent: int


def _summands(terms: Sequence[Term], read: Read, scenario: Scenario) -> _Summands | None:
    parts: list[tuple[Column, int, int]] = []
    for term in terms:
        column = read(term.component, term.scenario or scenario)
        if column is None:
            return None
        sign, digits, power = term.factor.as_tuple()
        whole = int("".join(map(str, digits))) * (-1 if sign else 1) * 10 ** max(int(power), 0)
        parts.append((column.later(STEPS[term.at]), whole, max(-int(power), 0)))
    exponent = max(column.exponent + power for column, _, power in parts)
    present = np.logical_and.reduce([column.present for column, _, _ in parts])
    return _Summands([column.scaled(exponent - power, whole) for column, whole, power in parts], present, exponent)


def with_derived(read: Read, catalogue: Catalogue) -> Read:
    """``read`` that fills a component from its ``derived_from`` terms wherever no fact stands. Each column is read
    once and kept."""

    @cache
    def reader(component: str, scenario: Scenario) -> Column | None:
        given = read(component, scenario)
        terms = catalogue.component[component].derived_from
        derived = combine(terms, reader, scenario) if terms else None
        if given is None or derived is None:
            return derived if given is None else given
        exponent = max(given.exponent, derived.exponent)
        values = np.where(given.present, given.scaled(exponent), derived.scaled(exponent))
        return Column(values, given.present | derived.present, exponent)

    return reader
