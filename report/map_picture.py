"""The strategy map as an SVG picture, for documents and to take along; drawn here, without a browser."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from report.pictures import FONT, Mode, theme
from report.strategy_map import SHAPES, Arrow, Mark, Node, StrategyMap
from report.words import Words

WIDTH = 1160
_LEFT, _TOP, _PAD = 150, 64, 20
_CARD, _HEIGHT, _ROW = 290, 104, 164
_TEXT, _TIP = 14, 7
Colours = Mapping[str, str]


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def map_svg(drawn: StrategyMap, t: Words, title: str, mode: Mode = "light") -> str:
    """The map with ``title`` above it, in the dashboard's colours of ``mode``."""
    colours: Colours = theme()[mode]
    boxes = _boxes(drawn)
    height = _TOP + _ROW * len(drawn.levels) - (_ROW - _HEIGHT) + _PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="{escape(FONT)}" font-size="{_TEXT}" fill="{colours["textColor"]}">',
        f'<rect width="{WIDTH}" height="{height}" fill="{colours["backgroundColor"]}"/>',
        f'<text x="{_PAD}" y="34" font-size="18" font-weight="600">{escape(title)}</text>',
        *_levels(drawn, colours),
        *(_arrow(arrow, drawn, boxes, colours) for arrow in drawn.arrows),
        *(part for level in drawn.levels for node in level.nodes for part in _card(node, boxes[node.code], t, colours)),
        "</svg>",
    ]
    return "".join(parts)


def _boxes(drawn: StrategyMap) -> dict[str, _Box]:
    room = WIDTH - _LEFT - _PAD
    found = {}
    for at, level in enumerate(drawn.levels):
        for place, node in enumerate(level.nodes):
            slot = room / len(level.nodes)
            width = min(_CARD, slot - 32)
            found[node.code] = _Box(_LEFT + slot * (place + 0.5) - width / 2, _TOP + _ROW * at, width)
    return found


def _levels(drawn: StrategyMap, colours: Colours) -> Iterator[str]:
    for at, level in enumerate(drawn.levels):
        top = _TOP + _ROW * at
        yield (
            f'<rect x="{_PAD / 2}" y="{top - 12}" width="{WIDTH - _PAD}" height="{_HEIGHT + 24}" rx="10" '
            f'fill="{colours["secondaryBackgroundColor"]}"/>'
        )
        for line, words in enumerate(wrapped(level.title, 116)):
            yield f'<text x="{_PAD + 4}" y="{top + 24 + 20 * line}" font-weight="600">{escape(words)}</text>'


def _card(node: Node, box: _Box, t: Words, colours: Colours) -> Iterator[str]:
    frame = f'x="{box.left:.1f}" y="{box.top}" width="{box.width:.1f}" height="{_HEIGHT}" rx="8"'
    yield f'<rect {frame} fill="{colours["backgroundColor"]}" stroke="{colours["borderColor"]}"/>'
    for line, words in enumerate(wrapped(node.name, box.width - 24)[:2]):
        at = f'x="{box.left + 12:.1f}" y="{box.top + 22 + 17 * line}"'
        yield f'<text {at} font-weight="600">{escape(words)}</text>'
    for line, (when, mark) in enumerate((("now", node.now), ("ahead", node.ahead))):
        yield _mark(t(f"map.{when}"), mark, box, box.top + 70 + 22 * line, colours)


def _mark(when: str, mark: Mark, box: _Box, y: float, colours: Colours) -> str:
    colour = colours[{"green": "green", "amber": "orange", "red": "red", "none": "gray"}[mark.code] + "TextColor"]
    shape, sign = SHAPES[mark.code]
    left, right = box.left + 12, box.left + box.width - 12
    return (
        f'<text x="{left:.1f}" y="{y}" font-size="12" fill="{colours["grayTextColor"]}">{escape(when)}</text>'
        f'<g transform="translate({left + 62:.1f} {y - 12})"><path d="{shape}" fill="{colour}"/>'
        f'<path d="{sign}" fill="none" stroke="{colours["backgroundColor"]}" stroke-width="1.9"/></g>'
        f'<text x="{left + 84:.1f}" y="{y}" font-size="13" fill="{colour}">{escape(mark.word)}</text>'
        f'<text x="{right:.1f}" y="{y}" font-size="13" text-anchor="end">{escape(mark.score)}</text>'
    )


def _arrow(arrow: Arrow, drawn: StrategyMap, boxes: Mapping[str, _Box], colours: Colours) -> str:
    cause, effect = boxes[arrow.cause], boxes[arrow.effect]
    colour = colours["grayColor"]
    if cause.top == effect.top:
        rightward = cause.left < effect.left
        start, end = (cause.left + cause.width, effect.left) if rightward else (cause.left, effect.left + effect.width)
        y, step = cause.top + _HEIGHT / 2, _TIP if rightward else -_TIP
        line = f"M{start:.1f} {y}L{end - step:.1f} {y}"
        tip = f"M{end:.1f} {y}l{-step} -4v8z"
    else:
        x, y = _port(arrow, "cause", drawn, boxes), cause.top
        line = f"M{x:.1f} {y}"
        first = round((effect.top - _TOP) / _ROW) + 1
        for level, gap in reversed(list(enumerate(arrow.via, first))):
            over, below = _gap(drawn, boxes, level, gap), _TOP + _ROW * level + _HEIGHT
            line += _curve(x, y, over, below) + f"L{over:.1f} {below - _HEIGHT}"
            x, y = over, below - _HEIGHT
        end, under = _port(arrow, "effect", drawn, boxes), effect.top + _HEIGHT
        line += _curve(x, y, end, under + _TIP)
        tip = f"M{end:.1f} {under}l-4 {_TIP}h8z"
    return f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="1.4"/><path d="{tip}" fill="{colour}"/>'


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (y + to_y) / 2
    return f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}"


def _port(arrow: Arrow, end: str, drawn: StrategyMap, boxes: Mapping[str, _Box]) -> float:
    """Where an arrow meets a card: those of one side spread over it, in the order of where they come from."""
    own = getattr(arrow, end)
    other = "effect" if end == "cause" else "cause"
    beside = [a for a in drawn.arrows if getattr(a, end) == own and boxes[a.cause].top != boxes[a.effect].top]
    order = sorted(beside, key=lambda each: boxes[getattr(each, other)].middle)
    box = boxes[own]
    return box.left + box.width * (order.index(arrow) + 1) / (len(order) + 1)


def _gap(drawn: StrategyMap, boxes: Mapping[str, _Box], level: int, gap: int) -> float:
    row = [boxes[node.code] for node in drawn.levels[level].nodes]
    if not row:
        return _LEFT + (WIDTH - _LEFT - _PAD) / 2
    if gap == 0:
        return row[0].left - 14
    if gap == len(row):
        return row[-1].left + row[-1].width + 14
    return (row[gap - 1].left + row[gap - 1].width + row[gap].left) / 2


def wrapped(text: str, width: float) -> list[str]:
    """``text`` in lines of at most ``width`` px, broken between words or, in Chinese, anywhere."""
    lines, line = [], ""
    for word in _pieces(text):
        if line and _length(line + word) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()] if line else lines


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for letter in text:
        if piece and (letter == " " or _wide(letter) or _wide(piece[-1])):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _length(text: str) -> float:
    return sum(_TEXT * (1.0 if _wide(letter) else 0.56) for letter in text)
