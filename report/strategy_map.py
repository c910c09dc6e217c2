"""The strategy map as a plain value: objectives by perspective, each with its status now and at year-end, and the
links between them; whoever draws it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpi.scorecard.results import Scorecard, Status
from kpi.scorecard.template import ScorecardTemplate
from kpi.strategy.models import Strategy, StrategyLink
from kpi.strategy.perspectives import PERSPECTIVES, Rows
from report.format import Format
from report.tables import Column, Row, RowGroup, StatusCell, Table, TextCell
from report.words import Words
from report.year_ends import YearEnd

SHAPES: Mapping[str, tuple[str, str]] = {
    "green": ("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M4.8 8.3 7.1 10.6 11.4 5.8"),
    "amber": ("M8 1.2 15.4 14.4H.6z", "M8 5.8v4.2M8 12v.6"),
    "red": ("M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M5.5 5.5l5 5M10.5 5.5l-5 5"),
    "none": ("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M5 8h6"),
}
"""Shape and sign of each status, in a square of 16."""


@dataclass(frozen=True)
class Mark:
    """A status with its word, and the score behind it as written."""

    code: str
    word: str
    score: str


@dataclass(frozen=True)
class Node:
    """An objective. ``leads`` and ``driven`` name its effects and causes."""

    code: str
    name: str
    now: Mark
    ahead: Mark
    leads: tuple[str, ...]
    driven: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """A row of the map."""

    code: str
    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Arrow:
    """A link. ``via`` says, for each row that it passes from the effect down, in which gap: 0 is left of the first
    objective there."""

    cause: str
    effect: str
    reason: str
    via: tuple[int, ...]


@dataclass(frozen=True)
class StrategyMap:
    """All of it; ``label`` names it to who cannot see it."""

    label: str
    levels: tuple[Level, ...]
    arrows: tuple[Arrow, ...]


def strategy_map(
    template: ScorecardTemplate,
    rows: Rows,
    strategy: Strategy,
    card: Scorecard,
    ends: Mapping[str, YearEnd],
    t: Words,
    fmt: Format,
) -> StrategyMap:
    """The map of ``card`` with ``ends`` as its year-end, laid out in ``rows``
    (:func:`kpi.strategy.perspectives.map_rows`). Links with objectives that the scorecard lacks are left out."""
    links = [k for k in strategy.links if k.cause in template.objective and k.effect in template.objective]
    scores = {part.code: part for part in card.objectives}
    names = {o.code: o.name.in_(fmt.language) for o in template.objectives}

    def node(code: str) -> Node:
        now, end = scores[code], ends.get(code, YearEnd())
        return Node(
            code,
            names[code],
            _mark(now.status, now.score.amount, t, fmt),
            _mark(end.status, end.score, t, fmt),
            tuple(names[link.effect] for link in links if link.cause == code),
            tuple(names[link.cause] for link in links if link.effect == code),
        )

    levels = (
        Level(perspective, t(f"map.perspective_{perspective}"), tuple(node(code) for code in row))
        for perspective, row in zip(PERSPECTIVES, rows, strict=True)
    )
    label = t("map.label", quarter=fmt.period(card.quarter))
    return StrategyMap(label, tuple(levels), tuple(_arrows(rows, links, fmt)))


def _mark(status: Status, score: Decimal | None, t: Words, fmt: Format) -> Mark:
    return Mark(status.value, t(f"status.{status.value}"), fmt.score(score))


def _arrows(rows: Rows, links: Sequence[StrategyLink], fmt: Format) -> Iterator[Arrow]:
    spot = {code: (level, (at + 0.5) / len(row)) for level, row in enumerate(rows) for at, code in enumerate(row)}
    for link in links:
        (start, left), (end, right) = spot[link.cause], spot[link.effect]
        upper, lower = sorted((start, end))
        via = []
        for level in range(upper + 1, lower):
            straight = right + (left - right) * (level - end) / (start - end)
            count = len(rows[level])
            via.append(min(range(count + 1), key=lambda gap: abs(gap / max(1, count) - straight)))
        yield Arrow(link.cause, link.effect, link.reason.in_(fmt.language), tuple(via))


def map_table(drawn: StrategyMap, t: Words) -> Table:
    """The map in rows."""
    names = ("objective", "now", "now_score", "ahead", "ahead_score", "leads")
    numbers = {"now_score", "ahead_score"}
    columns = [Column(name, t(f"map.column_{name}"), "right" if name in numbers else "left") for name in names]
    comma = t("site.list_comma")
    groups = [
        RowGroup(
            [
                Row(
                    node.code,
                    {
                        "objective": TextCell(node.name),
                        "now": StatusCell(node.now.code, node.now.word),
                        "now_score": TextCell(node.now.score),
                        "ahead": StatusCell(node.ahead.code, node.ahead.word),
                        "ahead_score": TextCell(node.ahead.score),
                        "leads": TextCell(comma.join(node.leads)),
                    },
                )
                for node in level.nodes
            ],
            level.title,
        )
        for level in drawn.levels
        if level.nodes
    ]
    return Table(drawn.label, columns, groups)
