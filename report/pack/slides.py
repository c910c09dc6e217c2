"""The pack as a PowerPoint file: 16:9, real titles, tables and charts that can be edited, the foot on every slide."""

import io
from datetime import datetime
from typing import Any

import pptx
from pptx.util import Inches

from report.pack.document import (
    Band,
    Block,
    Cards,
    Chart,
    Contents,
    Document,
    Entries,
    Grid,
    Needs,
    Page,
    Prose,
    Seal,
)
from report.pack.pages import COVER
from report.pack.slide import CONTENT, GAP, Put, Slide
from report.pack.slide_blocks import (
    add_contents,
    add_entries,
    add_grid,
    add_needs,
    add_prose,
)
from report.pack.slide_cards import add_cards
from report.pack.slide_chart import add_chart
from report.pack.stamp import Stamp
from report.pack.zipped_office import without_times

_THEME = "ppt/theme/theme1.xml"
_CJK = (b'<a:ea typeface=""/>', b'<a:ea typeface="Microsoft YaHei"/>')


def pptx_file(document: Document, stamp: Stamp) -> bytes:
    """The file; its bytes follow from the document and the stamp."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    about = deck.core_properties
    about.title, about.author, about.keywords = document.title, document.company, stamp.content
    about.last_modified_by, about.revision = "Scorecast", 1
    foot = stamp.foot(document)
    for page in document.pages:
        _Writer(deck, page, foot, document, stamp).write()
    out = io.BytesIO()
    deck.save(out)
    return without_times(out.getvalue(), datetime.fromisoformat(document.at), {_THEME: _CJK})


class _Writer:
    """Puts one page on as many slides as it takes."""

    def __init__(
        self, deck: "pptx.presentation.Presentation", page: Page, foot: str, document: Document, stamp: Stamp
    ) -> None:
        self.deck, self.page, self.foot, self.document, self.stamp = deck, page, foot, document, stamp
        self.slide = self._fresh()

    def _fresh(self) -> Slide:
        return Slide(self.deck, self.page, self.foot, self.document.language)

    def write(self) -> None:
        """All of it."""
        if self.page.comment and self.page.code != COVER:
            self._down(self.page.comment, boxed=True)
        for band in self.page.bands:
            if len(band.columns) == 1:
                for block in band.columns[0]:
                    self._down(block)
            else:
                self._beside(band)
        if self.page.comment and self.page.code == COVER:
            self._down(self.page.comment, boxed=True)

    def _down(self, block: Block, boxed: bool = False) -> None:
        """Below what is there; on fresh slides as far as it needs them."""
        left, width = CONTENT.left, CONTENT.width
        rest: Block | None = block
        while rest is not None:
            top = self.slide.top
            used, rest = self._put(rest, left, top, width, CONTENT.bottom - top, boxed)
            self.slide.top = top + used + (GAP if used else 0)
            if rest is not None:
                if not used and top == self.slide.first:
                    raise ValueError(f"a block of page {self.page.code} does not fit an empty slide")
                self.slide = self._fresh()

    def _beside(self, band: Band) -> None:
        """Columns side by side; what does not fit goes on below itself on a fresh slide."""
        inner = CONTENT.width - GAP
        shares = (band.share, 1 - band.share)
        left, lowest, over = CONTENT.left, self.slide.top, list[Block]()
        for column, share in zip(band.columns, shares, strict=True):
            top = self.slide.top
            for block in column:
                used, rest = self._put(block, left, top, inner * share, CONTENT.bottom - top, False)
                top += used + (GAP if used else 0)
                over += [] if rest is None else [rest]
            lowest, left = max(lowest, top), left + inner * share + GAP
        self.slide.top = lowest
        for block in over:
            self._down(block)

    def _put(self, block: Block, left: float, top: float, width: float, room: float, boxed: bool) -> Put:
        """Draw as much of a block as there is room for: the height used, and what is left of it."""
        at = (self.slide, left, top, width, room)
        match block:
            case Prose():
                return add_prose(*at, block, boxed)
            case Chart():
                return add_chart(*at, block, self.document.language)
            case Seal():
                return add_entries(*at, self.stamp.entries(block))
        add: Any = _ADD[type(block)]
        put: Put = add(*at, block)
        return put


_ADD = {Cards: add_cards, Grid: add_grid, Needs: add_needs, Entries: add_entries, Contents: add_contents}
