"""What the scorecard says: plain frozen values, from one number up to the whole card."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kpi.periods import Period


class Window(StrEnum):
    """Which quarters a value covers, ending with the quarter asked for."""

    QUARTER = "quarter"
    YTD = "ytd"
    YEAR = "year"  # all four quarters of the fiscal year
    ROLLING4 = "rolling4"


class Reason(StrEnum):
    """Why there is no number."""

    NO_DATA = "no_data"
    NO_PLAN = "no_plan"
    ZERO_DENOMINATOR = "zero_denominator"
    ZERO_PLAN = "zero_plan"
    ZERO_ACTUAL = "zero_actual"  # an error as a share of an actual value of zero
    NOT_POSITIVE_BASE = "not_positive_base"  # growth against a base of zero or less
    NOT_ADDITIVE = "not_additive"  # no roll-up: legal-entity measure, or only a finished ratio was reported
    LOW_COVERAGE = "low_coverage"
    BREAK = "break"  # definitions before and after are not comparable


class Status(StrEnum):
    """Traffic light; NONE when there is nothing to judge."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Value:
    """A number in base units, or the reason why there is none.

    ``present`` of ``expected`` (org unit, quarter) cells carried data. Less than all means that both sides of a
    ratio, and actual and plan, were added over the same cells only.
    """

    amount: Decimal | None = None
    reason: Reason | None = None
    present: int = 0
    expected: int = 0

    @property
    def complete(self) -> bool:
        """Whether every expected cell had data."""
        return self.amount is not None and self.present >= self.expected


class TargetSource(StrEnum):
    """Where a target comes from."""

    DEFINITION = "definition"  # the KPI itself is actual over plan: its target is 1
    FORMULA = "formula"  # the KPI's formula on plan facts
    GIVEN = "given"  # plans given for the KPI itself, added up
    FINISHED = "finished"  # a plan given for the KPI itself that can't be added up, as a ratio's
    STANDING = "standing"  # the scorecard's or the catalogue's
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Target:
    """A target and its source; ``org_unit`` is where a FINISHED one was given."""

    value: Value
    source: TargetSource
    org_unit: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a KPI does. ``value`` and ``target`` are in base units; attainment 1 means on target."""

    kpi: str
    objective: str
    weight: Decimal
    value: Value
    target: Value
    attainment: Value
    score: Value
    status: Status


@dataclass(frozen=True, slots=True)
class KpiResult(Judged):
    """One row of the scorecard: how a KPI does, what it counts for, and how it changed."""

    effective_weight: Decimal  # its share of the total after the weights of missing KPIs were spread; 0 if missing
    on_last_quarter: Value  # relative change of amounts, difference of shares
    on_last_year: Value


@dataclass(frozen=True, slots=True)
class PartResult:
    """Score of an objective or a group; ``coverage`` is the share of its weight that had data."""

    code: str
    weight: Decimal
    score: Value
    coverage: Decimal
    status: Status


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate KPI held, failed, or could not be judged."""

    kpi: str
    value: Value
    minimum: Decimal
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What a scorecard says first: how each KPI does, and the total."""

    kpis: tuple[Judged, ...]
    total: Value
    status: Status


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The whole card of one org unit at one quarter."""

    template: str
    org_unit: str
    quarter: Period
    window: Window
    kpis: tuple[KpiResult, ...]
    objectives: tuple[PartResult, ...]
    groups: tuple[PartResult, ...]
    gates: tuple[GateResult, ...]
    total: Value
    coverage: Decimal
    status: Status

    @property
    def whole(self) -> PartResult:
        """The total as a part of its own, with all the weight."""
        return PartResult(self.template, Decimal(1), self.total, self.coverage, self.status)
