"""How much each part contributes to a weighted mean, so that the contributions add up to it to the last digit."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext

from kpi.scorecard.exact import WIDE, divide

Weighted = tuple[Decimal, Decimal | None]  # weight, score


def points_of(parts: Sequence[Weighted], mean: Decimal) -> tuple[Decimal, ...]:
    """The points that each part brings to ``mean``, the weighted mean over the parts that have a score.

    A part without one brings none. What the quotients lose in their 40th digit goes to the greatest, so that the sum
    is ``mean`` exactly. At least one part has a score.
    """
    with localcontext(WIDE):
        held = sum((weight for weight, score in parts if score is not None), Decimal(0))
        points = [Decimal(0) if score is None else divide(weight * score, held) for weight, score in parts]
        greatest = max(range(len(points)), key=lambda at: abs(points[at]))
        points[greatest] += mean - sum(points, Decimal(0))
    return tuple(points)


def rounded_to_sum(amounts: Sequence[Decimal], digits: int) -> tuple[Decimal, ...]:
    """``amounts`` rounded to ``digits`` after the point so that they add up to their rounded sum.

    All are rounded down; those cut off the most get the missing units back. Each is less than one unit off.
    """
    unit = Decimal(1).scaleb(-digits)
    with localcontext(WIDE):
        whole = sum(amounts, Decimal(0)).quantize(unit)
        down = [amount.quantize(unit, ROUND_FLOOR) for amount in amounts]
        missing = int((whole - sum(down, Decimal(0))) / unit)
        by_loss = sorted(range(len(amounts)), key=lambda at: down[at] - amounts[at])
        for at in by_loss[:missing]:
            down[at] += unit
    return tuple(down)
