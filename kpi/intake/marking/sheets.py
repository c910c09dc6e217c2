"""Marked cells of one sheet: another format for each, and a place for comments."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from openpyxl.utils import column_index_from_string, get_column_letter

from kpi.findings import Severity
from kpi.intake.grid import Place
from kpi.intake.marking.patch import Patch, Tag, Unpatchable
from kpi.intake.marking.styles import Styles

_LETTERS = re.compile("[A-Z]{1,3}")
_BEHIND_COMMENTS = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)


class SheetMarks:
    """One sheet's part with cells to be marked."""

    def __init__(self, xml: bytes, marks: Mapping[Place, Severity]) -> None:
        """Raises Unpatchable for a part without cells."""
        self._marks = marks
        self._rows: dict[int, Tag] = {}
        self._cells: dict[int, dict[int, Tag]] = {}
        self._before: dict[int, Tag] = {}
        self._marked_rows = frozenset(row for row, _ in marks)
        self._waiting = sorted(self._marked_rows, reverse=True)
        self._inside = False
        self._row, self._column = 0, 0
        self._places: list[tuple[int, int]] = []
        self.patch = Patch(xml, self._keep)
        self._data = self.patch.first("sheetData")
        for (row, column), tag in zip(self._places, self._kept(), strict=True):
            if tag.name == "row":
                self._rows[row] = tag
            else:
                self._cells.setdefault(row, {})[column] = tag

    def colour(self, styles: Styles) -> None:
        """Give each marked cell the fill of its severity; cells and rows that were not there are added."""
        wanted: dict[int, list[int]] = {}
        for row, column in sorted(self._marks):
            wanted.setdefault(row, []).append(column)
        for row, columns in wanted.items():
            new = [self._coloured(row, column, styles) for column in columns]
            missing = "".join(text for text in new if text)
            if missing and row not in self._rows:
                self._add_row(row, missing)

    def link_comments(self, relation: str, namespace: str) -> None:
        """Say where the shapes of comments stand."""
        prefix = self.patch.root.prefix
        text = f"<{prefix}legacyDrawing xmlns:r={quoteattr(namespace)} r:id={quoteattr(relation)}/>"
        data_end = self._data.end if self._data else 0
        for tag in self.patch.children(1):
            if tag.name in _BEHIND_COMMENTS or (tag.name == "AlternateContent" and tag.start > data_end):
                self.patch.insert(tag.start, text)
                return
        self.patch.append(self.patch.root, text)

    @property
    def comments_relation(self) -> str | None:
        """The id of the part with the shapes of comments."""
        tag = self.patch.first("legacyDrawing")
        found = (value for name, value in tag.attributes.items() if name.endswith(":id")) if tag else iter(())
        return next(found, None)

    def _coloured(self, row: int, column: int, styles: Styles) -> str:
        severity, cells = self._marks[row, column], self._cells.get(row, {})
        if column in cells:
            before = int(cells[column].attributes.get("s", "0"))
            self.patch.set(cells[column], s=str(styles.marked(before, severity)))
            return ""
        style = styles.marked(self._style_around(row, column), severity)
        prefix = self.patch.root.prefix
        text = f'<{prefix}c r="{get_column_letter(column)}{row}" s="{style}"/>'
        if row in self._rows:
            behind = min((each for each in cells if each > column), default=None)
            if behind is None:
                self.patch.append(self._rows[row], text)
            else:
                self.patch.insert(cells[behind].start, text)
        return text

    def _add_row(self, row: int, cells: str) -> None:
        prefix = self.patch.root.prefix
        text = f'<{prefix}row r="{row}">{cells}</{prefix}row>'
        behind = min((each for each in self._rows if each > row), default=None)
        if behind is not None:
            self.patch.insert(self._rows[behind].start, text)
        elif self._data is not None:
            self.patch.append(self._data, text)

    def _style_around(self, row: int, column: int) -> int:
        own = self._rows.get(row)
        if own is not None and own.attributes.get("customFormat") in ("1", "true"):
            return int(own.attributes.get("s", "0"))
        for tag in self.patch.children(2, "col"):
            if int(tag.attributes.get("min", "0")) <= column <= int(tag.attributes.get("max", "0")):
                return int(tag.attributes.get("style", "0"))
        return 0

    def _kept(self) -> list[Tag]:
        return [tag for tag in self.patch.tags if (tag.name, tag.depth) in (("row", 2), ("c", 3))]

    def _keep(self, name: str, attributes: dict[str, str], depth: int) -> bool:
        """Elements around the cells, rows with marks and their cells, and the row behind a mark that has none."""
        if (name, depth) == ("row", 2):
            return self._keep_row(int(attributes.get("r", self._row + 1)))
        if (name, depth) == ("c", 3):
            letters = _LETTERS.match(attributes.get("r", "")) if self._inside else None
            self._column = column_index_from_string(letters[0]) if letters else self._column + 1
            if self._inside:
                self._places.append((self._row, self._column))
            return self._inside
        return depth == 1 or (name, depth) == ("col", 2)

    def _keep_row(self, row: int) -> bool:
        if row <= self._row:
            raise Unpatchable("rows out of order")
        self._row, self._column, self._inside = row, 0, row in self._marked_rows
        kept = bool(self._waiting) and self._waiting[-1] <= row
        while self._waiting and self._waiting[-1] <= row:
            self._waiting.pop()
        if kept:
            self._places.append((row, 0))
        return kept
