"""What the XML of one xlsx sheet says beside its values, found without reading every cell.

The sheet passes by in blocks of whole rows. One expression skips the cells of which nothing more is to be known; only
the others are looked at. XML that is not written as every known program writes it raises :class:`Unusual`.
"""

import re
from collections.abc import Iterator
from functools import cache

from openpyxl.utils import column_index_from_string

from kpi.intake.grid import Place
from kpi.intake.readers import limits
from kpi.intake.readers.archive import Archive, refuse_declarations
from kpi.intake.readers.marks import Marks
from kpi.intake.readers.styles import Styles

_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
_WIDE = re.compile(rb' r="([A-Z]{2,3})\d')
_LARGE = 2_000_000
_TRUE = (b"1", b"true", b"on")
_column = cache(lambda letters: column_index_from_string(letters.decode()))


class Unusual(Exception):
    """The sheet has to be read carefully."""


class SheetScan:
    """The marks of one sheet part: at first only its extent and its hidden rows and columns."""

    def __init__(self, archive: Archive, part: str, styles: Styles) -> None:
        self._archive, self._part, self._styles = archive, part, styles
        self.marks = Marks()
        self._prefix = b""
        for number, block in enumerate(self._blocks(summed=False)):
            if number == 0:
                self._head(block)
                self._row = re.compile(rb'<%srow(?=[\s/>])(?: r="(\d{1,7})"(?![^>]*hidden=))?' % self._prefix)
                self._any_row = re.compile(rb"<%srow(?=[\s/>])([^>]*)>" % self._prefix)
            self._extent(block)

    @property
    def is_large(self) -> bool:
        """Whether looking at the cells takes so long that it is worth a thread."""
        return self._archive.size(self._part) > _LARGE

    def look_at_cells(self) -> Marks:
        """The marks with those of the cells."""
        self._compile()
        for block in self._blocks():
            self._cells(block)
        return self.marks

    def filled_extent(self) -> tuple[int, int, int]:
        """Last row and last column of the filled cells, and how many there are: exact, where marks may say more."""
        last_row = last_column = count = 0
        pattern = re.compile(rb'<%sc r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)><(?!/)' % self._prefix)
        for block in self._blocks():
            for letters, row in pattern.findall(block):
                count += 1
                last_row = max(last_row, int(row))
                last_column = max(last_column, _column(letters))
        return last_row, last_column, count

    def _blocks(self, summed: bool = True) -> Iterator[bytes]:
        """The sheet in blocks that end with a row."""
        end = b""
        waiting: list[bytes] = []
        for block in self._archive.blocks(self._part, summed):
            if not end:
                root = _ROOT.search(block)
                self._prefix = (root and root[1]) or b""
                end = b"</%srow>" % self._prefix
            cut = block.rfind(end)
            if cut < 0:
                waiting.append(block)
                continue
            cut += len(end)
            yield b"".join([*waiting, block[:cut]])
            waiting = [block[cut:]]
        yield b"".join(waiting)

    def _head(self, block: bytes) -> None:
        refuse_declarations(block, self._archive.filename)
        if b"sheetData" not in block or not _ROOT.search(block):
            raise Unusual("no sheet data")
        head = block[: block.find(b"sheetData")]
        for match in re.finditer(rb"<(?:\w+:)?col\s([^>]*)>", head):
            attributes = _attributes(match[1])
            if attributes.get(b"hidden") in _TRUE:
                first, last = _whole(attributes.get(b"min")), _whole(attributes.get(b"max"))
                self.marks.hidden_columns.update(range(first, min(last, limits.COLUMNS) + 1))

    def _compile(self) -> None:
        tag, interesting = self._prefix, self._styles.interesting
        styled = "|".join(map(str, interesting)).encode()
        own = rb'(?! s="(?:%s)")' % styled if interesting else b""
        style = rb' s="\d+"' if 0 in interesting else rb'(?: s="\d+")?'
        formula = rb"<%sf(?:[^>]*/>|[^>]*[^>/]>[^<]*</%sf>|>[^<]*</%sf>)" % (tag, tag, tag)
        plain = (
            rb' r="[A-Z]{1,2}\d{1,7}"%s%s(?: t="(?:s|n|str|inlineStr|b)")?(?: ?/>|></|>(?:%s)?<%s(?:v>[^<]|is>))'
            % (
                own,
                style,
                formula,
                tag,
            )
        )
        number = rb'(?: r="([A-Z]{1,3})(\d{1,7})" s="(%s)"(?: t="n")?><%sv>)?' % (styled or b"-", tag)
        self._telling = re.compile(rb"<%sc(?=[\s/>])(?!%s)%s" % (tag, plain, number))
        self._cell = re.compile(rb"<%sc\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?:/>|>(.*?)</%sc>)" % (tag, tag), re.DOTALL)
        self._value = re.compile(rb"<%sv(?:\s[^>]*)?>([^<]+)</" % tag)
        self._formula = b"<%sf" % tag

    def _extent(self, block: bytes) -> None:
        found = self._row.findall(block)
        if b"" in found:
            found = [self._attributes_of_row(text) for text in self._any_row.findall(block)]
        wide = set(_WIDE.findall(block))
        self.marks.last_row = max(self.marks.last_row, 0, *map(int, found))
        self.marks.last_column = max(self.marks.last_column, 26, *map(_column, wide))

    def _attributes_of_row(self, text: bytes) -> int:
        attributes = _attributes(text)
        row = _whole(attributes.get(b"r"))
        if not row:
            raise Unusual("a row without number")
        if attributes.get(b"hidden") in _TRUE:
            self.marks.hidden_rows.add(row)
        return row

    def _cells(self, block: bytes) -> None:
        codes, dates, marks = self._styles.codes, self._styles.dates, self.marks
        for match in self._telling.finditer(block):
            letters, row, style = match.groups()
            if style is None:
                self._look(block, match.start())
                continue
            place = int(row), _column(letters)
            code = codes.get(int(style))
            if code is not None:
                marks.formats[place] = code
            elif int(style) in dates:
                marks.dates.add(place)

    def _look(self, block: bytes, start: int) -> None:
        """One cell of which something is to be known."""
        match = self._cell.match(block, start)
        if match is None:
            raise Unusual("a cell without end")
        attributes, inside = _attributes(match[1]), match[2] or b""
        place = _place(attributes.get(b"r", b""))
        kind, style = attributes.get(b"t", b"n"), _whole(attributes.get(b"s", b"0"))
        value = self._value.search(inside)
        if kind == b"e":
            self.marks.instead[place] = value[1].decode("utf-8", "replace") if value else "#VALUE!"
        elif value is None and kind != b"str" and self._formula in inside:
            self.marks.uncalculated.add(place)
        self.marks.show(place, style, self._styles)


def merged_places(archive: Archive, part: str) -> int:
    """How many places lie in merged areas, for a reader that makes a cell of each."""
    pattern = re.compile(rb"mergeCell\s[^>]*?ref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
    areas = pattern.findall(b"".join(archive.blocks(part)))
    return sum(
        (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1) for left, top, right, bottom in areas
    )


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {name: one or two for name, one, two in _ATTRIBUTE.findall(text)}


def _whole(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0


def _place(reference: bytes) -> Place:
    match = re.fullmatch(rb"([A-Z]{1,3})(\d{1,7})", reference)
    if match is None or int(match[2]) > limits.ROWS or _column(match[1]) > limits.COLUMNS:
        raise Unusual("a cell without place")
    return int(match[2]), _column(match[1])
