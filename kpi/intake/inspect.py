"""Workbook in, inspection out: the one door of the reading side."""

from kpi.errors import Refused
from kpi.findings import Finding, Severity
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet, Workbook, digest, read_workbook
from kpi.intake.interpret import interpret
from kpi.intake.layouts.long import read_long
from kpi.intake.layouts.wide import read_wide
from kpi.intake.numbers import read_number
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
    if not tables and not findings:
        findings.append(finding("no_table"))
    elif not tables:
        findings.insert(0, finding("no_table"))
    return _inspection(workbook, tables, findings, context)


def read_tables(sheet: Sheet, context: IntakeContext) -> list[TableRead]:
    """The tables of one sheet, whichever layout fits."""
    wide = read_wide(sheet, context)
    if wide:
        return wide
    long = read_long(sheet, context)
    return [long] if long else []


def _beside_tables(sheet: Sheet, tables: list[TableRead]) -> list[Finding]:
    """Numbers on a sheet without a table, and data that nobody sees."""
    findings = []
    if not tables and (number := _first_number(sheet)):
        findings.append(finding("sheet_not_read", number))
    hidden = next((slot.number for table in tables for slot in table if slot.number.hidden), None)
    if hidden is not None:
        findings.append(finding("hidden_data", hidden))
    return findings


def _first_number(sheet: Sheet) -> Cell | None:
    return next((cell for cells in sheet.rows.values() for cell in cells if read_number(cell) is not None), None)


def _inspection(
    workbook: Workbook, tables: list[TableRead], findings: list[Finding], context: IntakeContext
) -> Inspection:
    understood = interpret((slot for table in tables for slot in table), workbook.sha256, context)
    framed = [item for table in tables for item in table.findings]
    every = [*findings, *framed, *understood.findings.values()]
    return Inspection(
        workbook=workbook.sha256,
        filename=workbook.filename,
        sheets=tuple(sheet.name for sheet in workbook.sheets),
        tables=tuple(table.found for table in tables),
        readings=tuple(understood.readings),
        facts=tuple(understood.facts),
        findings=tuple(sorted(every, key=lambda item: _GRAVITY[item.severity])),
    )
