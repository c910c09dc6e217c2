"""How far a value meets its target."""

from decimal import Decimal

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.exact import divide
from kpi.scorecard.results import Reason, Value

_ONE, _TWO = Decimal(1), Decimal(2)


def attainment(actual: Decimal, target: Decimal, direction: Direction, bands: Bands | None = None) -> Value:
    """Attainment as a share: 1 is on target, more is better. Undefined (ZERO_PLAN) against a target of zero.

    ``higher_better``: actual / target, and 2 - actual / target when the target is negative, so that a smaller loss
    than planned counts as more (plan -500, actual -100: 1.8). ``lower_better`` is the mirror image. ``on_target``: 1
    inside the full band, which is given as shares of the target, and falling on both sides of it.
    """
    if not target:
        return Value(reason=Reason.ZERO_PLAN)
    share = divide(actual, target)
    if direction is Direction.ON_TARGET:
        low, high = bands.full if bands else (_ONE, _ONE)
        if share < low:
            return Value(divide(share, low))
        return Value(_ONE if share <= high else _TWO - divide(share, high))
    rising = (direction is Direction.HIGHER_BETTER) == (target > 0)
    return Value(share if rising else _TWO - share)
