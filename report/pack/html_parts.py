"""The blocks of a pack as pieces of HTML. Every word is escaped; nothing in them asks for anything outside."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from kpi.scorecard.results import Status
from report.charts import Spec
from report.pack.document import (
    Band,
    Block,
    Card,
    Cards,
    Cell,
    Chart,
    Contents,
    Entries,
    Grid,
    Line,
    Needs,
    Part,
    Prose,
    Seal,
)
from report.pack.html_marks import bar, signed, spark
from report.pack.stamp import Stamp
from report.tables import BarCell, Column, SparkCell, StatusCell, TextCell

Picture = Callable[[Spec, str], str]
"""Draws a chart with words for those who do not see it."""
PAPER_WIDTH = 1010
"""Pixels across a page; charts are drawn for their part of it."""
_CHART_EDGES = 90


def tag(name: str, inner: str, **attributes: str) -> str:
    """An element; ``inner`` is HTML, attributes are words. A trailing underscore of a name is left out."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return f"<{name}{told}>{inner}</{name}>"


def words(name: str, text: str, class_: str = "") -> str:
    """An element with escaped words in it; nothing without words."""
    return tag(name, escape(text), class_=class_) if text else ""


def bands(found: Iterable[Band], stamp: Stamp, picture: Picture) -> str:
    """The blocks of a page, side by side where the document has them so."""
    return "".join(_band(band, stamp, picture) for band in found)


def _band(band: Band, stamp: Stamp, picture: Picture) -> str:
    if len(band.columns) == 1:
        return "".join(block(each, stamp, picture, PAPER_WIDTH) for each in band.columns[0])
    widths = (band.share, 1 - band.share)
    columns = [
        tag("div", "".join(block(each, stamp, picture, int(PAPER_WIDTH * width)) for each in column), class_="column")
        for column, width in zip(band.columns, widths, strict=True)
    ]
    across = " ".join(f"{width * 100:.0f}fr" for width in widths)
    return tag("div", "".join(columns), class_="band", style=f"grid-template-columns: {across}")


def block(each: Block, stamp: Stamp, picture: Picture, width: int) -> str:
    """One block, ``width`` pixels wide."""
    match each:
        case Cards():
            return _cards(each, width)
        case Chart():
            return _chart(each, picture, width)
        case Seal():
            return _entries(stamp.entries(each))
    draw: Any = {Grid: _grid, Needs: _needs, Prose: prose, Contents: _contents, Entries: _entries}[type(each)]
    return str(draw(each))


def prose(each: Prose, class_: str = "prose") -> str:
    """Paragraphs under their heading."""
    return tag("div", words("h2", each.title) + "".join(words("p", text) for text in each.paragraphs), class_=class_)


def _cards(each: Cards, width: int) -> str:
    columns = len(each.cards) if width > PAPER_WIDTH // 2 else 2
    style = f"grid-template-columns: repeat({columns}, 1fr)"
    return tag(
        "div", "".join(_card(card) for card in each.cards), class_="cards lead" if each.lead else "cards", style=style
    )


def _card(card: Card) -> str:
    value = words("div", card.text, "value")
    status = signed(card.status, card.word) if card.status and card.word else ""
    lines = "".join(words("div", line, "note") for line in card.lines)
    return tag("div", words("div", card.label, "label") + value + status + lines, class_="card")


def _grid(each: Grid) -> str:
    head = "".join(tag("th", escape(column.title), scope="col", class_=_align(column)) for column in each.columns)
    body = "".join(_part(part, each.columns) for part in each.parts)
    table = tag(
        "table",
        words("caption", each.label) + tag("thead", tag("tr", head)) + body,
        class_="small" if each.small else "",
    )
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=each.label)


def _align(column: Column) -> str:
    return "right" if column.align == "right" else ""


def _part(part: Part, columns: tuple[Column, ...]) -> str:
    head = ""
    if part.title:
        status = signed(part.status, part.word) if part.status else ""
        inner = words("span", part.title, "part-title") + words("span", part.note, "note") + status
        head = tag("tr", tag("th", inner, colspan=str(len(columns)), scope="colgroup"), class_="part")
    return tag("tbody", head + "".join(_row(row, columns) for row in part.rows))


def _row(row: Line, columns: tuple[Column, ...]) -> str:
    found = [(column, row.cells.get(column.key)) for column in columns]
    return tag("tr", "".join(tag("td", _cell(cell) if cell else "", class_=_align(column)) for column, cell in found))


def _cell(cell: Cell) -> str:
    match cell:
        case TextCell(text, note, title):
            return words("div", text) + words("div", note or title, "note")
        case StatusCell(code, text):
            return signed(Status(code), text)
        case BarCell():
            return bar(cell) + words("div", cell.note, "note")
        case SparkCell():
            return spark(cell)


def _chart(each: Chart, picture: Picture, width: int) -> str:
    spec = {**each.spec, "width": width - _CHART_EDGES, "height": 125 if width < PAPER_WIDTH // 2 else 225}
    drawn = tag("div", picture(spec, each.label), class_="picture", role="img", aria_label=each.label)
    return tag("figure", words("figcaption", each.label) + drawn)


def _needs(each: Needs) -> str:
    items = "".join(
        tag(
            "li",
            signed(need.status, need.word)
            + tag("div", words("strong", need.subject) + words("span", need.reason, "why")),
        )
        for need in each.items
    )
    said = tag("ul", items) if items else words("p", each.empty)
    return tag("div", words("h2", each.title) + said + words("p", each.more, "note"), class_="needs")


def _entries(each: Entries) -> str:
    rows = "".join(
        tag("div", words("dt", entry.name) + tag("dd", words("code", entry.text) if entry.code else escape(entry.text)))
        for entry in each.entries
    )
    return tag("div", words("h2", each.title) + tag("dl", rows), class_="entries")


def _contents(each: Contents) -> str:
    items = "".join(tag("li", tag("a", words("span", title), href=f"#page-{code}")) for code, title in each.items)
    return tag("nav", words("h2", each.title) + tag("ol", items), aria_label=each.title, class_="contents")
