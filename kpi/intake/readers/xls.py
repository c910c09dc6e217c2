"""Xls workbooks (Excel 5 to 2003): the records of the old binary format that say more than the values."""

from collections.abc import Iterator
from io import BytesIO
from struct import unpack_from

import olefile

from kpi.errors import Refused
from kpi.intake.readers.archive import damaged
from kpi.intake.readers.marks import ERRORS, Marks
from kpi.intake.readers.sheets import Read, read_marked
from kpi.intake.readers.styles import Styles, styles_of
from kpi.intake.readers.values import is_vast, refuse_many_sheets

_BOF, _EOF, _SHEET, _FORMAT, _XF, _CODEPAGE, _EPOCH = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x42, 0x22
_LOCKED = 0x2F
_FORMULA, _NUMBER, _RK, _RKS, _BOOLEAN_OR_ERROR = 0x06, 0x203, 0x27E, 0xBD, 0x205
_TEXTS = frozenset({0xFD, 0x204, 0xD6})
_CELLS = frozenset({_FORMULA, _NUMBER, _RK, _RKS, _BOOLEAN_OR_ERROR}) | _TEXTS
_ROW, _COLUMNS, _EXTENT = 0x208, 0x7D, 0x200
_HIDDEN_ROW = 0x20
_WORKSHEET = 0
_ERROR = 2
_EXCEL_97 = 0x600


def read_xls(content: bytes, filename: str) -> list[Read]:
    """The sheets of an xls workbook. Raises Refused when it is damaged."""
    try:
        stream = _stream(content)
        book = _Book(stream)
        refuse_many_sheets(len(book.sheets), filename)
        for start in book.others.values():
            _marks(stream, start, book.styles)
        marks = {name: _marks(stream, start, book.styles) for name, start in book.sheets.items()}
    except Refused:
        raise
    except Exception as problem:  # damaged bytes break anywhere
        raise damaged(filename, problem) from problem
    return read_marked(content, filename, marks, book.epoch_1904)


def _stream(content: bytes) -> bytes:
    with olefile.OleFileIO(BytesIO(content)) as container:
        name = next(path for path in container.listdir() if path[-1].lower() in ("workbook", "book") and len(path) == 1)
        return bytes(container.openstream(name).read())


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and length of each record of one part, from its first to its last; parts within it are left out."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, position)
        position += 4
        if position + length > len(stream):
            raise ValueError("a record is cut off")
        if kind == _EXTENT:
            _believe(stream[position : position + length])
        elif kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth == 1:
            yield kind, position, length
        position += length
    raise ValueError("the workbook ends early")


def _believe(extent: bytes) -> None:
    """Check the extent that a sheet claims: the value reader makes room for all of it at once."""
    if len(extent) in (10, 14):
        top, bottom, left, right = unpack_from("<IIHH" if len(extent) == 14 else "<HHHH", extent)
        if top > bottom or left > right or is_vast(bottom, right):
            raise ValueError("a sheet claims an extent that no sheet has")


class _Book:
    """The part that stands before the sheets: styles, names, and where each sheet begins."""

    def __init__(self, stream: bytes) -> None:
        self.sheets: dict[str, int] = {}
        self.others: dict[str, int] = {}
        self.epoch_1904 = False
        wide, codepage = True, "cp1252"
        codes: dict[int, str] = {}
        formats: list[int] = []
        for kind, at, length in _records(stream, 0):
            if kind == _BOF:
                wide = unpack_from("<H", stream, at)[0] == _EXCEL_97
            elif kind == _LOCKED:
                raise ValueError("protected in an unknown way")
            elif kind == _CODEPAGE:
                codepage = f"cp{unpack_from('<H', stream, at)[0]}"
            elif kind == _EPOCH:
                self.epoch_1904 = unpack_from("<H", stream, at)[0] == 1
            elif kind == _FORMAT:
                size = 2 if wide else 1
                codes[unpack_from("<H", stream, at)[0]] = _text(stream[at + 2 : at + length], size, wide, codepage)
            elif kind == _XF:
                formats.append(unpack_from("<H", stream, at + 2)[0])
            elif kind == _SHEET:
                name = _text(stream[at + 6 : at + length], 1, wide, codepage)
                listed = self.sheets if stream[at + 5] == _WORKSHEET else self.others
                listed[name] = unpack_from("<I", stream, at)[0]
        self.styles = styles_of(formats, codes)


def _text(raw: bytes, size: int, wide: bool, codepage: str) -> str:
    """A text after its length of ``size`` bytes; before Excel 97 in the code page of the workbook."""
    length = int.from_bytes(raw[:size], "little")
    if not wide:
        try:
            return raw[size : size + length].decode(codepage, "replace")
        except LookupError:
            return raw[size : size + length].decode("cp1252", "replace")
    start = size + 1
    if raw[size] & 1:
        return raw[start : start + 2 * length].decode("utf-16-le", "replace")
    return raw[start : start + length].decode("latin-1")


def _marks(stream: bytes, start: int, styles: Styles) -> Marks:
    marks = Marks()
    for kind, at, length in _records(stream, start):
        if kind in _CELLS:
            row, column, style = unpack_from("<HHH", stream, at)
            last = unpack_from("<H", stream, at + length - 2)[0] if kind == _RKS else column
            marks.last_row = max(marks.last_row, row + 1)
            marks.last_column = max(marks.last_column, last + 1)
            if kind in _TEXTS:
                continue
            if kind == _RKS:
                for number in range((length - 6) // 6):
                    style = unpack_from("<H", stream, at + 4 + 6 * number)[0]
                    marks.show((row + 1, column + number + 1), style, styles)
                continue
            marks.show((row + 1, column + 1), style, styles)
            if kind == _FORMULA:
                _result(marks, stream, at, (row + 1, column + 1))
            elif kind == _BOOLEAN_OR_ERROR and stream[at + 7]:
                marks.instead[row + 1, column + 1] = ERRORS.get(stream[at + 6], "#VALUE!")
        elif kind == _ROW and unpack_from("<H", stream, at + 12)[0] & _HIDDEN_ROW:
            marks.hidden_rows.add(unpack_from("<H", stream, at)[0] + 1)
        elif kind == _COLUMNS and unpack_from("<H", stream, at + 8)[0] & 1:
            first, final = unpack_from("<HH", stream, at)
            marks.hidden_columns.update(range(first + 1, min(final, 0x3FFF) + 2))
    return marks


def _result(marks: Marks, stream: bytes, at: int, place: tuple[int, int]) -> None:
    """What a formula gave, where that is no number."""
    if stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == _ERROR:
        marks.instead[place] = ERRORS.get(stream[at + 8], "#VALUE!")
