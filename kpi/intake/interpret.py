"""From slots to readings and facts: matches org units and periods, reads the numbers, and says what is wrong."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from kpi.facts import Fact, Scenario, canonical_decimal
from kpi.findings import Finding
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.words import DERIVED, STORED
from kpi.intake.names import MeasureName
from kpi.intake.numbers import Number, is_missing, read_number
from kpi.intake.period_text import PeriodParts
from kpi.intake.quarters import Quantity, to_quarters
from kpi.intake.report import Reading
from kpi.intake.slots import Slot, TableRead
from kpi.intake.stated_units import UnitReader
from kpi.periods import Grain, Period
from kpi.text import Text
from kpi.units import Dimension, Unit

_YEARS_AHEAD = 10
_FIRST_YEAR = 1990
_MOST_SHARE = 10
_MOST_SUGGESTIONS = 50  # looking for similar names takes time; a sheet of nothing but unknown ones is no misspelling


@dataclass
class Understood:
    """Readings, facts and findings in the order of the cells. A place is blamed once for one reason."""

    readings: list[Reading] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    findings: dict[tuple[str, str, str], Finding] = field(default_factory=dict)
    repeated: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def blame(self, code: str, at: Cell, *, once: Cell | None = None, **values: Text | str) -> None:
        """Add a finding unless this cell, or the table whose header ``once`` is, has it already."""
        place = once or at
        key = (code, place.sheet, place.address)
        if key not in self.findings:
            self.findings[key] = finding(code, at, **values)

    def blame_label(self, code: str, at: Cell, similar: Callable[[str], list[str]]) -> None:
        """Add a finding for a label that nothing is known by, once a sheet however many cells repeat it."""
        key = (code, at.sheet, at.text)
        if key not in self.findings:
            suggestions = similar(at.text) if len(self.repeated) < _MOST_SUGGESTIONS else []
            self.findings[key] = finding(code, at, similar=_perhaps(suggestions))
        self.repeated.setdefault(key, set()).add(at.address)

    def told(self) -> Iterator[Finding]:
        """Every finding; of a label that stands in several cells it says in how many."""
        for key, item in self.findings.items():
            count = len(self.repeated.get(key, ()))
            if count > 1:
                more = Text(
                    zh=f"{item.message.zh}共 {count} 个单元格。", en=f"{item.message.en} It stands in {count} cells."
                )
                yield item.model_copy(update={"message": more})
            else:
                yield item


def interpret(tables: Iterable[TableRead], workbook: str, context: IntakeContext) -> Understood:
    """Make readings of all numbers and facts of those that can be understood, and a finding of everything that stands
    in the way. ``workbook`` is the hash that goes into each fact's cell of origin."""
    reader = _Reader(workbook, context)
    for number, table in enumerate(tables):
        for slot in table:
            reader.read(slot, number, table.strange)
    reader.out.facts += to_quarters(reader.quantities, workbook, context, reader.out.blame)
    return reader.out


class _Reader:
    def __init__(self, workbook: str, context: IntakeContext) -> None:
        self.workbook, self.context = workbook, context
        self.out = Understood()
        self.quantities: list[Quantity] = []
        self._units = UnitReader(context, self.out.blame)
        self._periods: dict[PeriodParts, Period | None] = {}
        self._fitting: set[tuple[Period, str]] = set()

    def read(self, slot: Slot, table: int, strange: bool) -> None:
        """Add what one place says; a ``strange`` table is only listed, and nothing of it is blamed."""
        number = self._number(slot.number, quiet=strange or slot.scenario not in STORED)
        if number is None:
            return
        stored = slot.scenario in STORED and not slot.listed and not strange
        measure = slot.known
        org_unit = self._org_unit(slot, asked=stored)
        period = self._period(slot.parts)
        if not stored or measure is None:
            if stored and measure is None:
                self.out.blame_label("unknown_measure", slot.measure, self.context.names.similar_measures)
            self._list(slot, measure, org_unit, period, number)
            return
        clash = measure.scenario is not None and measure.scenario.value != slot.scenario
        self._check_names(slot, measure, org_unit)
        if clash:
            self.out.blame("scenario_conflict", slot.measure)
        unit = self._units.unit(slot, measure, number)
        value, conversions = self._convert(number, unit, slot)
        self._add_reading(
            slot, measure, org_unit, period, value, self._units.base_of(unit).code if unit else "", conversions
        )
        fits = self._period_fits(slot, period)
        if not org_unit or unit is None or clash or not fits or period is None:
            return
        self._check_share(slot, number, unit, value)
        self.quantities.append(
            Quantity(slot, measure.measure, org_unit, Scenario(slot.scenario), period, value, conversions, table)
        )

    def _period(self, parts: PeriodParts) -> Period | None:
        if parts not in self._periods:
            self._periods[parts] = parts.period(self.context.calendar)
        return self._periods[parts]

    def _list(
        self, slot: Slot, measure: MeasureName | None, org_unit: str, period: Period | None, number: Number
    ) -> None:
        """A reading of a number that is no fact: of an unknown measure, a total, a derived figure, another year's."""
        value, unit, conversions = self._units.loosely(slot, measure, number)
        self._add_reading(slot, measure, org_unit, period, value, unit, conversions)

    def _check_share(self, slot: Slot, number: Number, unit: Unit, value: Decimal) -> None:
        """A share of a thousand percent, or one like 0.85 in a place for percent, is likely to be off by a hundred."""
        small = unit.factor < 1 and not number.percent and 0 < abs(number.value) <= 1
        if unit.dimension is Dimension.SHARE and (small or abs(value) >= _MOST_SHARE):
            self.out.blame("share_looks_wrong", slot.number, shown=canonical_decimal(value * 100))

    def _number(self, cell: Cell, quiet: bool) -> Number | None:
        if cell.uncalculated:
            code = "formula_not_calculated"
        elif cell.is_error:
            code = "error_value"
        elif is_missing(cell):
            return None
        else:
            number = read_number(cell)
            if number is not None:
                return number
            code = "not_a_number"
        if not quiet:
            self.out.blame(code, cell)
        return None

    def _org_unit(self, slot: Slot, asked: bool) -> str:
        if slot.org_unit is None:
            return slot.org_unit_code
        code = self.context.names.org_unit(slot.org_unit.text)
        if code is None and asked:
            self.out.blame_label("unknown_org_unit", slot.org_unit, self.context.names.similar_org_units)
        return code or ""

    def _check_names(self, slot: Slot, measure: MeasureName, org_unit: str) -> None:
        """A name beside a code has to mean the same as the code."""
        names = self.context.names
        for cell in slot.names:
            named = names.measure(cell.text)
            same_measure = named is not None and named.measure == measure.measure
            if org_unit and not same_measure and names.org_unit(cell.text) != org_unit:
                self.out.blame("labels_disagree", cell)
            elif named and named.scenario not in (None, Scenario(slot.scenario)):
                self.out.blame("scenario_conflict", cell)

    def _period_fits(self, slot: Slot, period: Period | None) -> bool:
        """Whether a period can hold this value; what can be converted to quarters is left to the next step."""
        if slot.odd_period:
            self.out.blame("unknown_period", slot.period)
        if slot.odd_period or period is None:
            return False
        return (period, slot.scenario) in self._fitting or self._fits_now(slot, period)

    def _fits_now(self, slot: Slot, period: Period) -> bool:
        """The same of a period that was not looked at before."""
        calendar, today = self.context.calendar, self.context.today
        if calendar.first_month != 1 and slot.parts.starts not in (0, calendar.first_month):
            self.out.blame("fiscal_year_differs", slot.period, first=str(calendar.first_month))
            return False
        last = today.year + _YEARS_AHEAD
        once = slot.around.header if slot.around.layout == "wide" else None
        if not _FIRST_YEAR <= period.year <= last:
            self.out.blame("implausible_period", slot.period, once=once, first=str(_FIRST_YEAR), last=str(last))
            return False
        if slot.scenario == Scenario.PLAN or period.grain is Grain.YEAR:
            self._fitting.add((period, slot.scenario))
            return True
        if calendar.start(period) > today:
            self.out.blame("actual_in_future", slot.period, once=once)
            return False
        if calendar.end(period) > today:
            self.out.blame("quarter_unfinished", slot.period, once=slot.around.header)
        else:
            self._fitting.add((period, slot.scenario))
        return True

    def _convert(self, number: Number, unit: Unit | None, slot: Slot) -> tuple[Decimal, tuple[str, ...]]:
        steps = list(number.conversions)
        if number.percent and isinstance(slot.number.content, Decimal):
            steps.append(f"number format {slot.number.number_format}")
        if unit is None or unit.factor == 1:
            return number.value, tuple(steps)
        base = self._units.base_of(unit)
        steps.append(f"{unit.name.zh} -> {base.name.zh}")
        return unit.to_base(number.value), tuple(steps)

    def _add_reading(
        self,
        slot: Slot,
        measure: MeasureName | None,
        org_unit: str,
        period: Period | None,
        value: Decimal,
        unit: str,
        conversions: tuple[str, ...],
    ) -> None:
        code = measure.measure if measure else ""
        component = self.context.catalogue.component.get(code)
        stock = component is not None and component.kind == "stock"
        scenario = slot.scenario or "actual"
        self.out.readings.append(
            Reading(
                sheet=slot.number.sheet,
                cell=slot.number.address,
                label=slot.label or (slot.measure.text.strip() if measure else ""),
                kpi="" if component else code,
                component=code if component else "",
                org_unit=org_unit,
                period=str(period) if period else "",
                scenario=scenario,
                cumulative=bool(slot.parts.cumulative) and scenario not in DERIVED and not stock,
                value=value,
                unit=unit,
                conversions=conversions,
            )
        )


def _perhaps(similar: list[str]) -> Text:
    if not similar:
        return Text(zh="", en="")
    return Text(zh=f"是否指：{'、'.join(similar)}？", en=f"Perhaps: {', '.join(similar)}? ")
