"""What each org unit and each component contributes to the change of a KPI: exact, so that the parts make the change.

A sum changes by the sum of its parts' changes. A ratio N/D changes by an effect of its numerator and one of its
denominator; each is the mean over both orders in which the two may move (Shapley's value for two players):

    dN (1/D0 + 1/D1) / 2        and        -dD (N0 + N1) / (2 D0 D1).

Both are linear in what moved, so they split over parts by the parts' own dN and dD, without a remainder. Against a
target T that is one number a part is ahead by (n - T d) / D. Fractions throughout: nothing is rounded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Sides:
    """What a part adds to the numerator and to the denominator of a KPI; a sum has no denominators."""

    numerator: Fraction = _NONE
    denominator: Fraction = _NONE

    def __add__(self, other: "Sides") -> "Sides":
        """Both together."""
        return Sides(self.numerator + other.numerator, self.denominator + other.denominator)

    def __sub__(self, other: "Sides") -> "Sides":
        """This one without ``other``."""
        return Sides(self.numerator - other.numerator, self.denominator - other.denominator)

    def value(self, ratio: bool) -> Fraction:
        """The KPI. Raises ZeroDivisionError for a ratio over nothing."""
        return self.numerator / self.denominator if ratio else self.numerator


@dataclass(frozen=True, slots=True)
class Contribution:
    """How much of a change is due to a part: by its numerator and by its denominator, in the unit of the KPI.

    ``appeared``: it has no value before; ``ended``: it has none now. All of its value then counts as its change.
    """

    part: str
    by_numerator: Fraction
    by_denominator: Fraction = _NONE
    appeared: bool = False
    ended: bool = False

    @property
    def amount(self) -> Fraction:
        """Its whole share of the change."""
        return self.by_numerator + self.by_denominator


def total(parts: Mapping[str, Sides]) -> Sides:
    """All parts together."""
    return sum(parts.values(), Sides())


def contributions(now: Mapping[str, Sides], before: Mapping[str, Sides], ratio: bool) -> tuple[Contribution, ...]:
    """What each part contributes to the change from ``before`` to ``now``; the amounts add up to it exactly.

    Parts come in the order of ``now``, then those that ended. Raises ZeroDivisionError for a ratio over nothing.
    """
    by_numerator, by_denominator = _prices(total(now), total(before)) if ratio else (Fraction(1), _NONE)
    found = []
    for part in dict.fromkeys((*now, *before)):
        moved = now.get(part, Sides()) - before.get(part, Sides())
        above, below = moved.numerator * by_numerator, moved.denominator * by_denominator
        found.append(Contribution(part, above, below, part not in before, part not in now))
    return tuple(found)


def joined(part: str, several: Iterable[Contribution]) -> Contribution:
    """``several`` as one part, such as their sum or what is too small to show."""
    above = below = _NONE
    for each in several:
        above, below = above + each.by_numerator, below + each.by_denominator
    return Contribution(part, above, below)


def _prices(now: Sides, before: Sides) -> tuple[Fraction, Fraction]:
    """What one more of the numerator and one more of the denominator change the ratio by."""
    one, two = before.denominator, now.denominator
    return (1 / one + 1 / two) / 2, -(before.numerator + now.numerator) / (2 * one * two)


def distances(now: Mapping[str, Sides], target: Fraction) -> tuple[Contribution, ...]:
    """How far each part of a ratio is ahead of a ``target`` that all share; adds up to the ratio less the target.

    Raises ZeroDivisionError for a ratio over nothing.
    """
    below = total(now).denominator
    return tuple(
        Contribution(part, (sides.numerator - target * sides.denominator) / below) for part, sides in now.items()
    )
