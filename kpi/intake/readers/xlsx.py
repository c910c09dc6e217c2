"""The cells of an xlsx workbook."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

from kpi.errors import Refused, refuse
from kpi.intake.grid import Sheet, Workbook, digest

MOST_BYTES = 500_000_000
MOST_MERGED = 200_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


def read_xlsx(content: bytes, filename: str) -> Workbook:
    """The cells of an xlsx workbook. Raises Refused when the bytes are not one, are locked, or unpack to too much."""
    _refuse_what_is_no_xlsx(content, filename)
    try:
        _refuse_vast_merged_areas(content, filename)
        values = openpyxl.load_workbook(BytesIO(content), data_only=True, rich_text=False)
        formulas = openpyxl.load_workbook(BytesIO(content)) if _has_formulas(content) else None
        sheets = tuple(_sheet(sheet, formulas[sheet.title] if formulas else None) for sheet in values.worksheets)
    except Refused:
        raise
    except Exception as problem:  # damaged bytes make the reader raise nearly anything
        raise _unreadable(filename, problem) from problem
    return Workbook(filename, digest(content), sheets)


def _refuse_what_is_no_xlsx(content: bytes, filename: str) -> None:
    if not content:
        raise refuse(f"{filename} 是空文件。请重新保存后再上传。", f"{filename} is empty. Save it again and upload it.")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refuse(
            f"{filename} 设有密码，或是旧版 xls 格式。请在 Excel 中另存为不加密的 xlsx 后再上传。",
            f"{filename} is protected by a password or in the old xls format. Save it as an unprotected xlsx.",
        )
    if not zipfile.is_zipfile(BytesIO(content)):
        raise refuse(
            f"{filename} 不是 xlsx 工作簿。请在 Excel 中另存为 xlsx 后再上传。",
            f"{filename} is not an xlsx workbook. Save it as xlsx in Excel and upload that.",
        )
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            limit = MOST_BYTES // 1_000_000
            raise refuse(
                f"{filename} 解压后超过 {limit} MB。请拆分成较小的工作簿。",
                f"{filename} unpacks to more than {limit} MB. Split it into smaller workbooks.",
            )


def _refuse_vast_merged_areas(content: bytes, filename: str) -> None:
    """The reader makes a cell of each place in a merged area, and a few bytes can merge a whole sheet."""
    areas = (match.groups() for sheet in _sheet_bytes(content) for match in _MERGED.finditer(sheet))
    if sum(_size(*(part.decode() for part in area)) for area in areas) > MOST_MERGED:
        raise refuse(
            f"{filename} 合并了过多的单元格（超过 {MOST_MERGED} 个）。请取消整行、整列或整张工作表的合并。",
            f"{filename} merges more than {MOST_MERGED} cells. Unmerge whole rows, columns or sheets.",
        )


def _size(left: str, top: str, right: str, bottom: str) -> int:
    width: int = column_index_from_string(right) - column_index_from_string(left) + 1
    return width * (int(bottom) - int(top) + 1)


def _sheet_bytes(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                yield archive.read(name)


def _unreadable(filename: str, problem: Exception) -> Refused:
    return refuse(
        f"{filename} 已损坏或不是 xlsx 工作簿（{problem}）。请在 Excel 中打开并另存为 xlsx。",
        f"{filename} is damaged or not an xlsx workbook ({problem}). Open it in Excel and save it as xlsx.",
    )


def _has_formulas(content: bytes) -> bool:
    return any(b"<f" in sheet for sheet in _sheet_bytes(content))


def _is_formula(formulas: Any, place: tuple[int, int]) -> bool:
    """A text formula whose stored result is empty, of type ``str``, is not asked for: it was calculated."""
    return formulas is not None and formulas.cell(*place).data_type == "f"


def _sheet(values: Any, formulas: Any) -> Sheet:  # openpyxl has no types
    columns = {
        column
        for dimension in values.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 0, (dimension.max or 0) + 1)
    }
    places = values._cells  # only the cells there are: a sheet may claim millions of rows
    filled = {place: cell for place, cell in places.items() if cell.value is not None}
    lines: list[list[Any]] = [[] for _ in range(max((row for row, _ in filled), default=0))]
    for (row, column), cell in filled.items():
        line = lines[row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = cell.value
    return Sheet(
        values.title,
        lines,
        tuple((area.min_row, area.min_col, area.max_row, area.max_col) for area in values.merged_cells.ranges),
        values.sheet_state != "visible",
        frozenset(row for row, dimension in values.row_dimensions.items() if dimension.hidden),
        frozenset(columns),
        {place: cell.number_format for place, cell in filled.items() if cell.number_format != "General"},
        frozenset(
            place
            for place, cell in places.items()
            if cell.value is None and cell.data_type != "str" and _is_formula(formulas, place)
        ),
    )
