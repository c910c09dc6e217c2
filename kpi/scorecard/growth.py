"""Change against an earlier value."""

from kpi.scorecard.exact import divide
from kpi.scorecard.results import Reason, Value


def growth(now: Value, before: Value, relative: bool) -> Value:
    """The change from ``before`` to ``now``.

    ``relative``: as a share of ``before``, for amounts; undefined against a base of zero or less, because the sign
    would mislead. Otherwise the plain difference, for ratios, durations and ratings (shares differ in points).
    """
    if now.amount is None or before.amount is None:
        return Value(reason=now.reason or before.reason or Reason.NO_DATA)
    change = now.amount - before.amount
    if not relative:
        return Value(change)
    if before.amount <= 0:
        return Value(reason=Reason.NOT_POSITIVE_BASE)
    return Value(divide(change, before.amount))
