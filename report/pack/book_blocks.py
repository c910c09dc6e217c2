"""The blocks of a pack on a sheet, one below the other."""

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kpi.scorecard.results import Status
from kpi.text import Language
from report.pack import measures
from report.pack.book_chart import add_chart
from report.pack.document import Block, Cards, Chart, Contents, Entries, Grid, Needs, Number, Page, Prose, Seal
from report.pack.number_formats import shown_number
from report.pack.palette import palette
from report.pack.stamp import Stamp
from report.status import SHAPE
from report.tables import SparkCell, StatusCell, TextCell

_FIRST_WIDTH, _WIDTH, _WIDEST = 30.0, 10.5, 24.0
_FACES = {"zh": "Microsoft YaHei", "en": "Calibri"}
_LINE_POINTS = 15.0
_SIGNS_A_LINE, _SIGNS_BESIDE = 150, 120
_MOST_LINES = 26
"""No row of a sheet is higher than 409 points."""
_CHART_ROWS = 17


class Pen:
    """Writes from the top of a sheet downwards; ``row`` is the last row used."""

    def __init__(self, sheet: Worksheet, language: Language, columns: int) -> None:
        self.sheet, self.language, self.columns, self.row = sheet, language, columns, 0
        for index in range(1, columns + 1):
            sheet.column_dimensions[get_column_letter(index)].width = _FIRST_WIDTH if index == 1 else _WIDTH

    def put(
        self,
        column: int,
        text: str,
        *,
        number: Number | None = None,
        colour: str = "text",
        bold: bool = False,
        size: float = 10,
        right: bool = False,
        wrap: bool = False,
    ) -> Any:
        """Words, or the number they stand for, in the current row."""
        cell: Any = self.sheet.cell(self.row, column)
        if number is not None:
            cell.value, cell.number_format = shown_number(number, self.language)
        elif text:
            cell.value = text
            cell.data_type = "s"  # words that begin with = are words
        cell.font = Font(name=_FACES[self.language], size=size, bold=bold, color=_argb(colour))
        left = not right and number is None
        cell.alignment = Alignment(
            horizontal="left" if left else "right",
            vertical="center",
            wrap_text=wrap,
            indent=1 if left and column > 1 else 0,  # clear of the numbers beside it
        )
        return cell

    def widen(self, column: int, text: str) -> None:
        """Make a column wide enough for words of a table."""
        held = self.sheet.column_dimensions[get_column_letter(column)]
        held.width = max(held.width, min(_WIDEST, measures.ems(text) * 2.0 + 1.5))

    def line(self, rows: int = 1) -> None:
        """Go down."""
        self.row += rows

    def across(self, text: str, column: int = 1, **look: Any) -> None:
        """Words over the whole width from ``column`` on, wrapped, the row as high as they need; what no row can be high
        enough for goes on in the next."""
        signs = _SIGNS_A_LINE if column == 1 else _SIGNS_BESIDE
        while True:
            at = measures.cut(text, lambda part: _lines(part, signs) <= _MOST_LINES)
            part, text = text[:at].rstrip(), text[at:].lstrip()
            self.put(column, part, wrap=True, **look)
            self.sheet.merge_cells(start_row=self.row, start_column=column, end_row=self.row, end_column=self.columns)
            self.sheet.row_dimensions[self.row].height = _LINE_POINTS * _lines(part, signs)
            if not text:
                return
            self.line()

    def underline(self, columns: int) -> None:
        """A line below the current row."""
        for index in range(1, columns + 1):
            cell: Any = self.sheet.cell(self.row, index)
            cell.border = Border(bottom=Side(style="thin", color=_argb("line")))

    def heading(self, text: str) -> None:
        """A heading with room above it; nothing without words."""
        if text:
            self.line(2)
            self.put(1, text, bold=True, size=11)

    def title(self, page: Page) -> None:
        """The head of a page."""
        self.line()
        status = f"   {SHAPE[page.status]} {page.word}" if page.status and page.word else ""
        self.put(1, f"{page.title}{status}", bold=True, size=16)
        self.sheet.row_dimensions[self.row].height = 24
        self.line()
        self.put(1, page.subtitle, colour="quiet")
        for index in range(1, self.columns + 1):
            cell: Any = self.sheet.cell(self.row, index)
            cell.border = Border(bottom=Side(style="medium", color=_argb("accent")))

    def prose(self, block: Prose) -> None:
        """Paragraphs."""
        self.heading(block.title)
        if not block.title:
            self.line()
        for text in block.paragraphs:
            self.line()
            self.across(text)


def _lines(text: str, signs: int) -> int:
    return sum(max(1, -(-int(measures.ems(line) * 1.8) // signs)) for line in text.split("\n"))


def _argb(name: str) -> str:
    return "FF" + palette("light")[name].removeprefix("#")


def add_block(pen: Pen, block: Block, stamp: Stamp) -> None:
    """One block below what is there."""
    match block:
        case Prose():
            pen.prose(block)
        case Seal():
            _entries(pen, stamp.entries(block))
        case _:
            add: Any = _ADD[type(block)]
            add(pen, block)


def _chart(pen: Pen, block: Chart) -> None:
    pen.heading(block.label)
    pen.line()
    add_chart(pen.sheet, f"A{pen.row}", block, pen.language)
    pen.line(_CHART_ROWS)


def _contents(pen: Pen, block: Contents) -> None:
    pen.heading(block.title)
    for _, title in block.items:
        pen.line()
        pen.put(1, title)


def _cards(pen: Pen, block: Cards) -> None:
    pen.line()
    for card in block.cards:
        pen.line()
        pen.put(1, card.label, colour="quiet", bold=block.lead and card is block.cards[0])
        pen.put(2, card.text, number=card.number, bold=True, right=True)
        if card.status and card.word:
            pen.put(3, f"{SHAPE[card.status]} {card.word}", colour=f"{card.status.value}_text", bold=True)
        pen.put(4, " · ".join(card.lines), colour="quiet", size=9)
        pen.underline(pen.columns)


def _grid(pen: Pen, block: Grid) -> None:
    cells = [row.cells for part in block.parts for row in part.rows]
    columns = [c for c in block.columns if not any(isinstance(found.get(c.key), SparkCell) for found in cells)]
    pen.line(2)
    for index, column in enumerate(columns, 1):
        head = pen.put(
            index,
            column.title,
            colour="quiet",
            right=column.align == "right" or column.key == "attainment",
            wrap=True,
            size=9,
        )
        head.fill = PatternFill("solid", fgColor=_argb("panel"))
    pen.sheet.row_dimensions[pen.row].height = 26
    if not pen.sheet.print_title_rows and not block.small:
        pen.sheet.print_title_rows = f"{pen.row}:{pen.row}"
        pen.sheet.freeze_panes = pen.sheet.cell(pen.row + 1, 2)
    for part in block.parts:
        if part.title:
            pen.line()
            sign = f"   {SHAPE[part.status]} {part.word}" if part.status else ""
            pen.put(1, f"{part.title}   {part.note}{sign}", bold=True)
            pen.underline(len(columns))
        for row in part.rows:
            pen.line()
            for index, column in enumerate(columns, 1):
                cell = row.cells.get(column.key)
                match cell:
                    case StatusCell(code, text):
                        pen.put(index, f"{SHAPE[Status(code)]} {text}", colour=f"{Status(code).value}_text", bold=True)
                    case None:
                        pen.put(index, "")
                    case _:
                        number, title = row.numbers.get(column.key), cell.title if isinstance(cell, TextCell) else ""
                        text = title if title and not number else cell.text
                        pen.put(index, text, number=number, right=index > 1)
                        pen.widen(index, text)
            pen.underline(len(columns))


def _needs(pen: Pen, block: Needs) -> None:
    pen.heading(block.title)
    for need in block.items:
        pen.line()
        pen.put(1, need.subject, bold=True)
        pen.put(2, f"{SHAPE[need.status]} {need.word}", colour=f"{need.status.value}_text", bold=True)
        pen.put(3, need.reason, colour="quiet")
        pen.underline(pen.columns)
    for text in ([] if block.items else [block.empty]) + ([block.more] if block.more else []):
        pen.line()
        pen.put(1, text, colour="quiet")


def _entries(pen: Pen, block: Entries) -> None:
    pen.heading(block.title)
    if not block.title:
        pen.line()
    for entry in block.entries:
        _entry(pen, entry.name, entry.text)


def _entry(pen: Pen, name: str, text: str) -> None:
    pen.line()
    pen.put(1, name, colour="quiet")
    pen.across(text, column=2)
    pen.underline(pen.columns)


_ADD = {Cards: _cards, Grid: _grid, Chart: _chart, Needs: _needs, Entries: _entries, Contents: _contents}
