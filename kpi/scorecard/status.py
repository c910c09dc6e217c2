"""Traffic lights: from limits on the value, never from a weighted score."""

from decimal import Decimal
from typing import NamedTuple

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.exact import WIDE
from kpi.scorecard.results import Status
from kpi.scorecard.scoring import anchor_score
from kpi.scorecard.template import Limits, ScorecardTemplate


class Span(NamedTuple):
    """Values from ``low`` to ``high``, both included; None is without end."""

    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether ``value`` lies inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Zones(NamedTuple):
    """Where a value is green and where, outside of that, amber; all else is red."""

    green: Span
    amber: Span

    def status(self, value: Decimal) -> Status:
        """The status of ``value``."""
        if self.green.holds(value):
            return Status.GREEN
        return Status.AMBER if self.amber.holds(value) else Status.RED


def limits_around(target: Decimal, direction: Direction, amber_share: Decimal) -> tuple[Decimal, Decimal]:
    """The green and the amber limit of a KPI that has none of its own: green from the target on, amber for
    ``amber_share`` of it beyond."""
    width = abs(target) * amber_share
    return target, target - width if direction is Direction.HIGHER_BETTER else target + width


def zones_of(
    target: Decimal | None,
    direction: Direction,
    bands: Bands | None = None,
    limits: Limits | None = None,
    amber_share: Decimal = Decimal("0.1"),
) -> Zones | None:
    """The zones of a KPI's value. The green limit belongs to green, the amber limit to amber.

    ``on_target`` uses its bands (shares of the target). None without limits and without a target.
    """
    if direction is Direction.ON_TARGET:
        if bands is None or not target:
            return None
        return Zones(_around(target, bands.full), _around(target, bands.warning))
    if limits is not None:
        green, amber = limits.green, limits.amber
    elif target is not None:
        green, amber = limits_around(target, direction, amber_share)
    else:
        return None
    if direction is Direction.HIGHER_BETTER:
        return Zones(Span(low=green), Span(low=amber))
    return Zones(Span(high=green), Span(high=amber))


def _around(target: Decimal, shares: tuple[Decimal, Decimal]) -> Span:
    return Span(*sorted(WIDE.multiply(share, target) for share in shares))


def status_of(
    value: Decimal,
    target: Decimal | None,
    direction: Direction,
    bands: Bands | None = None,
    limits: Limits | None = None,
    amber_share: Decimal = Decimal("0.1"),
) -> Status:
    """The status of a value in its :func:`zones_of`; NONE where there are none."""
    zones = zones_of(target, direction, bands, limits, amber_share)
    return Status.NONE if zones is None else zones.status(value)


def score_on_target(template: ScorecardTemplate) -> Decimal:
    """The score that a KPI exactly on target gets."""
    return anchor_score(Decimal(1), template.scoring)


def zones_of_part(template: ScorecardTemplate) -> Zones:
    """The zones of a group's or a total score: green from the score that a KPI exactly on target gets, amber from the
    score of one that is short of it by the template's amber share."""
    return Zones(
        Span(low=score_on_target(template)),
        Span(low=anchor_score(1 - template.amber_share, template.scoring)),
    )


def status_of_part(score: Decimal | None, template: ScorecardTemplate) -> Status:
    """The status of a group or total in its :func:`zones_of_part`."""
    return Status.NONE if score is None else zones_of_part(template).status(score)
