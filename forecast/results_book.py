"""The tables of results as one workbook for readers; the CSV files are what counts, and the two must agree."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from openpyxl import Workbook
from python_calamine import CalamineError, CalamineWorkbook

from forecast.zipped import UNREADABLE, pack, unpack

BOOK: Final = "results/results.xlsx"
_TABLES: Final = (
    "results/kpi_forecast.csv",
    "results/score_forecast.csv",
    "results/forecast.csv",
    "results/series.csv",
    "results/backtest.csv",
    "results/why.csv",
)
# Columns of words; what stands in all others is a number.
_WORDS: Final = {"kpi", "org_unit", "period", "window", "reason", "kind", "code"} | {
    *("component", "quarter", "method", "recommended", "unstable")
}
_ABOUT: Final = "docProps/core.xml"
_TIMES: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
Rows = list[list[str | float]]


def results_book(files: Mapping[str, bytes]) -> bytes:
    """A sheet a table, numbers to the 15 digits that spreadsheets keep, without the time at which it was made."""
    book = Workbook(write_only=True)
    for name in _TABLES:
        sheet = book.create_sheet(_sheet(name))
        sheet.freeze_panes = "A2"
        for row in _rows(files[name]):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    parts, _ = unpack(out.getvalue())
    parts[_ABOUT] = _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", parts[_ABOUT])
    return pack(parts, compressed=True)


def agrees(content: bytes, files: Mapping[str, bytes]) -> bool:
    """Whether the workbook says cell by cell what the tables say, to 15 digits."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if book.sheet_names != [_sheet(name) for name in _TABLES]:
            return False
        return all(
            book.get_sheet_by_name(_sheet(name)).to_python(skip_empty_area=False) == _rows(files[name])
            for name in _TABLES
        )
    except (*UNREADABLE, CalamineError, LookupError):
        return False


def _sheet(name: str) -> str:
    return PurePosixPath(name).stem


def _rows(table: bytes) -> Rows:
    header, *lines = csv.reader(io.StringIO(table.decode()))
    words = [name in _WORDS for name in header]
    return [list(header), *([_cell(text, *of) for text, *of in zip(line, words, strict=True)] for line in lines)]


def _cell(text: str, words: bool) -> str | float:
    return text if words or not text else float(f"{float(text):.14e}")
