"""Quantities of any period to facts of quarters: months add up, a year to date is taken apart, a stock is its last
value; the ratio of a KPI is neither added nor subtracted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kpi.facts import CellOfOrigin, Fact, FactKey, Scenario, canonical_decimal
from kpi.intake.context import IntakeContext
from kpi.intake.slots import Slot
from kpi.intake.stated_units import Blame
from kpi.periods import Grain, Period
from kpi.text import Text


@dataclass(slots=True)
class Quantity:
    """One number of a known measure, in base units, of any period; ``table`` counts the tables of the workbook."""

    slot: Slot
    measure: str
    org_unit: str
    scenario: Scenario
    period: Period
    value: Decimal
    conversions: tuple[str, ...]
    table: int

    @property
    def to_date(self) -> Period | None:
        """The quarter up to which the value counts from the start of the year; None when it does not."""
        if self.period.grain is Grain.HALF and self.period.index == 1:
            return Period.quarter(self.period.year, 2)
        if not self.slot.parts.cumulative:
            return None
        if self.period.grain is Grain.YEAR:
            return Period.quarter(self.period.year, 4)
        return (
            Period.quarter(self.period.year, self.period.last_month // 3) if self.period.last_month % 3 == 0 else None
        )


def to_quarters(quantities: Iterable[Quantity], workbook: str, context: IntakeContext, blame: Blame) -> Iterator[Fact]:
    """The facts of all quantities, by series in the order in which they first stand in the workbook."""
    series: dict[tuple[str, str, Scenario], list[Quantity]] = {}
    for quantity in quantities:
        series.setdefault((quantity.measure, quantity.org_unit, quantity.scenario), []).append(quantity)
    for found in series.values():
        yield from _Series(found, workbook, context, blame).facts()


class _Series:
    """The quantities of one measure, org unit and scenario."""

    def __init__(self, found: list[Quantity], workbook: str, context: IntakeContext, blame: Blame) -> None:
        self.workbook, self.context, self.blame = workbook, context, blame
        component = context.catalogue.component.get(found[0].measure)
        self.component = component
        self.kind = component.kind if component else "ratio"
        self.first = found[0]
        self.direct: dict[Period, Quantity] = {}
        self.to_date: dict[Period, Quantity] = {}
        self.other: list[Quantity] = []
        for quantity in found:
            self._place(quantity)

    def _place(self, quantity: Quantity) -> None:
        upto = quantity.to_date
        if upto is not None:
            self._keep(self.to_date, upto, quantity)
        elif quantity.slot.parts.cumulative:
            self.other.append(quantity)
        else:
            self._keep(self.direct, quantity.period, quantity)

    def _keep(self, places: dict[Period, Quantity], period: Period, quantity: Quantity) -> None:
        """A second value for the same place: refused in one table or when it differs, told when another agrees."""
        first = places.setdefault(period, quantity)
        if first is quantity:
            return
        where = first.slot.measure
        other = f"{where.sheet}!{where.address}"
        same = first.value == quantity.value
        if same and first.table != quantity.table:
            self.blame("duplicate_agrees", quantity.slot.measure, once=quantity.slot.around.header, other=other)
            return
        agreement = (
            Text(zh="，数值一致", en=", with the same value")
            if same
            else Text(zh="，但数值不同", en=", with another value")
        )
        self.blame("duplicate_row", quantity.slot.measure, other=other, agreement=agreement)

    def facts(self) -> Iterator[Fact]:
        """The facts of the series."""
        months: dict[Period, list[Quantity]] = {}
        years: list[Quantity] = []
        quarters: dict[Period, tuple[Quantity, Decimal, tuple[str, ...]]] = {}
        for period, quantity in self.direct.items():
            if period.grain is Grain.QUARTER or (period.grain is Grain.YEAR and quantity.scenario is Scenario.PLAN):
                quarters[period] = (quantity, quantity.value, quantity.conversions)
            elif period.grain is Grain.YEAR:
                years.append(quantity)
            elif period.grain is Grain.MONTH:
                months.setdefault(period.quarters()[0], []).append(quantity)
            else:
                self._cannot(quantity)
        self._add_months(months, quarters)
        self._take_apart(quarters)
        for quantity in self.other:
            self.blame("quarter_incomplete", quantity.slot.period, once=quantity.slot.around.header)
        for quantity in years:
            self._check_year(quantity, quarters)
        for period, (quantity, value, steps) in quarters.items():
            yield self._fact(period, quantity, value, steps)

    def _cannot(self, quantity: Quantity) -> None:
        self.blame("period_too_short_or_long", quantity.slot.period, once=quantity.slot.around.header)

    def _add_months(
        self, months: dict[Period, list[Quantity]], quarters: dict[Period, tuple[Quantity, Decimal, tuple[str, ...]]]
    ) -> None:
        for quarter, found in months.items():
            last = max(found, key=lambda quantity: quantity.period)
            if self.kind == "stock":
                if last.period.last_month % 3 == 0:
                    step = f"value at the end of {last.period}"
                    quarters.setdefault(quarter, (last, last.value, (*last.conversions, step)))
                else:
                    self.blame("quarter_incomplete", last.slot.period, once=last.slot.around.header)
            elif self.kind != "flow":
                self._cannot(last)
            elif len(found) < 3:
                self.blame("quarter_incomplete", last.slot.period, once=last.slot.around.header)
            else:
                parts = sorted(found, key=lambda quantity: quantity.period)
                total = sum((quantity.value for quantity in parts), Decimal(0))
                cells = " + ".join(quantity.slot.number.address for quantity in parts)
                known = quarters.get(quarter)
                if known is None:
                    quarters[quarter] = (last, total, (*last.conversions, f"months {cells}"))
                else:
                    self._compare(known[0], total, known[1])

    def _take_apart(self, quarters: dict[Period, tuple[Quantity, Decimal, tuple[str, ...]]]) -> None:
        """Year-to-date values to quarters, the earliest first."""
        for upto in sorted(self.to_date):
            quantity = self.to_date[upto]
            if self.kind == "stock":
                quarters.setdefault(
                    upto, (quantity, quantity.value, (*quantity.conversions, f"value at the end of {upto}"))
                )
                continue
            if self.kind != "flow":
                self.blame("cumulative_ratio", quantity.slot.number, once=quantity.slot.around.header)
                continue
            before = self._until(upto.shift(-1), quarters) if upto.index > 1 else (Decimal(0), "")
            if before is None and upto in quarters:
                continue
            if before is None:
                self.blame(
                    "cumulative_alone",
                    quantity.slot.period,
                    once=quantity.slot.around.header,
                    quarter=str(upto.shift(-1)),
                )
                continue
            value = quantity.value - before[0]
            known = quarters.get(upto)
            if known is not None:
                self._compare(quantity, known[1], value)
                continue
            step = (f"year to date - {before[1]}",) if before[1] else ("year to date of the first quarter",)
            quarters[upto] = (quantity, value, (*quantity.conversions, *step))

    def _until(
        self, last: Period, quarters: dict[Period, tuple[Quantity, Decimal, tuple[str, ...]]]
    ) -> tuple[Decimal, str] | None:
        """The sum from the start of the year to a quarter, and where it stands."""
        known = self.to_date.get(last)
        if known is not None:
            return known.value, f"{known.slot.number.address} ({canonical_decimal(known.value)})"
        total = Decimal(0)
        for index in range(1, last.index + 1):
            quarter = Period.quarter(last.year, index)
            if quarter in quarters:
                total += quarters[quarter][1]
                continue
            key = FactKey(
                measure=self.first.measure, org_unit=self.first.org_unit, period=quarter, scenario=self.first.scenario
            )
            approved = self.context.history.get(key)
            if approved is None:
                return None
            total += approved
        return total, f"quarters to {last} ({canonical_decimal(total)})"

    def _check_year(
        self, quantity: Quantity, quarters: dict[Period, tuple[Quantity, Decimal, tuple[str, ...]]]
    ) -> None:
        """A whole year's actual value is a check on its quarters, where they stand in the workbook too."""
        inside = [quarters.get(quarter) for quarter in quantity.period.quarters()]
        if any(found is None for found in inside):
            if not any(inside):
                self._cannot(quantity)
        elif self.kind == "flow":
            self._compare(quantity, sum((found[1] for found in inside if found), Decimal(0)), quantity.value)

    def _compare(self, quantity: Quantity, parts: Decimal, stated: Decimal) -> None:
        if abs(parts - stated) > tolerance(quantity.slot, quantity.value):
            self.blame(
                "total_differs",
                quantity.slot.number,
                stated=canonical_decimal(stated),
                parts=canonical_decimal(parts),
            )

    def _fact(self, period: Period, quantity: Quantity, value: Decimal, steps: tuple[str, ...]) -> Fact:
        slot = quantity.slot
        if self.component and not self.component.may_be_negative and value < 0:
            self.blame("negative_value", slot.number, measure=self.component.name)
        key = FactKey(measure=quantity.measure, org_unit=quantity.org_unit, period=period, scenario=quantity.scenario)
        origin = CellOfOrigin(
            workbook=self.workbook,
            sheet=slot.number.sheet,
            cell=slot.number.address,
            text=slot.number.text,
            conversions=steps,
        )
        return Fact(key=key, value=value, origin=origin)


def tolerance(slot: Slot, value: Decimal) -> Decimal:
    """How far a stated total may be from its rounded parts: a few units of the last digit that is written."""
    shown = slot.number.content
    digits = shown.as_tuple().exponent if isinstance(shown, Decimal) else 0
    step = Decimal(1).scaleb(int(digits) if isinstance(digits, int) and digits < 0 else 0)
    factor = abs(value / shown) if isinstance(shown, Decimal) and shown else Decimal(1)
    return 4 * step * factor + abs(value) * Decimal("1e-9")
