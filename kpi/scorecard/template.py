"""Scorecard templates: which KPIs, in which groups and objectives, with which weights, limits and scoring."""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kpi.catalogue.models import CODE
from kpi.text import Text

PartKind = Literal["objective", "group", "total"]  # what scores of KPIs are joined into


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnchorScoring(_Model):
    """Piecewise linear between anchors ``(x, score)``, in order of x; clipped at both ends.

    ``basis``: x is the attainment (1 is on target) or the KPI's value. ``floor`` ``zero`` gives 0 to anything worse
    than the worst anchor instead of that anchor's score. For ``on_target`` scores may rise and then fall.
    """

    kind: Literal["anchors"] = "anchors"
    basis: Literal["attainment", "value"] = "attainment"
    points: tuple[tuple[Decimal, Decimal], ...] = Field(min_length=2)
    floor: Literal["clip", "zero"] = "clip"

    @cached_property
    def in_order(self) -> list[tuple[Decimal, Decimal]]:
        """The anchors in order of x, however they were given."""
        return sorted(self.points)


class GrowthScoring(_Model):
    """The finance ministry's rule: ``base_share`` of the mark for no growth, plus growth (in percentage points)
    times ``coefficient``, within 0 and the mark. The score is that over the mark, times 100."""

    kind: Literal["growth"] = "growth"
    mark: Decimal = Field(gt=0)
    coefficient: Decimal
    base_share: Decimal = Decimal("0.6")


Scoring = Annotated[AnchorScoring | GrowthScoring, Field(discriminator="kind")]


class Limits(_Model):
    """Status limits on the KPI's value in base units. The green limit belongs to green, the amber limit to amber.

    Not used for ``on_target``, whose bands are its limits.
    """

    green: Decimal
    amber: Decimal


class Group(_Model):
    """A perspective (or another top division of a scorecard)."""

    code: str = Field(pattern=CODE)
    name: Text
    weight: Decimal = Field(gt=0, le=1)


class Objective(_Model):
    """A strategic objective inside a group."""

    code: str = Field(pattern=CODE)
    name: Text
    group: str


class Entry(_Model):
    """A KPI's place in the scorecard. Weights of one group's entries sum to 1."""

    kpi: str
    objective: str
    weight: Decimal = Field(gt=0, le=1)
    target: Decimal | None = Field(
        default=None, description="used where no plan fact stands; base units; of the year for what grows over the year"
    )
    phasing: tuple[Decimal, Decimal, Decimal, Decimal] | None = Field(
        default=None, description="shares of an annual plan by quarter, summing to 1; None is even"
    )
    limits: Limits | None = None
    scoring: Scoring | None = None


class Link(_Model):
    """Cause and effect between two objectives."""

    cause: str
    effect: str


class Gate(_Model):
    """A KPI that must hold whatever the total says."""

    kpi: str
    minimum: Decimal


class ScorecardTemplate(_Model):
    """A whole scorecard as data."""

    code: str = Field(pattern=CODE)
    name: Text
    description: Text
    groups: tuple[Group, ...] = Field(min_length=1)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    entries: tuple[Entry, ...] = Field(min_length=1)
    links: tuple[Link, ...] = ()
    gates: tuple[Gate, ...] = ()
    scoring: AnchorScoring = Field(description="for entries without their own")
    amber_share: Decimal = Field(
        default=Decimal("0.1"), description="width of amber as a share of the target, for entries without limits"
    )
    minimum_coverage: Decimal = Field(
        default=Decimal("0.6"), description="share of the weight that must have data for a total to be shown"
    )

    @cached_property
    def group(self) -> dict[str, Group]:
        """Group by code."""
        return {group.code: group for group in self.groups}

    @cached_property
    def objective(self) -> dict[str, Objective]:
        """Objective by code."""
        return {objective.code: objective for objective in self.objectives}

    @cached_property
    def group_of(self) -> dict[str, str]:
        """The group of each objective, by code."""
        return {objective.code: objective.group for objective in self.objectives}

    def entries_of(self, objective: str) -> tuple[Entry, ...]:
        """The entries that serve ``objective``."""
        return tuple(entry for entry in self.entries if entry.objective == objective)
