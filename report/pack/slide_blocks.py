"""The blocks of a pack on slides. Each puts there what there is room for and gives the height used and what is left."""

from collections.abc import Sequence

from kpi.scorecard.results import Status
from report.pack import measures
from report.pack.document import Cell, Contents, Entries, Entry, Grid, Line, Needs, Part, Prose
from report.pack.slide import Put, Slide
from report.pack.slide_table import EDGE, SIDE, Laid, Said, Sheet, draw
from report.status import SHAPE
from report.tables import Column, SparkCell, StatusCell, TextCell

_GRID_POINTS, _SMALL_POINTS, _TEXT_POINTS, _HEAD_POINTS = 9.0, 8.0, 10.0, 11.0
_CODE_POINTS = 8.5
_HEAD = 0.26


def _heading(slide: Slide, title: str, left: float, top: float, width: float) -> float:
    if not title:
        return 0.0
    slide.write(title, left, top, width, _HEAD, _HEAD_POINTS, "text", bold=True)
    return _HEAD


def _said(cell: Cell | None, right: bool) -> Said:
    match cell:
        case None | SparkCell():
            return Said("")
        case StatusCell(code, text):
            return Said(f"{SHAPE[Status(code)]} {text}", f"{code}_text", bold=True)
        case TextCell(text, note, title):
            return Said(" · ".join(part for part in (text, note or title) if part), right=right)
        case _:
            return Said(" · ".join(part for part in (cell.text, cell.note) if part), right=True)


def _has_words(column: Column, parts: Sequence[Part]) -> bool:
    cells = [row.cells.get(column.key) for part in parts for row in part.rows]
    return any(cell is not None and not isinstance(cell, SparkCell) for cell in cells)


def add_grid(slide: Slide, left: float, top: float, width: float, room: float, block: Grid) -> Put:
    """A table with its header; its small lines of trend have no place in it."""
    points = _SMALL_POINTS if block.small else _GRID_POINTS
    columns = [column for column in block.columns if _has_words(column, block.parts)]
    right = {column.key: column.align == "right" or column.key == "attainment" for column in columns}
    head = Laid(tuple(Said(column.title, "quiet", right=right[column.key]) for column in columns))
    rows: list[tuple[Laid, Part, Line | None]] = []
    for part in block.parts:
        if part.title:
            sign = f"   {SHAPE[part.status]} {part.word}" if part.status else ""
            rows.append((Laid((Said(f"{part.title}   {part.note}{sign}", bold=True),), whole=True), part, None))
        rows += [
            (Laid(tuple(_said(row.cells.get(c.key), right[c.key]) for c in columns)), part, row) for row in part.rows
        ]
    words = [
        [_narrow(head.cells[at].text), *(each.cells[at].text for each, _, line in rows if line)]
        for at in range(len(columns))
    ]
    wide = measures.widths(words, points, width, 0.2)
    fitting = Sheet([head, *(laid for laid, _, _ in rows)], wide, points).fitting(room) - 1
    if fitting < 1:
        return 0.0, block
    used = draw(slide, left, top, Sheet([head, *(laid for laid, _, _ in rows[:fitting])], wide, points))
    return used, _rest(block, [(part, line) for _, part, line in rows[fitting:]])


def _narrow(title: str) -> str:
    """What of a column's title has to stand on one line: titles may take two, and their words stay whole."""
    half = title[: -(-len(title) * 3 // 5)]
    return max([*title.split(), half if " " not in title else ""], key=len)


def _rest(block: Grid, left: Sequence[tuple[Part, Line | None]]) -> Grid | None:
    if not left:
        return None
    found: dict[int, tuple[Part, list[Line]]] = {}
    for part, line in left:
        found.setdefault(id(part), (part, []))[1].extend([] if line is None else [line])
    parts = tuple(part.model_copy(update={"rows": tuple(rows)}) for part, rows in found.values())
    return block.model_copy(update={"parts": parts})


def add_needs(slide: Slide, left: float, top: float, width: float, room: float, block: Needs) -> Put:
    """Matters as a table: status, subject, reason."""
    if not block.items:
        return add_prose(slide, left, top, width, room, Prose(title=block.title, paragraphs=(block.empty,)))
    rows = [
        Laid(
            (
                Said(f"{SHAPE[need.status]} {need.word}", f"{need.status.value}_text", bold=True),
                Said(need.subject, bold=True),
                Said(need.reason, "quiet"),
            )
        )
        for need in block.items
    ]
    if block.more:
        rows.append(Laid((Said(block.more, "quiet"),), whole=True))
    sheet = Sheet(rows, [width * 0.17, width * 0.3, width * 0.53], _TEXT_POINTS)
    count = sheet.fitting(room - _HEAD)
    if count == len(block.items) < len(rows):
        count -= 1  # what was left out is told below the last of the matters, never alone
    if not count:
        return 0.0, block
    used = _heading(slide, block.title, left, top, width)
    used += draw(slide, left, top + used, Sheet(rows[:count], sheet.widths, _TEXT_POINTS))
    rest = block.items[count:]
    return used, block.model_copy(update={"items": rest}) if rest else None


def add_entries(slide: Slide, left: float, top: float, width: float, room: float, block: Entries) -> Put:
    """Names and what is said of them as a table of two columns; what no slide holds goes on upon the next."""
    name = min(2.3, width * 0.46)
    points = _CODE_POINTS if any(entry.code for entry in block.entries) else _TEXT_POINTS
    head = _HEAD if block.title else 0.0
    sheet = _entry_rows(block.entries, [name, width - name], points)
    count = sheet.fitting(room - head)
    now, rest = block.entries[:count], block.entries[count:]
    if not now and top > slide.first:
        return 0.0, block
    if not now:
        begun, later = _entry_cut(rest[0], sheet, room - head)
        now, rest = (begun,), (later, *rest[1:])
    used = _heading(slide, block.title, left, top, width)
    used += draw(slide, left, top + used, _entry_rows(now, sheet.widths, points))
    return used, block.model_copy(update={"entries": rest}) if rest else None


def _entry_rows(entries: Sequence[Entry], widths: Sequence[float], points: float) -> Sheet:
    rows = [Laid((Said(entry.name, "quiet"), Said(entry.text, mono=entry.code))) for entry in entries]
    return Sheet(rows, widths, points)


def _entry_cut(entry: Entry, sheet: Sheet, room: float) -> tuple[Entry, Entry]:
    """The part of an entry that has ``room`` on a slide, and the rest of it, which then has no name."""
    most = int((room - 2 * EDGE) / measures.height(1, sheet.points))
    cut = _cut(entry.text, most, sheet.widths[1] - 2 * SIDE, sheet.points)
    begun, later = entry.text[:cut].strip(), entry.text[cut:].strip()
    return entry.model_copy(update={"text": begun}), entry.model_copy(update={"name": "", "text": later})


def add_prose(
    slide: Slide, left: float, top: float, width: float, room: float, block: Prose, boxed: bool = False
) -> Put:
    """Paragraphs; a long one goes on with its next lines on the next slide."""
    edge = 0.1 if boxed else 0.0
    inner, most = width - 2 * edge, int((room - _HEAD - 2 * edge) / measures.height(1, _TEXT_POINTS))
    now, later = _split(block.paragraphs, most, inner)
    if not now:
        return 0.0, block
    count = sum(measures.lines(text, inner, _TEXT_POINTS) for text in now)
    high = measures.height(count, _TEXT_POINTS) + 0.05 * len(now) + 2 * edge
    head = _HEAD if block.title else 0.0
    if boxed:
        slide.box(left, top, width, head + high, "panel")
        slide.box(left, top, 0.04, head + high, "accent")
    _heading(slide, block.title, left + edge, top + edge / 2, inner)
    shape = slide.slide.shapes.add_textbox(*_emu(left + edge, top + head + edge / 2, inner, high - edge))
    paragraph = slide.frame(shape)
    for index, text in enumerate(now):
        paragraph = shape.text_frame.add_paragraph() if index else paragraph
        slide.run(paragraph, text, _TEXT_POINTS, "text")
    return head + high, block.model_copy(update={"paragraphs": later}) if later else None


def _split(paragraphs: tuple[str, ...], most: int, width: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first paragraphs that take no more than ``most`` lines, the last of them cut where it must be."""
    now: list[str] = []
    for index, text in enumerate(paragraphs):
        need = measures.lines(text, width, _TEXT_POINTS)
        if need <= most:
            now.append(text)
            most -= need
            continue
        if now or most < 1:
            return tuple(now), paragraphs[index:]
        cut = _cut(text, most, width, _TEXT_POINTS)
        return (text[:cut].strip(),), (text[cut:].strip(), *paragraphs[index + 1 :])
    return tuple(now), ()


def _cut(text: str, most: int, width: float, points: float) -> int:
    """How many signs of ``text`` fit into ``most`` lines."""
    return measures.cut(text, lambda part: measures.lines(part, width, points) <= most)


def _emu(left: float, top: float, width: float, high: float) -> tuple[int, int, int, int]:
    return tuple(round(place * 914400) for place in (left, top, width, high))  # type: ignore[return-value]


def add_contents(slide: Slide, left: float, top: float, width: float, room: float, block: Contents) -> Put:
    """Titles of the pages in three columns."""
    titles = [title for _, title in block.items]
    rows = -(-len(titles) // 3)
    columns = [titles[at * rows : (at + 1) * rows] for at in range(3)]
    cells = [tuple(Said(column[row]) if row < len(column) else Said("") for column in columns) for row in range(rows)]
    sheet = Sheet([Laid(each) for each in cells], [width / 3] * 3, _TEXT_POINTS)
    count = sheet.fitting(room - _HEAD)
    if not count:
        return 0.0, block
    used = _heading(slide, block.title, left, top, width)
    used += draw(slide, left, top + used, Sheet(sheet.rows[:count], sheet.widths, _TEXT_POINTS))
    rest = [item for column in range(3) for item in block.items[column * rows + count : (column + 1) * rows]]
    return used, block.model_copy(update={"items": tuple(rest)}) if rest else None
