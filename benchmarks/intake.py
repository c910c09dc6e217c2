"""How long intake takes beside a bare read of the same cells: ``python -m benchmarks.intake [rows]``.

Two workbooks are made: one long table of many rows and twenty columns, and a company workbook of forty sheets. For each
the same run times a bare read by a Rust reader (python-calamine), ``pandas.read_excel`` through openpyxl, and our whole
intake (read, recognise, match, check), and prints the ratios.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import islice

import openpyxl
import pandas as pd
from python_calamine import CalamineWorkbook

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.intake.context import IntakeContext
from kpi.intake.inspect import inspect_workbook
from kpi.intake.report import Inspection
from kpi.intake.service import read_organisation
from kpi.periods import Period
from kpi.settings import Settings

MEASURES = ("claims_paid", "claims_registered", "policies_issued", "standard_premium", "company_expense")
SHEETS = 40
EXTRA = 14


def long_table(rows: int, units: tuple[str, ...], catalogue: Catalogue) -> bytes:
    """One sheet, twenty columns: six that matter and fourteen of remarks; every row another fact."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append(["Code", "Org unit", "Period", "Unit", "Actual", "Plan", *["Remarks"] * EXTRA])
    components = [(each.code, catalogue.units[each.unit].name.en) for each in catalogue.components]
    combinations = (
        (measure, unit, str(Period.quarter(year, index)), unit_of_measure)
        for measure, unit_of_measure in components
        for unit in units
        for year in range(1990, 2026)
        for index in range(1, 5)
    )
    for number, labels in enumerate(islice(combinations, rows)):
        sheet.append([*labels, number + 0.25, None, *["checked"] * EXTRA])
    return _bytes(book)


def company_workbook(units: tuple[str, ...]) -> bytes:
    """Forty wide sheets: five years by eight branches, quarters across, actual and plan below each."""
    book = openpyxl.Workbook(write_only=True)
    for number in range(SHEETS):
        year, unit = 2018 + number // 8, units[number % 8]
        sheet = book.create_sheet(f"{year} {unit}")
        sheet.append([f"Org unit: {unit}"])
        sheet.append(["Unit: 10k yuan"])
        sheet.append(["KPI", *(text for index in range(1, 5) for text in (f"{year}Q{index}", ""))])
        sheet.append(["", *["actual", "plan"] * 4])
        for row, measure in enumerate(MEASURES):
            sheet.append([measure, *(100 * row + column for column in range(8))])
    return _bytes(book)


def _bytes(book: openpyxl.Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bare_read(content: bytes) -> None:
    """Every cell by the Rust reader, and nothing else."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def seconds(work: Callable[[], object]) -> float:
    """The better of two runs."""
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def report(name: str, content: bytes, context: IntakeContext) -> None:
    """Print the times of one workbook and their ratios."""
    found: list[Inspection] = []
    bare = seconds(lambda: bare_read(content))
    pandas = seconds(lambda: pd.read_excel(BytesIO(content), sheet_name=None, engine="openpyxl"))
    ours = seconds(lambda: found.append(inspect_workbook(content, name, context)))
    facts = len(found[0].facts)
    print(f"{name}: {len(content) / 1e6:.1f} MB, {facts:,} facts, {len(found[0].findings)} findings")
    each = (ours - bare) / max(facts, 1) * 1e6
    print(f"  bare read {bare:7.2f} s")
    print(f"  pandas    {pandas:7.2f} s   {pandas / ours:5.2f} x intake")
    print(f"  intake    {ours:7.2f} s   {ours / bare:5.2f} x bare read, {each:.0f} us a fact")


def main() -> None:
    """Both workbooks."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    settings = Settings()
    organisation = read_organisation(settings.organisation_file)
    context = IntakeContext(load_catalogue(settings.catalogue_dir), organisation, settings.calendar, date(2026, 11, 23))
    branches = tuple(unit.code for unit in organisation.units if unit.kind == "branch")
    report("long table", long_table(rows, branches, context.catalogue), context)
    report("company workbook", company_workbook(branches), context)


if __name__ == "__main__":
    main()
