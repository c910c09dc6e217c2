"""Totals and attainment columns of a table as checks on the numbers beside them; none of them is ever stored."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kpi.catalogue.models import Catalogue
from kpi.facts import canonical_decimal
from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.columns import Column
from kpi.intake.layouts.parts import Row
from kpi.intake.layouts.words import STORED
from kpi.intake.numbers import read_number
from kpi.intake.slots import Slot

_ATTAINMENT = ("达成", "完成", "执行", "attain", "achiev", "% of plan", "% of budget", "completion")
_CLOSE = Decimal("0.006")


def check_sums(
    rows: Iterable[Row], columns: list[Column], slots: Iterable[Slot], catalogue: Catalogue
) -> list[Finding]:
    """Totals that differ from their parts, down and across, and attainments that differ from actual over plan."""
    rows, slots = list(rows), list(slots)
    down = any(row.said.total is not None for row in rows)
    across = any(column.said.total for column in columns)
    rates = any(column.said.scenario == "other" for column in columns)
    if not (down or across or rates):
        return []
    by_place = {(slot.number.row, slot.number.column): slot for slot in slots}
    return [
        *_totals_down(rows, columns, by_place, catalogue),
        *_totals_across(columns, by_place, catalogue),
        *_attainments(by_place),
    ]


def _adds_up(slot: Slot, catalogue: Catalogue, over_units: bool) -> bool:
    """Whether values of the slot's measure may be added: components only, over time flows only."""
    component = catalogue.component.get(slot.known.measure) if slot.known else None
    if component is None or slot.scenario not in STORED:
        return False
    return component.over_units == "sum" and component.kind != "average" if over_units else component.kind == "flow"


def _value(slot: Slot | None) -> Decimal | None:
    number = read_number(slot.number) if slot else None
    return number.value if number else None


def _totals_down(
    rows: list[Row], columns: list[Column], slots: dict[tuple[int, int], Slot], catalogue: Catalogue
) -> Iterator[Finding]:
    """A row of totals against the rows since the last one, or against all, subtotals left out."""
    for column in columns:
        block: list[Decimal] = []
        every: list[Decimal] = []
        measures: set[str] = set()
        part: Slot | None = None
        for row in rows:
            slot = slots.get((row.row, column.column))
            value = _value(slot)
            if slot is None or value is None or (slot.parts.grain is None and slot.parts.year is None):
                continue
            if row.said.total is None:
                if slot.known is not None:
                    measures.add(slot.known.measure)
                    part = slot
                block.append(value)
                every.append(value)
                continue
            over_units = row.org_unit is None and bool(row.said.total)
            fits = len(measures) == 1 and (slot.known is None or slot.known.measure in measures)
            checked = fits and len(every) > 1 and part is not None and _adds_up(part, catalogue, over_units)
            if checked and _differs(value, block) and _differs(value, every):
                yield _told(slot.number, value, sum(block if len(block) > 1 else every, Decimal(0)))
            block = []


def _totals_across(
    columns: list[Column], slots: dict[tuple[int, int], Slot], catalogue: Catalogue
) -> Iterator[Finding]:
    """A column of totals against the columns of the same scenario to its left: quarters, or org units."""
    for total in (column for column in columns if column.said.total):
        parts = [
            column
            for column in columns
            if column.column < total.column
            and not column.said.total
            and column.said.scenario == total.said.scenario
            and column.said.parts.cumulative is not True
            and (total.said.parts.year is None or column.said.parts.year in (None, total.said.parts.year))
        ]
        over_units = bool(parts) and all(column.said.org_unit for column in parts)
        over_time = bool(parts) and all(column.said.parts.grain for column in parts)
        if len(parts) < 2 or not (over_units or over_time):
            continue
        for (row, column_of_total), slot in slots.items():
            if column_of_total != total.column:
                continue
            beside = [slots.get((row, column.column)) for column in parts]
            values = [value for one in beside if (value := _value(one)) is not None]
            fits = any(one is not None and _adds_up(one, catalogue, over_units) for one in beside)
            stated = _value(slot)
            if fits and stated is not None and len(values) == len(parts) and _differs(stated, values):
                yield _told(slot.number, stated, sum(values, Decimal(0)))


def _attainments(slots: dict[tuple[int, int], Slot]) -> Iterator[Finding]:
    """A column of attainments against actual over plan of the same row and period."""
    beside: dict[tuple[object, ...], dict[str, Slot]] = {}
    for slot in slots.values():
        beside.setdefault(_key(slot), {})[slot.scenario] = slot
    for slot in slots.values():
        heading = slot.heading.casefold()
        if slot.scenario != "other" or not any(word in heading for word in _ATTAINMENT):
            continue
        pair = beside[_key(slot)]
        actual, plan, stated = _value(pair.get("actual")), _value(pair.get("plan")), _value(slot)
        if actual is None or not plan or stated is None or _percent(pair["actual"]) != _percent(pair["plan"]):
            continue
        ratio = actual / plan
        if all(abs(ratio - shown) > _CLOSE * max(Decimal(1), abs(ratio)) for shown in (stated, stated / 100)):
            yield finding(
                "attainment_differs",
                slot.number,
                stated=slot.number.text.strip(),
                worked_out=f"{ratio * 100:.1f}%",
            )


def _percent(slot: Slot) -> bool:
    number = read_number(slot.number)
    return bool(number and number.percent)


def _key(slot: Slot) -> tuple[object, ...]:
    """What actual, plan and attainment of one thing have in common. The heading of an attainment may leave out that
    values are to date."""
    parts = slot.parts
    return slot.number.row, slot.org_unit_code, slot.known, parts.year, parts.grain, parts.ordinal


def _differs(stated: Decimal, parts: list[Decimal]) -> bool:
    """Whether a stated total is further from its parts than rounding each of them explains."""
    exponents = [int(value.as_tuple().exponent) for value in (stated, *parts)]
    step = Decimal(1).scaleb(min(0, *exponents)) if max(exponents) <= 0 else Decimal(1)
    return abs(sum(parts, Decimal(0)) - stated) > step * (len(parts) + 1) / 2


def _told(cell: Cell, stated: Decimal, parts: Decimal) -> Finding:
    return finding("total_differs", cell, stated=canonical_decimal(stated), parts=canonical_decimal(parts))
