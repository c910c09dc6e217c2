"""A strategy as data. What belongs together is checked here; what would make it a better one in :mod:`.design`."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kpi.text import Text

Money = Annotated[Decimal, Field(allow_inf_nan=False, description="yuan, exact")]
Year = Annotated[int, Field(ge=1900, le=2999)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(StrEnum):
    """What is edited and saved at a time: the links of the map, then the six steps in their order."""

    LINKS = "links"
    GAP = "gap"
    PROPOSITION = "proposition"
    TIMETABLE = "timetable"
    THEMES = "themes"
    READINESS = "readiness"
    PLANS = "plans"


class StrategyLink(_Model):
    """One objective helps another; ``reason`` says how."""

    cause: str
    effect: str
    reason: Text


class ValueGap(_Model):
    """Step 1: how far what is expected ``by`` a year is from what there is ``today``, in yuan."""

    measure: Text
    expected: Money
    today: Money
    by: Year

    @property
    def gap(self) -> Decimal:
        """What is still missing."""
        return self.expected - self.today


class Proposition(_Model):
    """Step 2: what a group of customers gets from us and from nobody else."""

    segment: Text
    promise: Text


class Milestone(_Model):
    """Step 3: how much of the gap a year closes, in yuan."""

    year: Year
    amount: Money


class Theme(_Model):
    """Step 4: a strategic theme, the few internal processes that matter for it, and the objectives they serve."""

    name: Text
    processes: Text
    objectives: tuple[str, ...] = ()


class Asset(StrEnum):
    """The intangible assets."""

    HUMAN = "human"
    INFORMATION = "information"
    ORGANISATION = "organisation"


class Readiness(_Model):
    """Step 5: how ready an intangible asset is for the strategy, 0 to 1."""

    asset: Asset
    ready: Decimal = Field(ge=0, le=1)
    note: Text


class ActionPlan(_Model):
    """Step 6: what is done for an objective, by whom, for how many yuan, until when."""

    name: Text
    objective: str
    owner: Text
    budget: Decimal = Field(ge=0, allow_inf_nan=False)
    due: date


class Strategy(_Model):
    """The whole strategy of the scorecard with the code ``scorecard``. A step not taken yet is empty."""

    scorecard: str
    links: tuple[StrategyLink, ...] = ()
    gap: ValueGap | None = None
    proposition: tuple[Proposition, ...] = ()
    timetable: tuple[Milestone, ...] = ()
    themes: tuple[Theme, ...] = ()
    readiness: tuple[Readiness, ...] = ()
    plans: tuple[ActionPlan, ...] = ()

    @property
    def objectives_named(self) -> frozenset[str]:
        """Every objective that the strategy speaks of."""
        ends = (code for link in self.links for code in (link.cause, link.effect))
        served = (code for theme in self.themes for code in theme.objectives)
        return frozenset((*ends, *served, *(plan.objective for plan in self.plans)))


def closed(timetable: tuple[Milestone, ...]) -> Decimal:
    """What the years close together."""
    return sum((milestone.amount for milestone in timetable), Decimal(0))


def spread(amount: Decimal, count: int, grain: Decimal) -> tuple[Decimal, ...]:
    """``amount`` in ``count`` parts as even as whole multiples of ``grain`` allow; the last takes what is left below
    one grain. They add up to ``amount`` exactly. ``amount`` is not negative, ``count`` and ``grain`` are positive."""
    grains, rest = divmod(amount, grain)
    each, extra = divmod(int(grains), count)
    parts = [(each + (at < extra)) * grain for at in range(count)]
    return (*parts[:-1], parts[-1] + rest)
