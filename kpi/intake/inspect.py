"""Workbook in, inspection out: the one door of the reading side."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.errors import Refused
from kpi.findings import Finding, Severity
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet, Workbook, digest
from kpi.intake.interpret import interpret
from kpi.intake.layouts.long import read_long
from kpi.intake.layouts.regions import regions
from kpi.intake.layouts.wide import read_wide
from kpi.intake.numbers import read_number
from kpi.intake.readers import read_workbook
from kpi.intake.report import Inspection
from kpi.intake.slots import TableRead

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def inspect_workbook(content: bytes, filename: str, context: IntakeContext) -> Inspection:
    """Everything a workbook says and everything that is wrong with it. Raises nothing about the workbook: a file that
    can't be opened is an inspection with one finding. Nothing is stored."""
    try:
        workbook = read_workbook(content, filename)
    except Refused as refusal:
        workbook = Workbook(filename, digest(content))
        return _inspection(workbook, [], [finding("file_unreadable", problem=refusal.message)], context)
    tables: list[TableRead] = []
    findings: list[Finding] = []
    for sheet in workbook.sheets:
        found = read_tables(sheet, context)
        tables += found
        findings += _beside_tables(sheet, found)
    if not tables:
        findings = [_without_tables(workbook, context)]
    return _inspection(workbook, tables, findings, context)


def read_tables(sheet: Sheet, context: IntakeContext) -> list[TableRead]:
    """The tables of one sheet, whichever layout fits."""
    readers = {"wide": read_wide, "long": read_long}
    return [readers[region.layout](sheet, region, context) for region in regions(sheet, context)]


def _beside_tables(sheet: Sheet, tables: list[TableRead]) -> list[Finding]:
    """Numbers that stand in no table, and data that nobody sees."""
    findings = []
    outside = next(iter(_numbers(sheet)), None)
    if outside and not tables:
        findings.append(finding("sheet_not_read", outside))
    elif outside and outside.row < tables[0].first_row and isinstance(outside.content, Decimal):
        findings.append(finding("numbers_outside", outside))
    hidden = next((slot.number for table in tables for slot in table if slot.number.hidden), None)
    if hidden is not None:
        findings.append(finding("hidden_data", hidden))
    return findings


def _without_tables(workbook: Workbook, context: IntakeContext) -> Finding:
    """What to say of a workbook without tables, at the headings or the first number that may have been meant as one."""
    for sheet in workbook.sheets:
        for cells in sheet.rows.values():
            units = [cell for cell in cells if isinstance(cell.content, str) and context.names.org_unit(cell.text)]
            if len(units) > 1:
                return finding("org_units_across", units[0])
    return finding("no_table", next((cell for sheet in workbook.sheets for cell in _numbers(sheet)), None))


def _numbers(sheet: Sheet) -> Iterator[Cell]:
    return (cell for cells in sheet.rows.values() for cell in cells if read_number(cell) is not None)


def _inspection(
    workbook: Workbook, tables: list[TableRead], findings: list[Finding], context: IntakeContext
) -> Inspection:
    understood = interpret((slot for table in tables for slot in table), workbook.sha256, context)
    framed = [item for table in tables for item in table.findings]
    every = [*findings, *framed, *understood.told()]
    return Inspection(
        workbook=workbook.sha256,
        filename=workbook.filename,
        sheets=tuple(sheet.name for sheet in workbook.sheets),
        tables=tuple(table.found for table in tables),
        readings=tuple(understood.readings),
        facts=tuple(understood.facts),
        findings=tuple(sorted(every, key=lambda item: _GRAVITY[item.severity])),
    )
