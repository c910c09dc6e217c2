"""What a rule asks, and what it saw where it holds. Frozen values: they are kept as JSON and compared as a whole."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kpi.periods import Period
from kpi.scorecard.results import Status


class RuleKind(StrEnum):
    """What a rule looks at. All but the last two look at the landing of the fiscal year that is still open."""

    CHANCE_BELOW = "chance_below"
    CHANCE_FELL = "chance_fell"
    RED_LIKELY = "red_likely"
    STATUS_FOR = "status_for"
    DATA_MISSING = "data_missing"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Units = Literal["head_office", "all"]
Share = Annotated[Decimal, Field(gt=0, le=1, decimal_places=4)]


class _Rule(_Model):
    """``kpis`` empty is every KPI of the scorecard; ``units`` names org units by code, or says which."""

    kpis: tuple[str, ...] = ()
    units: Units | Annotated[tuple[str, ...], Field(min_length=1)] = "head_office"


class ChanceBelow(_Rule):
    """The chance of meeting the plan of the year is below ``limit``."""

    kind: Literal[RuleKind.CHANCE_BELOW] = RuleKind.CHANCE_BELOW
    limit: Share


class ChanceFell(_Rule):
    """That chance is at least ``limit`` lower than the newest run of an earlier snapshot said."""

    kind: Literal[RuleKind.CHANCE_FELL] = RuleKind.CHANCE_FELL
    limit: Share


class RedLikely(_Rule):
    """The chance that the year ends red is at least ``limit``."""

    kind: Literal[RuleKind.RED_LIKELY] = RuleKind.RED_LIKELY
    limit: Share


class StatusFor(_Rule):
    """Each of the newest ``quarters`` alone is red; with ``colour`` amber: amber or red."""

    kind: Literal[RuleKind.STATUS_FOR] = RuleKind.STATUS_FOR
    colour: Literal[Status.RED, Status.AMBER] = Status.RED
    quarters: int = Field(ge=1, le=8)


class DataMissing(_Rule):
    """The newest quarter has no value, though the same quarter last year had one."""

    kind: Literal[RuleKind.DATA_MISSING] = RuleKind.DATA_MISSING


Rule = Annotated[ChanceBelow | ChanceFell | RedLikely | StatusFor | DataMissing, Field(discriminator="kind")]
RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


class Occasion(_Model):
    """One rule holding for one KPI of one org unit. ``key`` is the same as long as it goes on: it is told once.

    ``period`` is the year of the landing or the newest quarter. ``chance`` and ``before`` are shares as the run said
    them. ``turn`` is empty but for what is an event of its own in every snapshot.
    """

    rule_id: int
    rule: Rule
    kpi: str
    org_unit: str
    period: Period
    chance: float | None = None
    before: float | None = None
    turn: str = ""

    @property
    def key(self) -> "Key":
        """What makes it the same alert as one raised before."""
        return self.rule_id, self.kpi, self.org_unit, self.turn


Key = tuple[int, str, str, str]
