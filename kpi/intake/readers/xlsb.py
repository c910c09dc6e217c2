"""Xlsb workbooks: the records of the binary parts that say more than the values."""

from collections.abc import Iterator
from struct import unpack_from

from kpi.errors import Refused
from kpi.intake.readers.archive import Archive, damaged
from kpi.intake.readers.marks import ERRORS, Marks
from kpi.intake.readers.ooxml import Relation, main_part, relations
from kpi.intake.readers.sheets import Read, read_marked
from kpi.intake.readers.styles import Styles, styles_of
from kpi.intake.readers.values import refuse_many_sheets

_ROW, _COLUMNS, _MERGED, _FORMAT, _XF, _XFS, _XFS_END = 0, 60, 176, 44, 47, 617, 618
_CELL_ERROR, _FORMULA_ERROR = 3, 11
_NUMBERS = frozenset({2, 5, 9})
_CELLS = frozenset({*range(2, 12), 62})
_PROPERTIES, _SHEET = 153, 156
_HIDDEN_ROW = 0x10


def read_xlsb(content: bytes, filename: str) -> list[Read]:
    """The sheets of an xlsb workbook. Raises Refused when it is damaged."""
    archive = Archive(content, filename)
    try:
        book = _Book(archive)
        refuse_many_sheets(len(book.sheets), filename)
        marks = {name: _marks(archive.read_large(part), book.styles) for name, part in book.sheets.items()}
    except Refused:
        raise
    except Exception as problem:  # damaged bytes break anywhere
        raise damaged(filename, problem) from problem
    return read_marked(content, filename, marks, book.epoch_1904)


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and length of each record."""
    position, end = 0, len(part)
    while position < end:
        kind = part[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | part[position] << 7
            position += 1
        length = shift = 0
        while True:
            byte = part[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        if position + length > end:
            raise ValueError("a record is cut off")
        yield kind, position, length
        position += length


class _Book:
    """The sheets by name with their parts, and the styles."""

    def __init__(self, archive: Archive) -> None:
        self.sheets: dict[str, str] = {}
        self.epoch_1904 = False
        main = main_part(archive)
        linked = relations(archive, main)
        part = archive.read(main)
        for kind, at, _ in _records(part):
            if kind == _PROPERTIES:
                self.epoch_1904 = bool(part[at] & 1)
            elif kind == _SHEET:
                relation, after = _text(part, at + 8)
                found = linked.get(relation, Relation("", ""))
                if found.kind == "worksheet":
                    self.sheets[_text(part, after)[0]] = found.part
        styles = next((item.part for item in linked.values() if item.kind == "styles"), "")
        self.styles = _styles(archive.read(styles)) if archive.size(styles) else Styles({})


def _styles(part: bytes) -> Styles:
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside = False
    for kind, at, _ in _records(part):
        if kind == _FORMAT:
            codes[unpack_from("<H", part, at)[0]] = _text(part, at + 2)[0]
        elif kind in (_XFS, _XFS_END):
            inside = kind == _XFS
        elif kind == _XF and inside:
            formats.append(unpack_from("<H", part, at + 2)[0])
    return styles_of(formats, codes)


def _text(part: bytes, at: int) -> tuple[str, int]:
    """A text and the place after it."""
    length = unpack_from("<I", part, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(part):
        raise ValueError("a text is cut off")
    return part[at + 4 : end].decode("utf-16-le", "replace"), end


def _marks(part: bytes, styles: Styles) -> Marks:
    marks = Marks()
    row = 0
    for kind, at, _ in _records(part):
        if kind in _CELLS:
            column, style = unpack_from("<II", part, at)
            marks.last_row = max(marks.last_row, row)
            marks.last_column = max(marks.last_column, column + 1)
            if kind in _NUMBERS:
                marks.show((row, column + 1), style & 0xFFFFFF, styles)
            elif kind in (_CELL_ERROR, _FORMULA_ERROR):
                marks.instead[row, column + 1] = ERRORS.get(part[at + 8], "#VALUE!")
        elif kind == _ROW:
            row = unpack_from("<I", part, at)[0] + 1
            if row > 1_048_576:
                raise ValueError("a row beyond the last")
            if part[at + 11] & _HIDDEN_ROW:
                marks.hidden_rows.add(row)
        elif kind in (_COLUMNS, _MERGED):
            _area(marks, part, kind, at)
    return marks


def _area(marks: Marks, part: bytes, kind: int, at: int) -> None:
    if kind == _MERGED:
        top, bottom, left, right = unpack_from("<IIII", part, at)
        marks.merged.append((top + 1, left + 1, bottom + 1, right + 1))
    elif part[at + 16] & 1:
        first, last = unpack_from("<II", part, at)
        marks.hidden_columns.update(range(first + 1, min(last, 0x3FFF) + 2))
