"""What the headings above a column and the labels of a row say together."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kpi.intake.grid import Cell
from kpi.intake.layouts.meaning import Meaning, Vocabulary
from kpi.intake.layouts.words import DERIVED
from kpi.intake.names import MeasureName
from kpi.intake.period_text import NOTHING, PeriodParts
from kpi.intake.slots import UnitStated
from kpi.units import Dimension


@dataclass
class Said:
    """The sum of several cells, from outer to inner. ``labels`` name measures, known or not; ``unknown`` is the first
    of them that nothing is known by. ``clash`` is a cell that contradicts one before it, with the finding's code."""

    parts: PeriodParts = NOTHING
    period: Cell | None = None
    scenario: str = ""
    scenario_cell: Cell | None = None
    annual: bool = False
    units: list[UnitStated] = field(default_factory=list)
    measure: MeasureName | None = None
    measure_cell: Cell | None = None
    org_unit: str = ""
    org_cell: Cell | None = None
    total: Cell | None = None
    labels: list[Cell] = field(default_factory=list)
    unknown: Cell | None = None
    odd: bool = False
    either: bool = False
    aside: bool = False
    clash: tuple[str, Cell] | None = None

    def add(self, cell: Cell, meaning: Meaning, role: str = "") -> None:
        """Add what one more cell, inside the ones before, says; ``role`` is its column's, when it has one."""
        self.aside = self.aside or meaning.aside
        self._add_period(cell, meaning)
        self._add_scenario(cell, meaning, role)
        if meaning.unit and meaning.measure is None:
            self.units.append((meaning.unit, cell))
        if self.scenario == "variance" and self.units and self.units[-1][0].dimension is Dimension.SHARE:
            self.scenario = "growth"
        if meaning.measure is not None and role != "org_unit":
            self._add_measure(cell, meaning.measure)
        elif meaning.org_unit and role != "measure":
            self._add_org_unit(cell, meaning.org_unit)
        elif meaning.total:
            self.total = self.total or cell
        elif meaning.rest and not meaning.odd:
            self.labels.append(cell)
            self.unknown = self.unknown or cell

    def _add_period(self, cell: Cell, meaning: Meaning) -> None:
        if meaning.parts is NOTHING:
            if meaning.odd:
                self.period, self.odd = cell, True
            return
        more = meaning.parts.under(self.parts)
        if more is None:
            self.clash = self.clash or ("periods_disagree", cell)
            return
        self.parts = more
        self.odd = self.odd or meaning.odd
        if meaning.parts.says_period:
            self.period = cell if self.period is None or meaning.parts.grain else self.period

    def _add_scenario(self, cell: Cell, meaning: Meaning, role: str) -> None:
        said = meaning.scenario
        if not said or (meaning.either and role):
            return
        if meaning.measure is not None and meaning.measure.scenario is not None and role:
            return  # a plan's name, kept with the measure
        self.either = self.either or meaning.either
        if self.scenario and self.scenario != said and not {self.scenario, said} & DERIVED:
            if said in ("actual", "prior_year") and "prior_year" in (self.scenario, said):
                said = "prior_year"  # the actual value of the year before
            else:
                self.clash = self.clash or ("scenario_conflict", cell)
                return
        if self.scenario not in DERIVED:
            self.scenario, self.scenario_cell = said, cell
        self.annual = self.annual or meaning.annual

    def _add_measure(self, cell: Cell, measure: MeasureName) -> None:
        self.labels.append(cell)
        if self.measure is None:
            self.measure, self.measure_cell = measure, cell
        elif self.measure.measure != measure.measure:
            self.clash = self.clash or ("labels_disagree", cell)

    def _add_org_unit(self, cell: Cell, code: str) -> None:
        self.org_unit, self.org_cell = code, cell


def said_by(cells: Iterable[Cell], vocabulary: Vocabulary) -> Said:
    """What headings say, from the outer to the inner one."""
    said = Said()
    for cell in cells:
        said.add(cell, vocabulary.of(cell))
    return said


def filled_from(own: PeriodParts, outer: PeriodParts) -> PeriodParts:
    """``own`` with what it leaves unsaid taken from ``outer``; nothing of ``own`` is changed. That values are to date
    holds for the period it was said of: 2026年1-9月 above quarters says nothing of them."""
    if outer is NOTHING:
        return own
    if own is NOTHING:
        return outer
    grain, index, day = (own.grain, own.ordinal, own.day) if own.grain else (outer.grain, outer.ordinal, outer.day)
    year = own.year if own.year is not None else outer.year
    inherits = own.cumulative is None and (own.grain is None or outer.grain is None)
    cumulative = outer.cumulative if inherits else own.cumulative
    if own.year is not None and day is not None and day.year != own.year:
        day = None
    starts = own.starts or (outer.starts if inherits else 0)
    return PeriodParts(year, grain, index, cumulative, day, own.monthly or outer.monthly, starts)
