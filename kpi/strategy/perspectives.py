"""Where each objective stands on the map: its perspective, and its place in the row."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Literal

from kpi.catalogue.models import Catalogue
from kpi.scorecard.template import ScorecardTemplate

Perspective = Literal["financial", "customer", "internal", "learning"]
PERSPECTIVES: tuple[Perspective, ...] = ("financial", "customer", "internal", "learning")
"""From the top of the map down: causes lie below their effects."""
Rows = tuple[tuple[str, ...], ...]
Side = tuple[str, str]
Spot = tuple[int, float]  # row from the top, place across from 0 to 1


def perspective_of(objective: str, template: ScorecardTemplate, catalogue: Catalogue) -> Perspective:
    """The perspective that an objective's group is named after, or else the one that most of the weight of its KPIs
    has (of equals the higher)."""
    group = template.objective[objective].group
    named = next((perspective for perspective in PERSPECTIVES if perspective == group), None)
    if named is not None:
        return named
    held = dict.fromkeys(PERSPECTIVES, Decimal(0))
    for entry in template.entries_of(objective):
        held[catalogue.kpi[entry.kpi].perspective] += entry.weight
    return max(PERSPECTIVES, key=lambda perspective: held[perspective])


def map_rows(template: ScorecardTemplate, catalogue: Catalogue, links: Sequence[Side]) -> Rows:
    """The objectives of each of the four rows, ordered so that few links (cause, effect) cross and ends are near.

    From the scorecard's order on, two objectives of a row change places as long as that makes the map tidier: first by
    :func:`crossings` and objectives skipped inside a row, then by the length of the links.
    """
    place = {o.code: perspective_of(o.code, template, catalogue) for o in template.objectives}
    rows: Rows = tuple(tuple(c for c in place if place[c] == perspective) for perspective in PERSPECTIVES)
    drawn = [(cause, effect) for cause, effect in links if cause in place and effect in place]
    while True:
        tidier = min(_swapped(rows), key=lambda other: _untidiness(other, drawn), default=rows)
        if _untidiness(tidier, drawn) >= _untidiness(rows, drawn):
            return rows
        rows = tidier


def _swapped(rows: Rows) -> Iterator[Rows]:
    for at, row in enumerate(rows):
        for left, right in combinations(range(len(row)), 2):
            other = list(row)
            other[left], other[right] = other[right], other[left]
            yield (*rows[:at], tuple(other), *rows[at + 1 :])


def _untidiness(rows: Rows, drawn: Sequence[Side]) -> tuple[int, float]:
    across = {code: (at + 0.5) / len(row) for row in rows for at, code in enumerate(row)}
    skipped = sum(
        abs(row.index(cause) - row.index(effect)) - 1 + (row.index(cause) > row.index(effect))
        for row in rows
        for cause, effect in drawn
        if cause != effect and cause in row and effect in row
    )
    return crossings(rows, drawn) + skipped, sum(abs(across[cause] - across[effect]) for cause, effect in drawn)


def crossings(rows: Rows, drawn: Sequence[Side]) -> int:
    """How many pairs of links cross, drawn straight from (cause) to (effect) between rows."""
    spot = {code: (level, (at + 0.5) / len(row)) for level, row in enumerate(rows) for at, code in enumerate(row)}
    return sum(_cross(*(spot[end] for end in (*one, *other))) for one, other in combinations(drawn, 2))


def _cross(one: Spot, one_end: Spot, other: Spot, other_end: Spot) -> bool:
    """Whether two straight lines cross: on the rows that both pass, one lies first on this side and then on that."""
    top, bottom = max(one_end[0], other_end[0]), min(one[0], other[0])
    if top >= bottom:
        return False
    sides = [_at(one, one_end, level) - _at(other, other_end, level) for level in (top, bottom)]
    return sides[0] * sides[1] < 0


def _at(start: Spot, end: Spot, level: int) -> float:
    return start[1] + (end[1] - start[1]) * (level - start[0]) / (end[0] - start[0])
