"""The values of every kind of workbook, by the Rust reader calamine."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, NoReturn, TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kpi.errors import refuse
from kpi.intake.grid import Raw
from kpi.intake.readers import limits
from kpi.intake.readers.marks import Area, Marks

Found = TypeVar("Found")


class Unreadable(Exception):
    """The Rust reader gave up; the message is its own."""


class Values:
    """An opened workbook. Whatever goes wrong inside the reader, a panic too, is raised as :class:`Unreadable`."""

    def __init__(self, content: bytes) -> None:
        self._book = _answered(lambda: CalamineWorkbook.from_filelike(BytesIO(content)))
        self._sheets = self._book.sheets_metadata

    @property
    def sheets(self) -> list[tuple[str, bool]]:
        """The name of each sheet of cells in the workbook's order, and whether it is hidden."""
        return [
            (sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in self._sheets
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]

    def sheet(self, name: str) -> CalamineSheet:
        """A sheet inside the Rust reader."""
        return _answered(lambda: self._book.get_sheet_by_name(name))

    def of(self, name: str, filename: str, opened: CalamineSheet | None = None) -> tuple[list[list[Raw]], list[Area]]:
        """The values of a sheet, row by row from A1 on, and its merged areas. Raises Refused when they are too vast."""
        sheet = opened or self.sheet(name)
        end = sheet.end
        if end is not None and is_vast(end[0] + 1, end[1] + 1):
            refuse_area(filename, name)
        areas = _answered(lambda: sheet.merged_cell_ranges) or []
        merged = [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas]
        return self._rows(sheet), merged

    @staticmethod
    def _rows(sheet: CalamineSheet) -> list[list[Raw]]:
        if sheet.end is None:
            return []
        rows: list[list[Any]] = _answered(lambda: sheet.to_python(skip_empty_area=False))
        return rows


def is_vast(rows: int, columns: int) -> bool:
    """Whether so many rows and columns are more than may be read, or than any sheet has."""
    return rows * columns > limits.MOST_AREA or rows > limits.ROWS or columns > limits.COLUMNS


def refuse_area(filename: str, sheet: str) -> NoReturn:
    """Raise the refusal of a sheet that claims a vast area."""
    raise refuse(
        f"{filename} 的工作表“{sheet}”使用的区域过大（行数乘以列数超过 {limits.MOST_AREA}）。请删除远离表格的单元格。",
        f"Sheet {sheet} of {filename} uses too vast an area (rows times columns beyond {limits.MOST_AREA}). Delete the "
        "cells that stand far from the tables.",
    )


def refuse_vast_marks(marks: Marks, values: list[list[Raw]], filename: str, sheet: str) -> None:
    """Raise the refusal of merged areas beyond measure; only what lies on filled cells counts."""
    rows, columns = len(values), max((len(line) for line in values), default=0)
    merged = sum(
        max(min(bottom, rows) - top + 1, 0) * max(min(right, columns) - left + 1, 0)
        for top, left, bottom, right in marks.merged
    )
    if merged > limits.MOST_MERGED:
        refuse_merged(filename, sheet)


def refuse_merged(filename: str, sheet: str) -> NoReturn:
    """Raise the refusal of a sheet that merges a vast area."""
    raise refuse(
        f"{filename} 的工作表“{sheet}”合并了过多的单元格（超过 {limits.MOST_MERGED} 个）。请取消大范围的合并。",
        f"Sheet {sheet} of {filename} merges more than {limits.MOST_MERGED} cells. Unmerge the vast areas.",
    )


def refuse_many_sheets(count: int, filename: str) -> None:
    """Raise the refusal of more sheets than any workbook has."""
    if count > limits.MOST_SHEETS:
        raise refuse(
            f"{filename} 含有超过 {limits.MOST_SHEETS} 张工作表。请拆分成较小的工作簿。",
            f"{filename} has more than {limits.MOST_SHEETS} sheets. Split it into smaller workbooks.",
        )


def _answered(ask: Callable[[], Found]) -> Found:
    try:
        return ask()
    except PasswordError as problem:
        raise Unreadable("protected by a password") from problem
    except MemoryError:
        raise
    except BaseException as problem:
        if not isinstance(problem, Exception) and type(problem).__name__ != "PanicException":
            raise
        raise Unreadable(str(problem)) from problem
