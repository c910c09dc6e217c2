"""Workbook in, inspection out: the one door of the reading side."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from kpi.errors import Refused
from kpi.findings import Finding, Severity
from kpi.intake.context import IntakeContext
from kpi.intake.corrections import shape_of
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet, Workbook, digest
from kpi.intake.history import check_history
from kpi.intake.interpret import interpret
from kpi.intake.layouts.frame import frames
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.layouts.table import read_table
from kpi.intake.layouts.window import Window
from kpi.intake.readers import PasswordNeeded, read_workbook
from kpi.intake.report import Inspection
from kpi.intake.slots import TableRead
from kpi.intake.study import Study, labels_of, picture

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def inspect_workbook(
    content: bytes, filename: str, context: IntakeContext, *, password: str | None = None
) -> Inspection:
    """Everything a workbook says and everything that is wrong with it. Raises nothing about the workbook: a file that
    can't be opened is an inspection with one finding. Nothing is stored."""
    return _Reading(content, filename, context, password).inspection


def study_workbook(content: bytes, filename: str, context: IntakeContext, *, password: str | None = None) -> Study:
    """The same with a picture of each sheet and every label with its candidates."""
    reading = _Reading(content, filename, context, password)
    stored: dict[str, set[str]] = {}
    listed: dict[str, set[str]] = {}
    for fact in reading.inspection.facts:
        stored.setdefault(fact.origin.sheet, set()).add(fact.origin.cell)
    for one in reading.inspection.readings:
        listed.setdefault(one.sheet, set()).add(one.cell)
    pictures = tuple(
        picture(
            sheet,
            reading.by_sheet.get(sheet.name, ()),
            stored.get(sheet.name, set()),
            listed.get(sheet.name, set()),
        )
        for sheet in reading.workbook.sheets
    )
    return Study(
        reading.inspection,
        pictures,
        tuple(labels_of(reading.tables, context)),
        shape_of(reading.workbook) if reading.workbook.sheets else "",
    )


def unreadable(content: bytes, filename: str, refusal: Refused) -> Inspection:
    """The inspection of a file that can't be opened."""
    code = "password_needed" if isinstance(refusal, PasswordNeeded) else "file_unreadable"
    return Inspection(
        workbook=digest(content),
        filename=filename,
        sheets=(),
        tables=(),
        readings=(),
        facts=(),
        findings=(finding(code, problem=refusal.message),),
    )


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Without looking for garbage: reading makes very many objects that all stay, and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Reading:
    """One workbook read: its tables by sheet and the inspection."""

    def __init__(self, content: bytes, filename: str, context: IntakeContext, password: str | None) -> None:
        self.tables: list[TableRead] = []
        self.by_sheet: dict[str, list[TableRead]] = {}
        findings: list[Finding] = []
        try:
            self.workbook = read_workbook(content, filename, password)
        except Refused as refusal:
            self.workbook = Workbook(filename, digest(content))
            self.inspection = unreadable(content, filename, refusal)
            return
        with _collecting_later():
            self._read(context, findings)

    def _read(self, context: IntakeContext, findings: list[Finding]) -> None:
        vocabulary = Vocabulary(context)
        for sheet in self.workbook.sheets:
            if context.corrections.sheet(sheet.name).skip:
                first = next(iter(_numbers(sheet)), None)
                findings += [finding("sheet_set_aside", first)] if first else []
                continue
            found = self.by_sheet[sheet.name] = read_tables(sheet, vocabulary)
            self.tables += found
            findings += _beside_tables(sheet, found)
        if not self.tables and all(item.code == "sheet_not_read" for item in findings):
            findings = [_without_tables(self.workbook)]
        self.inspection = _inspection(self.workbook, self.tables, findings, context)


def read_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[TableRead]:
    """The tables of one sheet, from top to bottom and left to right."""
    found = (read_table(frame, vocabulary) for frame in frames(sheet, vocabulary))
    return [table for table in found if table is not None]


def _beside_tables(sheet: Sheet, tables: list[TableRead]) -> list[Finding]:
    """Numbers that stand in no table, tables of nothing known, and data that nobody sees."""
    findings = []
    findings += [
        finding("measures_not_in_catalogue", table.slots[0].measure)
        for table in tables
        if table.strange and table.slots
    ]
    outside = next(iter(_numbers(sheet)), None)
    if outside and not tables:
        findings.append(finding("sheet_not_read", outside))
    elif outside and outside.row < tables[0].first_row and isinstance(outside.content, Decimal):
        findings.append(finding("numbers_outside", outside))
    hidden = next((slot.number for table in tables for slot in table if slot.number.hidden), None)
    if hidden is not None:
        findings.append(finding("hidden_data", hidden))
    return findings


def _without_tables(workbook: Workbook) -> Finding:
    """What to say of a workbook without tables, at the first number that may have been meant as one."""
    return finding("no_table", next((cell for sheet in workbook.sheets for cell in _numbers(sheet)), None))


def _numbers(sheet: Sheet) -> Iterator[Cell]:
    window = Window(sheet)
    for row in range(1, window.last_row + 1):
        if window.kind(row) in ("n", "p"):
            yield from (cell for cell in window.row(row) if window.is_number(cell))


def _inspection(
    workbook: Workbook, tables: list[TableRead], findings: list[Finding], context: IntakeContext
) -> Inspection:
    understood = interpret(tables, workbook.sha256, context)
    framed = [item for table in tables for item in table.findings]
    every = [*findings, *framed, *understood.told()]
    every += check_history(understood.facts, context.history, context.catalogue)
    return Inspection(
        workbook=workbook.sha256,
        filename=workbook.filename,
        sheets=tuple(sheet.name for sheet in workbook.sheets),
        tables=tuple(table.found for table in tables),
        readings=tuple(understood.readings),
        facts=tuple(understood.facts),
        findings=tuple(sorted(every, key=lambda item: _GRAVITY[item.severity])),
    )
