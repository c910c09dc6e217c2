"""Traffic lights: from limits on the value, never from a weighted score."""

from decimal import Decimal

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.exact import divide
from kpi.scorecard.results import Status
from kpi.scorecard.scoring import anchor_score
from kpi.scorecard.template import Limits, ScorecardTemplate


def limits_around(target: Decimal, direction: Direction, amber_share: Decimal) -> Limits:
    """Limits for a KPI that has none of its own: green from the target on, amber for ``amber_share`` of it beyond."""
    width = abs(target) * amber_share
    return Limits(green=target, amber=target - width if direction is Direction.HIGHER_BETTER else target + width)


def status_of(
    value: Decimal,
    target: Decimal | None,
    direction: Direction,
    bands: Bands | None = None,
    limits: Limits | None = None,
    amber_share: Decimal = Decimal("0.1"),
) -> Status:
    """The status of a value. The green limit belongs to green, the amber limit to amber.

    ``on_target`` uses its bands (shares of the target). NONE without limits and without a target.
    """
    if direction is Direction.ON_TARGET:
        if bands is None or not target:
            return Status.NONE
        share = divide(value, target)
        if bands.full[0] <= share <= bands.full[1]:
            return Status.GREEN
        return Status.AMBER if bands.warning[0] <= share <= bands.warning[1] else Status.RED
    if limits is None:
        if target is None:
            return Status.NONE
        limits = limits_around(target, direction, amber_share)
    higher = direction is Direction.HIGHER_BETTER
    for limit, status in ((limits.green, Status.GREEN), (limits.amber, Status.AMBER)):
        if value == limit or (value > limit) is higher:
            return status
    return Status.RED


def status_of_part(score: Decimal | None, template: ScorecardTemplate) -> Status:
    """The status of a group or total: green from the score that a KPI exactly on target gets, amber from the score
    of one that is short of it by the template's amber share."""
    if score is None:
        return Status.NONE
    if score >= anchor_score(Decimal(1), template.scoring):
        return Status.GREEN
    return Status.AMBER if score >= anchor_score(1 - template.amber_share, template.scoring) else Status.RED
