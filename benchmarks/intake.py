"""How long intake takes beside a bare read of the same cells: ``python -m benchmarks.intake [rows]``.

Two workbooks are made: one long table of many rows and twenty columns, and a company workbook of forty sheets. For each
the same run times a bare read by a Rust reader (python-calamine), ``pandas.read_excel`` through openpyxl, and our whole
intake (read, recognise, match, check), and prints the ratios.
"""

import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path

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


def company_workbook(units: tuple[str, ...], catalogue: Catalogue) -> bytes:
    """Forty wide sheets: five groups of measures by eight branches, twenty quarters across, actual and plan below each;
    the branch and the unit in lines above, a remark and a total of columns beside."""
    book = openpyxl.Workbook(write_only=True)
    money = [each.name.zh for each in catalogue.components if each.unit == "yuan" and each.kind == "flow"]
    quarters = [str(Period.quarter(year, index)) for year in range(2021, 2026) for index in range(1, 5)]
    for number in range(SHEETS):
        group, unit = number // 8, units[number % 8]
        sheet = book.create_sheet(f"{group + 1} {unit}")
        sheet.append([f"机构：{unit}"])
        sheet.append(["单位：万元"])
        sheet.append(["指标", *(text for quarter in quarters for text in (quarter, "")), "备注"])
        sheet.append(["", *["实际", "计划"] * len(quarters), ""])
        for row, measure in enumerate(money[group::5]):
            sheet.append([measure, *(1000 * row + column + 0.5 for column in range(2 * len(quarters))), "已核对"])
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


def peak(work: Callable[[], object]) -> float:
    """Megabytes at the peak of a process that does this and nothing else, what it starts with taken off."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        before = _resident()
        work()
        os.write(theirs, f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    return float(os.read(ours, 100))


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6


def report(name: str, content: bytes, context: IntakeContext) -> None:
    """Print the times and peaks of one workbook and their ratios."""
    gc.collect()
    memory = peak(lambda: bare_read(content)), peak(lambda: inspect_workbook(content, name, context))
    found: list[Inspection] = []
    bare = seconds(lambda: bare_read(content))
    pandas = seconds(lambda: pd.read_excel(BytesIO(content), sheet_name=None, engine="openpyxl"))
    ours = seconds(lambda: found.append(inspect_workbook(content, name, context)))
    facts = len(found[0].facts)
    goal = 1.5 * bare + 10e-6 * facts
    each = (ours - bare) / max(facts, 1) * 1e6
    print(f"{name}: {len(content) / 1e6:.1f} MB, {facts:,} facts, {len(found[0].findings)} findings")
    print(f"  bare read {bare:7.2f} s   {memory[0]:6.0f} MB")
    print(f"  pandas    {pandas:7.2f} s   {pandas / ours:5.2f} x intake")
    print(f"  intake    {ours:7.2f} s   {memory[1]:6.0f} MB   {ours / bare:5.2f} x bare read, {each:.0f} us a fact")
    print(f"  goal      {goal:7.2f} s   {memory[0] * 3:6.0f} MB   intake takes {ours / goal:.2f} x as long")


def main() -> None:
    """Both workbooks."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    settings = Settings()
    organisation = read_organisation(settings.organisation_file)
    context = IntakeContext(load_catalogue(settings.catalogue_dir), organisation, settings.calendar, date(2026, 11, 23))
    branches = tuple(unit.code for unit in organisation.units if unit.kind == "branch")
    report("company workbook", company_workbook(branches, context.catalogue), context)
    report("long table", long_table(rows, branches, context.catalogue), context)


if __name__ == "__main__":
    main()
