"""The one division of the house: enough digits that no comparison with a limit can be changed by rounding."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

WIDE = Context(prec=100)  # for shifting the point and adding: never rounds what a workbook can hold
CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)


def divide(numerator: Decimal, denominator: Decimal) -> Decimal:
    """The quotient to 40 significant digits. Raises ZeroDivisionError on zero."""
    if not denominator:
        raise ZeroDivisionError
    return CONTEXT.divide(numerator, denominator)
