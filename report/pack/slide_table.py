"""Tables on slides: plain native tables whose rows are known to fit, with a line under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from report.pack import measures
from report.pack.palette import palette
from report.pack.slide import Slide

_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
SIDE, EDGE = 0.05, 0.025
_LINE = 9525


@dataclass(frozen=True)
class Said:
    """Words of a cell."""

    text: str
    colour: str = "text"
    bold: bool = False
    right: bool = False
    mono: bool = False


@dataclass(frozen=True)
class Laid:
    """A row: its cells, or one over the whole width where ``whole``."""

    cells: tuple[Said, ...]
    whole: bool = False


@dataclass(frozen=True)
class Sheet:
    """Rows in type of so many points, with the widths of their columns in inches."""

    rows: Sequence[Laid]
    widths: Sequence[float]
    points: float

    def height(self, row: Laid) -> float:
        """Of a row, by what it holds, in inches."""
        total = [sum(self.widths)] if row.whole else self.widths
        count = max(
            (
                measures.lines(cell.text, width - 2 * SIDE, self.points)
                for cell, width in zip(row.cells, total, strict=False)
            ),
            default=1,
        )
        return measures.height(count, self.points) + 2 * EDGE

    def fitting(self, room: float) -> int:
        """How many of the first rows have room; a heading does not stay behind without a row."""
        used, count = 0.0, 0
        for row in self.rows:
            used += self.height(row)
            if used > room:
                break
            count += 1
        while 0 < count < len(self.rows) and self.rows[count - 1].whole:
            count -= 1
        return count


def draw(slide: Slide, left: float, top: float, sheet: Sheet) -> float:
    """Put the table on the slide; its height."""
    heights = [sheet.height(row) for row in sheet.rows]
    places = map(Inches, (left, top, sum(sheet.widths), sum(heights)))
    table: Any = slide.slide.shapes.add_table(len(sheet.rows), len(sheet.widths), *places).table
    table.horz_banding = False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    for column, width in zip(table.columns, sheet.widths, strict=True):
        column.width = Inches(width)
    for index, (row, high) in enumerate(zip(sheet.rows, heights, strict=True)):
        table.rows[index].height = Inches(high)
        for place in range(len(sheet.widths)):
            said = row.cells[place] if place < len(row.cells) else Said("")
            _fill(slide, table.cell(index, place), said, sheet.points)
        if row.whole:
            table.cell(index, 0).merge(table.cell(index, len(sheet.widths) - 1))
    return sum(heights)


def _fill(slide: Slide, cell: Any, said: Said, points: float) -> None:
    cell.margin_left = cell.margin_right = Inches(SIDE)
    cell.margin_top = cell.margin_bottom = Inches(EDGE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if said.right else PP_ALIGN.LEFT
    if said.text:
        slide.run(paragraph, said.text, points, said.colour, bold=said.bold, mono=said.mono)
    else:
        paragraph.font.size = Pt(points)  # an empty cell of larger type would make its row taller
    _underline(cell)


def _underline(cell: Any) -> None:
    edge = cell._tc.get_or_add_tcPr().makeelement(qn("a:lnB"), {"w": str(Emu(_LINE))})
    filled = edge.makeelement(qn("a:solidFill"), {})
    filled.append(filled.makeelement(qn("a:srgbClr"), {"val": palette("light")["line"].removeprefix("#")}))
    edge.append(filled)
    cell._tc.get_or_add_tcPr().insert(0, edge)
