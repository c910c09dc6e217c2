"""Cards on slides: figures in boxes with quieter words below, none of which is left out."""

from report.pack import measures
from report.pack.document import Card, Cards
from report.pack.slide import GAP, Put, Slide
from report.status import SHAPE

_HIGH, _LOW, _EDGE = 1.0, 0.62, 0.08
_LABEL_POINTS, _STATUS_POINTS, _NOTE_POINTS = 8.0, 9.0, 7.5


def add_cards(slide: Slide, left: float, top: float, width: float, room: float, block: Cards) -> Put:
    """Figures in boxes, all in one row or two to a row; a row is as high as the fullest of its boxes."""
    across = len(block.cards) if width > 8 else 2
    points = 15.0 if across > 2 else 13.0
    wide = (width - (across - 1) * GAP / 2) / across
    used, count = 0.0, 0
    while row := block.cards[count : count + across]:
        high = max(_HIGH if across > 2 else _LOW, *(_card_height(card, wide, points) for card in row))
        if used + high > room:
            break
        for column, card in enumerate(row):
            place = left + column * (wide + GAP / 2), top + used
            _card(slide, card, place, (wide, high), points, lead=block.lead and count + column == 0)
        used, count = used + high + GAP / 2, count + len(row)
    rest = block.cards[count:]
    return max(0.0, used - GAP / 2), block.model_copy(update={"cards": rest, "lead": False}) if rest else None


def _sign(card: Card) -> str:
    return f"  {SHAPE[card.status]} {card.word}" if card.status and card.word else ""


def _card_height(card: Card, width: float, points: float) -> float:
    """What the words of a card need; a status beside its value may take a line of its own."""
    inner = width - 2 * _EDGE
    beside = measures.inches(card.text, points) + measures.inches(_sign(card), _STATUS_POINTS)
    notes = sum(measures.lines(line, inner, _NOTE_POINTS) for line in card.lines)
    return (
        measures.height(measures.lines(card.label, inner, _LABEL_POINTS), _LABEL_POINTS)
        + measures.height(-(-int(beside * 1000) // int(inner * 1000)) or 1, points)
        + measures.height(notes, _NOTE_POINTS)
        + _EDGE
    )


def _card(
    slide: Slide, card: Card, place: tuple[float, float], size: tuple[float, float], points: float, lead: bool
) -> None:
    shape = slide.box(*place, *size, "panel" if lead else "paper", "line")
    paragraph = slide.frame(shape, _EDGE)
    slide.run(paragraph, card.label, _LABEL_POINTS, "quiet")
    second = shape.text_frame.add_paragraph()
    slide.run(second, card.text, points, "text", bold=True)
    if card.status and card.word:
        slide.run(second, _sign(card), _STATUS_POINTS, f"{card.status.value}_text", bold=True)
    for line in card.lines:
        slide.run(shape.text_frame.add_paragraph(), line, _NOTE_POINTS, "quiet")
