"""From slots to facts: matches names, units and periods, reads the numbers, and says what is wrong with them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from kpi.facts import CellOfOrigin, Fact, FactKey, Scenario, canonical_decimal
from kpi.findings import Finding
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.names import MeasureName
from kpi.intake.numbers import Number, is_missing, read_number
from kpi.intake.period_text import PeriodFound, parse_period
from kpi.intake.report import Reading
from kpi.intake.slots import Slot
from kpi.intake.stated_units import UnitReader
from kpi.periods import Grain
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


def interpret(slots: Iterable[Slot], workbook: str, context: IntakeContext) -> Understood:
    """Make facts of all slots that can be understood, and a finding of everything that stands in the way.

    ``workbook`` is the hash that goes into each fact's cell of origin.
    """
    reader = _Reader(workbook, context)
    for slot in slots:
        reader.read(slot)
    return reader.out


class _Reader:
    def __init__(self, workbook: str, context: IntakeContext) -> None:
        self.workbook, self.context = workbook, context
        self.out = Understood()
        self._units = UnitReader(context, self.out.blame)
        self._first: dict[FactKey, tuple[Slot, Decimal]] = {}
        self._measures: dict[str, MeasureName | None] = {}
        self._periods: dict[object, PeriodFound | None] = {}

    def read(self, slot: Slot) -> None:
        number = self._number(slot.number)
        if number is None:
            return
        measure, org_unit, found = self._measure(slot), self._org_unit(slot), self._period(slot)
        clash = measure is not None and measure.scenario not in (None, slot.scenario)
        self._check_names(slot, measure, org_unit)
        if clash:
            self.out.blame("scenario_conflict", slot.measure)
        unit = self._units.unit(slot, measure, number) if measure else None
        value, conversions = self._convert(number, unit, slot)
        self.out.readings.append(self._reading(slot, measure, org_unit, found, value, unit, conversions))
        fits = found is not None and self._period_fits(slot, found)
        if measure is None or org_unit is None or found is None or unit is None or clash or not fits:
            return
        key = FactKey(measure=measure.measure, org_unit=org_unit, period=found.period, scenario=slot.scenario)
        self._check_share(slot, number, unit, value)
        self._add(slot, key, value, conversions)

    def _check_share(self, slot: Slot, number: Number, unit: Unit, value: Decimal) -> None:
        """A share of a thousand percent, or one like 0.85 in a place for percent, is likely to be off by a hundred."""
        small = unit.factor < 1 and not number.percent and 0 < abs(number.value) <= 1
        if unit.dimension is Dimension.SHARE and (small or abs(value) >= _MOST_SHARE):
            self.out.blame("share_looks_wrong", slot.number, shown=canonical_decimal(value * 100))

    def _number(self, cell: Cell) -> Number | None:
        if cell.uncalculated:
            self.out.blame("formula_not_calculated", cell)
        elif cell.is_error:
            self.out.blame("error_value", cell)
        elif not is_missing(cell):
            number = read_number(cell)
            if number is None:
                self.out.blame("not_a_number", cell)
            return number
        return None

    def _measure(self, slot: Slot) -> MeasureName | None:
        label = slot.measure.text
        if label not in self._measures:
            self._measures[label] = self.context.names.measure(label)
        found = self._measures[label]
        if found is None:
            self.out.blame_label("unknown_measure", slot.measure, self.context.names.similar_measures)
        return found

    def _org_unit(self, slot: Slot) -> str | None:
        if slot.org_unit is None:
            return slot.org_unit_code
        code = self.context.names.org_unit(slot.org_unit.text)
        if code is None:
            self.out.blame_label("unknown_org_unit", slot.org_unit, self.context.names.similar_org_units)
        return code

    def _check_names(self, slot: Slot, measure: MeasureName | None, org_unit: str | None) -> None:
        """A name beside a code has to mean the same as the code."""
        names = self.context.names
        for cell in slot.names:
            named = names.measure(cell.text)
            same_measure = named is not None and measure is not None and named.measure == measure.measure
            if measure and org_unit and not same_measure and names.org_unit(cell.text) != org_unit:
                self.out.blame("labels_disagree", cell)
            elif named and named.scenario not in (None, slot.scenario):
                self.out.blame("scenario_conflict", cell)

    def _period(self, slot: Slot) -> PeriodFound | None:
        content = slot.period.content
        if content not in self._periods:
            self._periods[content] = parse_period(content, self.context.calendar)
        found = self._periods[content]
        if found is None:
            self.out.blame("unknown_period", slot.period)
        return found

    def _period_fits(self, slot: Slot, found: PeriodFound) -> bool:
        period, today, calendar = found.period, self.context.today, self.context.calendar
        last = today.year + _YEARS_AHEAD
        once = slot.around.header if slot.around.layout == "wide" else None
        if found.cumulative:
            self.out.blame("cumulative_period", slot.period, once=once)
        elif not _FIRST_YEAR <= period.year <= last:
            self.out.blame("implausible_period", slot.period, once=once, first=str(_FIRST_YEAR), last=str(last))
        elif period.grain not in (Grain.QUARTER, Grain.YEAR) or (
            period.grain is Grain.YEAR and slot.scenario is not Scenario.PLAN
        ):
            self.out.blame("period_too_short_or_long", slot.period, once=once)
        elif slot.scenario is not Scenario.PLAN and calendar.start(period) > today:
            self.out.blame("actual_in_future", slot.period, once=once)
        else:
            if slot.scenario is not Scenario.PLAN and calendar.end(period) > today:
                self.out.blame("quarter_unfinished", slot.period, once=slot.around.header)
            return True
        return False

    def _convert(self, number: Number, unit: Unit | None, slot: Slot) -> tuple[Decimal, tuple[str, ...]]:
        steps = list(number.conversions)
        if number.percent and isinstance(slot.number.content, Decimal):
            steps.append(f"number format {slot.number.number_format}")
        if unit is None or unit.factor == 1:
            return number.value, tuple(steps)
        base = self._units.base_of(unit)
        steps.append(f"{unit.name.zh} -> {base.name.zh}")
        return unit.to_base(number.value), tuple(steps)

    def _reading(
        self,
        slot: Slot,
        measure: MeasureName | None,
        org_unit: str | None,
        found: PeriodFound | None,
        value: Decimal,
        unit: Unit | None,
        conversions: tuple[str, ...],
    ) -> Reading:
        code = measure.measure if measure else ""
        is_component = code in self.context.catalogue.component
        return Reading(
            sheet=slot.number.sheet,
            cell=slot.number.address,
            label=slot.label,
            kpi="" if is_component else code,
            component=code if is_component else "",
            org_unit=org_unit or "",
            period=str(found.period) if found else "",
            scenario=slot.scenario.value,
            cumulative=found.cumulative if found else False,
            value=value,
            unit=self._units.base_of(unit).code if unit else "",
            conversions=conversions,
        )

    def _add(self, slot: Slot, key: FactKey, value: Decimal, conversions: tuple[str, ...]) -> None:
        if key in self._first:
            first, known = self._first[key]
            agreement = Text(zh="，数值一致", en=", with the same value")
            if known != value:
                agreement = Text(zh="，但数值不同", en=", with another value")
            other = f"{first.measure.sheet}!{first.measure.address}"
            self.out.blame("duplicate_row", slot.measure, other=other, agreement=agreement)
            return
        self._first[key] = (slot, value)
        component = self.context.catalogue.component.get(key.measure)
        if component and not component.may_be_negative and value < 0:
            self.out.blame("negative_value", slot.number, measure=component.name)
        origin = CellOfOrigin(
            workbook=self.workbook,
            sheet=slot.number.sheet,
            cell=slot.number.address,
            text=slot.number.text,
            conversions=conversions,
        )
        self.out.facts.append(Fact(key=key, value=value, origin=origin))


def _perhaps(similar: list[str]) -> Text:
    if not similar:
        return Text(zh="", en="")
    return Text(zh=f"是否指：{'、'.join(similar)}？", en=f"Perhaps: {', '.join(similar)}? ")
