"""Small workbooks for tests, and the context to read them in."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.facts import canonical_decimal
from kpi.findings import Severity
from kpi.intake.context import IntakeContext
from kpi.intake.inspect import inspect_workbook
from kpi.intake.report import Inspection
from kpi.intake.service import read_organisation
from kpi.periods import FiscalCalendar
from kpi.settings import DATA

DEMO = DATA / "demo"
TODAY = date(2026, 11, 23)
LONG_ZH = ("指标", "机构", "期间", "单位", "实际", "计划")
LONG_EN = ("KPI", "Org unit", "Period", "Unit", "Actual", "Plan")
Row = Sequence[object]


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships."""
    return load_catalogue(DATA / "catalogue")


@cache
def context(first_month: int = 1) -> IntakeContext:
    """The demo company, read on a fixed day."""
    organisation = read_organisation(DEMO / "organisation.yaml")
    return IntakeContext(catalogue(), organisation, FiscalCalendar(first_month=first_month), TODAY)


def workbook(*rows: Row, title: str = "Sheet1", change: Callable[[Any], None] | None = None) -> bytes:
    """An xlsx with ``rows`` from A1 on; ``change`` gets the sheet afterwards."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of an openpyxl workbook."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@cache
def beginning(file: str, rows: int = 40) -> bytes:
    """The first rows of each sheet of a demo workbook, quick to open."""
    book = load_workbook(DEMO / file)
    for sheet in book.worksheets:
        sheet.delete_rows(rows + 1, sheet.max_row)
        sheet.data_validations.dataValidation = []
    return saved(book)


def demo_with(file: str, change: Callable[[Any], None]) -> bytes:
    """The beginning of a demo workbook with a fault planted by ``change`` on its first sheet."""
    book = load_workbook(BytesIO(beginning(file)))
    change(book.worksheets[0])
    return saved(book)


def inspect(content: bytes, first_month: int = 1, filename: str = "test.xlsx") -> Inspection:
    """The inspection of a workbook in the demo company."""
    return inspect_workbook(content, filename, context(first_month))


@cache
def demo_inspection(file: str) -> Inspection:
    """The inspection of a whole demo workbook."""
    return inspect((DEMO / file).read_bytes())


def facts(inspection: Inspection) -> dict[str, str]:
    """Facts as ``measure|org unit|period|scenario`` to value."""
    return {str(fact.key): canonical_decimal(fact.value) for fact in inspection.facts}


def errors(inspection: Inspection) -> list[tuple[str, str, str]]:
    """Code, cell and found text of every error."""
    return [(item.code, item.cell, item.found) for item in inspection.findings if item.severity is Severity.ERROR]
