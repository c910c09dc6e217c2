"""The sheets of an OpenDocument spreadsheet, element by element as they pass by."""

import re
from xml.etree.ElementTree import TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate

from kpi.intake.readers import limits
from kpi.intake.readers.archive import Archive, damaged, refuse_declarations
from kpi.intake.readers.marks import Marks
from kpi.intake.readers.ods_styles import OdsStyles
from kpi.intake.readers.styles import number
from kpi.intake.readers.values import refuse_area

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = f"{_NAMES}table:1.0 ", f"{_NAMES}office:1.0 ", f"{_NAMES}text:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_SHEET, _COLUMN, _ROW, _P = f"{_TABLE}table", f"{_TABLE}table-column", f"{_TABLE}table-row", f"{_TEXT}p"
_ANNOTATION, _STYLES = f"{_OFFICE}annotation", f"{_OFFICE}automatic-styles"
_ACROSS, _DOWN = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-rows-repeated"
_BROAD, _TALL = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_MATRIX, _FORMULA = f"{_TABLE}number-matrix-columns-spanned", f"{_TABLE}formula"
_VALUE_TYPE, _CALC_TYPE = f"{_OFFICE}value-type", f"{_CALC}value-type"
_STYLE_NAME, _DEFAULT_STYLE = f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_VISIBILITY = f"{_TABLE}visibility"
_ROWS, _COLUMNS = limits.ROWS, limits.COLUMNS
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d{3}")
_UNSEEN = ("collapse", "filter")


class Content:
    """The marks of each table of ``content.xml`` by its name."""

    def __init__(self, archive: Archive, styles: OdsStyles) -> None:
        self.tables: dict[str, Marks] = {}
        self._filename, self._styles = archive.filename, styles
        self._depth = self._tables_open = 0
        self._builder: TreeBuilder | None = None
        self._marks = Marks()
        self._name = ""
        self._row = self._column = self._rows = 0
        self._defaults: list[tuple[int, int, str]] = []
        self._row_style = ""
        self._cell: dict[str, str] | None = None
        self._note: list[str] | None = None
        self._shown: list[str] = []
        self._paragraph = False
        parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        try:
            for block in archive.blocks("content.xml"):
                refuse_declarations(block, archive.filename)
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except ExpatError as problem:
            raise damaged(archive.filename, problem) from problem

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > limits.MOST_DEPTH:
            raise damaged(self._filename, "XML is nested too deeply")
        if name == _STYLES:
            self._builder = TreeBuilder()
        if self._builder is not None:
            self._builder.start(_clark(name), {_clark(key): value for key, value in attributes.items()})
        elif name == _SHEET:
            self._tables_open += 1
            if self._tables_open == 1:
                self._table(attributes)
        elif self._tables_open == 1:
            self._start_inside(name, attributes)

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        if name == _P and self._cell is not None:
            self._paragraph = True
        elif name in _CELLS:
            self._cell, self._shown = attributes, []
        elif name == _COLUMN:
            self._columns(attributes)
        elif name == _ROW:
            self._start_row(attributes)
        elif name == _ANNOTATION and self._cell is not None:
            self._note = []

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._builder is not None:
            self._builder.end(_clark(name))
            if name == _STYLES:
                self._styles.read(self._builder.close())
                self._builder = None
        elif name == _SHEET:
            self._tables_open -= 1
        elif self._tables_open != 1:
            return
        elif name == _ROW:
            self._row += self._rows
        elif name in _CELLS and self._cell is not None:
            self._place(self._cell)
            self._cell = self._note = None
        elif name == _ANNOTATION and self._note is not None:
            self._marks.comments[self._row, self._column] = "".join(self._note).strip()
            self._note = None
        elif name == _P:
            self._paragraph = False
            if self._note is not None:
                self._note.append("\n")

    def _characters(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)
        elif self._paragraph:
            (self._shown if self._note is None else self._note).append(text)

    def _table(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_TABLE}name", "")
        if name in self.tables:
            raise damaged(self._filename, f"two sheets are called {name}")
        self._name = name
        self._marks = self.tables[name] = Marks(hidden=self._styles.hides(attributes.get(_STYLE_NAME, "")))
        self._row, self._column, self._defaults = 1, 1, []

    def _columns(self, attributes: dict[str, str]) -> None:
        count = _count(attributes, _ACROSS, _COLUMNS)
        first = self._defaults[-1][1] + 1 if self._defaults else 1
        self._defaults.append((first, first + count - 1, attributes.get(_DEFAULT_STYLE, "")))
        if attributes.get(_VISIBILITY) in _UNSEEN:
            self._marks.hidden_columns.update(range(first, min(first + count, _COLUMNS + 1)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._rows = _count(attributes, _DOWN, _ROWS)
        self._column = 1
        self._row_style = attributes.get(_DEFAULT_STYLE, "")
        if attributes.get(_VISIBILITY) in _UNSEEN:
            self._marks.hidden_rows.update(range(self._row, min(self._row + self._rows, _ROWS + 1)))

    def _place(self, cell: dict[str, str]) -> None:
        """The marks of a cell, at each place where it is repeated."""
        columns = _count(cell, _ACROSS, _COLUMNS)
        row, column, marks = self._row, self._column, self._marks
        self._column += columns
        tall, broad = _count(cell, _TALL, _ROWS), _count(cell, _BROAD, _COLUMNS)
        if tall * broad > 1 and _MATRIX not in cell:
            marks.merged.append((row, column, row + tall - 1, column + broad - 1))
        kind = cell.get(_VALUE_TYPE, "")
        if self._column > _COLUMNS + 1 or row + self._rows > _ROWS + 1:
            refuse_area(self._filename, self._name)
        if not kind and not self._shown:
            if cell.get(_FORMULA):
                marks.uncalculated.add((row, column))
            return
        marks.last_row = max(marks.last_row, row + self._rows - 1)
        marks.last_column = max(marks.last_column, column + columns - 1)
        if marks.last_row * marks.last_column > limits.MOST_AREA:
            refuse_area(self._filename, self._name)
        code = self._code(cell, kind, column)
        shown = "".join(self._shown).strip()
        is_error = cell.get(_CALC_TYPE) == "error" or bool(_ERROR.fullmatch(shown))
        if code or is_error:
            for place in ((row + down, column + right) for down in range(self._rows) for right in range(columns)):
                if code:
                    marks.formats[place] = code
                if is_error:
                    marks.instead[place] = shown if shown.startswith("#") else "#VALUE!"

    def _code(self, cell: dict[str, str], kind: str, column: int) -> str:
        if kind not in ("float", "percentage", "currency"):
            return ""
        style = cell.get(_STYLE_NAME) or self._row_style
        if not style:
            style = next((name for first, last, name in self._defaults if first <= column <= last), "")
        code = self._styles.code(style)
        if kind == "percentage":
            return code if "%" in code else "0%"
        if kind == "currency" and not code and cell.get(f"{_OFFICE}currency"):
            return f'0"{cell[f"{_OFFICE}currency"]}"'
        return code


def _count(attributes: dict[str, str], name: str, most: int) -> int:
    text = attributes.get(name)
    return min(max(number(text), 1), most) if text else 1


def _clark(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}" if space else local
