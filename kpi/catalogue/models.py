"""What the catalogue says about components and KPIs.

Every KPI is one sum of components over another (or over nothing), so that a single rule rolls all of them up:
add the components over org units and quarters first, divide last.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kpi.facts import Scenario
from kpi.text import Text
from kpi.units import Unit, UnitTable

CODE = r"^[a-z][a-z0-9_]*$"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Direction(StrEnum):
    """Which way is good."""

    HIGHER_BETTER = "higher_better"
    LOWER_BETTER = "lower_better"
    ON_TARGET = "on_target"


class Measure(StrEnum):
    """The measure kind of a KPI."""

    FLOW = "flow"
    STOCK = "stock"
    AVERAGE = "average"
    RATIO = "ratio"
    RATING = "rating"


class OverTime(StrEnum):
    """How quarters join into a longer window (year to date, year, four quarters).

    ``sum``: add numerators, add denominators. ``last``: the last quarter alone. ``average``: as ``sum``, and with no
    denominator divide by the number of quarters. ``sum_over_average``: add numerators, average denominators
    (leavers of the year over the average headcount).
    """

    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    SUM_OVER_AVERAGE = "sum_over_average"


class Term(_Model):
    """One summand of a formula: ``factor * component``, read at a moment and in a scenario.

    ``at``: ``closing`` is the quarter itself, ``opening`` the quarter before it (a stock's opening balance),
    ``prior_year`` the same quarter of the year before. ``scenario`` None means the scenario being evaluated;
    ``plan`` always reads the plan, which makes actual over plan an ordinary ratio.
    """

    component: str
    factor: Decimal = Decimal(1)
    at: Literal["closing", "opening", "prior_year"] = "closing"
    scenario: Literal[Scenario.PLAN] | None = None


class Break(_Model):
    """From ``effective_from`` on, values of a component are not comparable with those before.

    ``cut``: forecasts learn nothing from the older values. ``bridge``: they are multiplied by what the restated values
    make of the reported ones where both stand, and cut where none do. Restated values count as comparable.
    """

    effective_from: date
    how: Literal["cut", "bridge"]
    reason: Text


class Component(_Model):
    """A raw quantity. ``derived_from`` is used where no fact is given; a fact always wins."""

    code: str = Field(pattern=CODE)
    name: Text
    kind: Literal["flow", "stock", "average"]
    unit: str = Field(description="code of the base unit it is stored in")
    over_units: Literal["sum", "none"] = Field(default="sum", description="none: exists for the legal entity alone")
    may_be_negative: bool = False
    synonyms: tuple[str, ...] = ()
    plan_synonyms: tuple[str, ...] = Field(default=(), description="names that mean its plan, e.g. 计划标准保费")
    derived_from: tuple[Term, ...] = ()
    breaks: tuple[Break, ...] = Field(default=(), description="where its history breaks, the oldest first")

    @model_validator(mode="after")
    def _breaks_in_order(self) -> Self:
        dates = [each.effective_from for each in self.breaks]
        if dates != sorted(set(dates)):
            raise ValueError(f"component {self.code}: breaks must be in order of effective_from, no date twice")
        return self


class Bands(_Model):
    """For ``on_target``: full marks inside ``full``, a warning inside ``warning``, both bounds included.

    Bounds are shares of the target: 0.9 stands for 90 % of it.
    """

    full: tuple[Decimal, Decimal]
    warning: tuple[Decimal, Decimal]

    @model_validator(mode="after")
    def _nested(self) -> Self:
        outer_low, outer_high = self.warning
        low, high = self.full
        if not outer_low <= low <= high <= outer_high:
            raise ValueError(f"bands: the full band {low}..{high} must lie inside the warning band")
        return self


class PublishedFormula(_Model):
    """A formula seen in print that this catalogue does not follow, and why."""

    formula: str
    why_not: Text


class KpiVersion(_Model):
    """One definition of a KPI, in force from ``effective_from`` until the next version (口径版本)."""

    effective_from: date
    measure: Measure
    direction: Direction
    unit: str
    numerator: tuple[Term, ...] = Field(min_length=1)
    denominator: tuple[Term, ...] = ()
    over_units: Literal["sum", "none"] = Field(default="sum", description="none: no roll-up over org units")
    over_time: OverTime = OverTime.SUM
    bands: Bands | None = None
    target: Decimal | None = Field(default=None, description="target in base units where no plan is kept")
    published: PublishedFormula | None = None
    breaks_history: bool = Field(default=False, description="values before effective_from are not comparable")
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.bands is not None) != (self.direction is Direction.ON_TARGET):
            raise ValueError("bands belong to direction on_target, and only to it")
        if self.measure is Measure.RATIO and not self.denominator:
            raise ValueError("a ratio needs a denominator")
        return self

    @cached_property
    def is_growth(self) -> bool:
        """Whether the KPI itself is a change on the year before, as a share of it."""
        both = (self.numerator, self.denominator)
        return all(any(term.at == "prior_year" for term in side) for side in both)

    @cached_property
    def grows_over_the_year(self) -> bool:
        """Whether a longer window gives a larger value by itself: amounts, and rates over an average."""
        amount = not self.denominator and self.over_time is OverTime.SUM
        return amount or self.over_time is OverTime.SUM_OVER_AVERAGE

    @cached_property
    def compares_with_plan(self) -> bool:
        """Whether the KPI itself is actual over plan, so that its own target is a share of 1."""
        return any(term.scenario is Scenario.PLAN for term in self.denominator)


class Evidence(_Model):
    """How well the definition is attested, and where (ids resolved in ``sources.yaml``)."""

    level: Literal["verified", "name_only", "companion", "practice", "unverified_recall"]
    sources: tuple[str, ...] = ()


class Kpi(_Model):
    """A key performance indicator with its dated definitions, the oldest first."""

    code: str = Field(pattern=CODE)
    name: Text
    description: Text
    perspective: Literal["financial", "customer", "internal", "learning"]
    owner: Text
    data_source: Text
    synonyms: tuple[str, ...] = ()
    note: Text | None = None
    evidence: Evidence
    versions: tuple[KpiVersion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_in_order(self) -> Self:
        dates = [version.effective_from for version in self.versions]
        if dates != sorted(set(dates)):
            raise ValueError(f"KPI {self.code}: versions must be in order of effective_from, no date twice")
        return self

    def on(self, day: date) -> KpiVersion:
        """The definition in force on ``day``; the first one for any day before it."""
        return next((v for v in reversed(self.versions) if v.effective_from <= day), self.versions[0])

    @property
    def current(self) -> KpiVersion:
        """The newest definition."""
        return self.versions[-1]


class Catalogue(_Model):
    """All units, components and KPIs, checked against each other by the loader."""

    units: UnitTable
    components: tuple[Component, ...]
    kpis: tuple[Kpi, ...]

    @cached_property
    def component(self) -> dict[str, Component]:
        """Component by code."""
        return {component.code: component for component in self.components}

    @cached_property
    def kpi(self) -> dict[str, Kpi]:
        """KPI by code."""
        return {kpi.code: kpi for kpi in self.kpis}

    def unit_of(self, measure: str) -> Unit:
        """The unit in which a component or, failing that, a KPI is kept. Raises KeyError."""
        if measure in self.component:
            return self.units[self.component[measure].unit]
        return self.units[self.kpi[measure].current.unit]

    def name_of(self, measure: str) -> Text:
        """The name of a component or, failing that, a KPI. Raises KeyError."""
        if measure in self.component:
            return self.component[measure].name
        return self.kpi[measure].name
