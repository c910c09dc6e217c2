"""How far a value meets its target."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.exact import divide
from kpi.scorecard.results import Reason, Value

_ONE, _TWO = Decimal(1), Decimal(2)


class Rule(StrEnum):
    """How a share of the target becomes an attainment."""

    SHARE = "share"  # it is the share itself
    MIRRORED = "mirrored"  # 2 minus the share
    BELOW_BAND = "below_band"  # the share over the band's lower edge
    INSIDE_BAND = "inside_band"  # 1
    ABOVE_BAND = "above_band"  # 2 minus the share over the band's upper edge


@dataclass(frozen=True, slots=True)
class Reached:
    """An attainment and how it came about; ``edge`` is the band's edge that counts, as a share of the target."""

    amount: Decimal
    rule: Rule
    share: Decimal
    edge: Decimal = _ONE


def attainment(actual: Decimal, target: Decimal, direction: Direction, bands: Bands | None = None) -> Value:
    """Attainment as a share: 1 is on target, more is better. Undefined (ZERO_PLAN) against a target of zero.

    ``higher_better``: actual / target, and 2 - actual / target when the target is negative, so that a smaller loss
    than planned counts as more (plan -500, actual -100: 1.8). ``lower_better`` is the mirror image. ``on_target``: 1
    inside the full band, which is given as shares of the target, and falling on both sides of it.
    """
    found = reached(actual, target, direction, bands)
    return Value(reason=Reason.ZERO_PLAN) if found is None else Value(found.amount)


def reached(actual: Decimal, target: Decimal, direction: Direction, bands: Bands | None = None) -> Reached | None:
    """The :func:`attainment` with its rule; None against a target of zero."""
    if not target:
        return None
    share = divide(actual, target)
    if direction is Direction.ON_TARGET:
        low, high = bands.full if bands else (_ONE, _ONE)
        if share < low:
            return Reached(divide(share, low), Rule.BELOW_BAND, share, low)
        if share > high:
            return Reached(_TWO - divide(share, high), Rule.ABOVE_BAND, share, high)
        return Reached(_ONE, Rule.INSIDE_BAND, share)
    rising = (direction is Direction.HIGHER_BETTER) == (target > 0)
    return Reached(share, Rule.SHARE, share) if rising else Reached(_TWO - share, Rule.MIRRORED, share)
