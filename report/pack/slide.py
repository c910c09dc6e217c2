"""One slide: its head and foot, and words in boxes and cells. Places and sizes are in inches, type in points."""

from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from kpi.text import Language
from report.pack.document import Block, Page
from report.pack.pages import COVER
from report.pack.palette import palette
from report.status import SHAPE

GAP = 0.14
Put = tuple[float, Block | None]
"""What putting a block on a slide gives: the height used, and what of the block is left for the next."""
_TITLE_ONLY = 5
_RGB: Any = RGBColor
_MONO = "Consolas"
_LANGUAGES = {"zh": MSO_LANGUAGE_ID.SIMPLIFIED_CHINESE, "en": MSO_LANGUAGE_ID.ENGLISH_UK}


@dataclass(frozen=True)
class Area:
    """Where content goes."""

    left: float
    top: float
    width: float
    bottom: float


CONTENT = Area(left=0.5, top=1.2, width=12.33, bottom=6.95)


def colour(name: str) -> Any:  # the library has no types
    """A colour of the palette."""
    digits = palette("light")[name].removeprefix("#")
    return _RGB(*bytes.fromhex(digits))


class Slide:
    """A slide with title, line and foot; ``top`` is where the next block goes, ``first`` where the first went."""

    def __init__(self, deck: Any, page: Page, foot: str, language: Language) -> None:  # the library has no types
        self.slide: Any = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
        self.language = language
        self.first = self.top = self._head(page) if page.code != COVER else self._cover(page)
        self._foot(foot, len(deck.slides))

    def _head(self, page: Page) -> float:
        self._title(page, 0.5, 0.28, 24)
        self.write(page.subtitle, 0.5, 0.8, CONTENT.width, 0.25, 11, "quiet")
        self.box(0.5, 1.09, CONTENT.width, 0.022, "accent")
        return CONTENT.top

    def _cover(self, page: Page) -> float:
        self._title(page, 0.5, 0.9, 40, height=0.8)
        self.write(page.subtitle, 0.5, 1.7, CONTENT.width, 0.4, 18, "quiet")
        self.box(0.5, 2.2, CONTENT.width, 0.04, "accent")
        return 2.45

    def _title(self, page: Page, left: float, top: float, points: float, height: float = 0.5) -> None:
        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = map(Inches, (left, top, CONTENT.width, height))
        paragraph = self._paragraph(title.text_frame)
        self.run(paragraph, page.title, points, "text", bold=True)
        if page.status and page.word:
            self.run(
                paragraph, f"   {SHAPE[page.status]} {page.word}", points * 0.6, f"{page.status.value}_text", bold=True
            )

    def _foot(self, foot: str, number: int) -> None:
        self.write(foot, 0.5, 7.1, 11.6, 0.22, 7, "quiet")
        self.write(str(number), 12.2, 7.1, 0.63, 0.22, 9, "quiet", align="right")

    def box(self, left: float, top: float, width: float, height: float, fill: str, line: str = "") -> Any:
        """A rectangle without a shadow."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, (left, top, width, height)))
        shape._element.remove(shape._element.find(qn("p:style")))  # it would bring a shadow
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour(fill)
        if line:
            shape.line.color.rgb, shape.line.width = colour(line), Pt(0.75)
        else:
            shape.line.fill.background()
        return shape

    def write(
        self,
        text: str,
        left: float,
        top: float,
        width: float,
        height: float,
        points: float,
        name: str,
        *,
        bold: bool = False,
        align: str = "left",
    ) -> None:
        """A line of words in a box of its own; nothing without words."""
        if text:
            frame = self.slide.shapes.add_textbox(*map(Inches, (left, top, width, height))).text_frame
            paragraph = self._paragraph(frame)
            paragraph.alignment = PP_ALIGN.RIGHT if align == "right" else PP_ALIGN.LEFT
            self.run(paragraph, text, points, name, bold=bold)

    def frame(self, shape: Any, margin: float = 0.0) -> Any:
        """The first paragraph of a shape that words go into."""
        return self._paragraph(shape.text_frame, margin)

    @staticmethod
    def _paragraph(frame: Any, margin: float = 0.0) -> Any:
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = Inches(margin)
        frame.margin_top = frame.margin_bottom = Inches(margin / 2)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        return frame.paragraphs[0]

    def run(
        self, paragraph: Any, text: str, points: float, name: str, *, bold: bool = False, mono: bool = False
    ) -> None:
        """Words of one look in a paragraph, with its line ends."""
        for index, line in enumerate(text.split("\n")):
            if index:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold, run.font.color.rgb = Pt(points), bold, colour(name)
            run.font.language_id = _LANGUAGES[self.language]
            if mono:
                run.font.name = _MONO
