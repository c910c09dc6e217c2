"""Xlsx workbooks that are written in an unusual way, cell by cell: slow, and needed seldom."""

import warnings
from io import BytesIO
from typing import Any

import openpyxl

from kpi.intake.grid import Raw
from kpi.intake.number_format import says_more
from kpi.intake.readers.archive import damaged
from kpi.intake.readers.marks import Marks


def read_carefully(content: bytes, filename: str) -> dict[str, tuple[list[list[Raw]], Marks]]:
    """Values and marks of each sheet. Raises Refused when the bytes are damaged."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of what it leaves out, which is never cells
            values = openpyxl.load_workbook(BytesIO(content), data_only=True, rich_text=False, keep_links=False)
            formulas = openpyxl.load_workbook(BytesIO(content), keep_links=False)
        return {sheet.title: _sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets}
    except Exception as problem:  # damaged bytes make the reader raise nearly anything
        raise damaged(filename, problem) from problem


def _sheet(values: Any, formulas: Any) -> tuple[list[list[Raw]], Marks]:  # openpyxl has no types
    places = values._cells  # only the cells there are: a sheet may claim millions of rows
    filled = {place: cell for place, cell in places.items() if cell.value is not None}
    lines: list[list[Raw]] = [[] for _ in range(max((row for row, _ in filled), default=0))]
    for (row, column), cell in filled.items():
        line = lines[row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = cell.value
    marks = Marks(
        formats={place: cell.number_format for place, cell in filled.items() if says_more(cell.number_format)},
        hidden_rows={row for row, dimension in values.row_dimensions.items() if dimension.hidden},
        hidden_columns={
            column
            for dimension in values.column_dimensions.values()
            if dimension.hidden
            for column in range(dimension.min or 1, min(dimension.max or 0, 16_384) + 1)
        },
        uncalculated={
            place
            for place, cell in places.items()
            if cell.value is None and cell.data_type != "str" and formulas.cell(*place).data_type == "f"
        },
        comments={place: cell.comment.text for place, cell in places.items() if cell.comment},
        merged=[(area.min_row, area.min_col, area.max_row, area.max_col) for area in values.merged_cells.ranges],
        hidden=values.sheet_state != "visible",
    )
    return lines, marks
