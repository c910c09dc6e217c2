"""What a table whose measures are known leaves open, and what of it is read but not stored: told once a table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.columns import Column
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.layouts.surroundings import Surroundings
from kpi.intake.layouts.titles import speaks_of_plans
from kpi.intake.layouts.words import DERIVED, STORED
from kpi.intake.slots import Slot, TableRead
from kpi.periods import Grain


def ask(table: TableRead, frame: Frame, around: Surroundings, vocabulary: Vocabulary) -> None:
    """Add to a table's findings where no place says the org unit, the period or the scenario of known measures."""
    asked = [slot for slot in table.slots if slot.known and not slot.listed and slot.scenario in (*STORED, "")]
    stored = [slot for slot in asked if slot.scenario in STORED]
    homeless = next((slot for slot in asked if slot.org_unit is None and not slot.org_unit_code), None)
    elsewhere = any(slot.org_unit is None and slot.org_unit_code == around.org_unit for slot in asked)
    if homeless is not None:
        table.findings.append(around.org_remark or finding("org_unit_unclear", homeless.period))
    elif around.org_remark is not None and elsewhere:
        table.findings.append(around.org_remark)
    dateless = next((slot for slot in stored if not slot.odd_period and slot.parts.year is None), None)
    if dateless is not None:
        table.findings.append(finding("period_unclear", dateless.period))
    unsaid = next((slot for slot in asked if not slot.scenario and slot.known and not slot.known.scenario), None)
    if unsaid is not None:
        _ask_scenario(table, unsaid, frame, vocabulary)
    to_date = next((slot for slot in stored if slot.parts.cumulative), None)
    if to_date is not None:
        table.findings.append(finding("year_to_date", around.to_date or to_date.period))


def _ask_scenario(table: TableRead, unsaid: Slot, frame: Frame, vocabulary: Vocabulary) -> None:
    """Of quarters that are over, in a table without a word of plans, actual is meant; that is told. Anything else has
    to be asked."""
    calendar, today = vocabulary.context.calendar, vocabulary.context.today
    open_ = [slot for slot in table.slots if slot.known and not slot.listed and not slot.scenario]
    periods = [slot.parts.period(calendar) for slot in open_]
    over = all(
        period is not None and period.grain is not Grain.YEAR and calendar.end(period) <= today for period in periods
    )
    words = [line.text for line in (*frame.lines, *frame.outer, *frame.notes)]
    words += [cell.text for row in frame.headings for cell in frame.window.row(row)]
    alone = all(slot.scenario not in STORED or slot.scenario == "actual" for slot in table.slots)
    if not (over and alone) or speaks_of_plans([*words, frame.sheet.name]):
        table.findings.append(finding("scenario_unclear", unsaid.period))
        return
    table.findings.append(finding("scenario_assumed", unsaid.period))
    table.slots = [replace(slot, scenario="actual") if not slot.scenario else slot for slot in table.slots]


def not_stored(table: TableRead, columns: Sequence[Column], totals: Sequence[Cell]) -> Iterator[Finding]:
    """Once a table each: derived columns, values of another year or forecasts, and totals."""
    headings = {column.column: column.said.scenario_cell or column.inner for column in columns}
    kinds = {"derived_column": DERIVED, "not_stored": frozenset({"prior_year", "forecast"})}
    for code, scenarios in kinds.items():
        slot = next((slot for slot in table.slots if slot.scenario in scenarios), None)
        if slot is not None:
            yield finding(code, headings[slot.number.column] or slot.measure)
    for cell in totals[:1]:
        yield finding("total_row", cell)
