"""The first pages of a pack: the cover, and where the company stands at a glance."""

from collections.abc import Iterator, Sequence

from kpi.scorecard.results import Reason, Scorecard, Status, Value
from kpi.scorecard.template import PartKind
from kpi.units import Dimension
from report.format import NOTHING
from report.outlook import year_end_score
from report.pack.desk import Desk
from report.pack.document import Band, Block, Card, Cards, Chart, Contents, Entries, Entry, Number, Page, Point
from report.pack.needs import needs
from report.pack.pages import COVER, OVERVIEW
from report.pack.points import forecast_points
from report.status import SHAPE, reason_word, status_word

SCORE_QUARTERS_AHEAD = 4


def cover(desk: Desk, contents: Sequence[tuple[str, str]]) -> Page:
    """Whose pack, of what, from which facts and run; and what is in it."""
    t, source = desk.t, desk.source
    run = t("pack.run_line", id=source.run.run_id[:16], at=_finished(desk)) if source.run else t("pack.no_run")
    snapshot = t("pack.snapshot_line", id=source.snapshot.id, at=desk.fmt.moment(source.snapshot.created_at))
    entries = (
        Entry(name=t("site.org_unit"), text=desk.org_name),
        Entry(name=t("site.quarter"), text=f"{desk.fmt.period(desk.quarter)} · {t(f'window.{source.window.value}')}"),
        Entry(name=t("pack.template"), text=desk.template.name.in_(desk.language)),
        Entry(name=t("pack.facts"), text=snapshot),
        Entry(name=t("pack.forecast"), text=run),
    )
    blocks: list[Block] = [Entries(entries=entries)]
    if contents:
        blocks.append(Contents(title=t("pack.contents"), items=tuple(contents)))
    return Page(
        code=COVER,
        title=t("pack.title"),
        subtitle=source.inputs.organisation.name.in_(desk.language),
        bands=(Band.of(*blocks),),
    )


def _finished(desk: Desk) -> str:
    run = desk.source.run
    return desk.fmt.moment(run.finished_at) if run and run.finished_at else NOTHING


def overview(desk: Desk) -> Page:
    """Total and perspectives, what needs somebody, the way of the total, and the gates."""
    right = [block for block in (total_chart(desk), _gates(desk)) if block is not None]
    below = Band(columns=((needs(desk),), tuple(right)), share=0.56) if right else Band.of(needs(desk))
    cards = Cards(cards=tuple(_score_cards(desk)), lead=True)
    return Page(code=OVERVIEW, title=desk.t("pack.overview"), subtitle=desk.scope, bands=(Band.of(cards), below))


def _score_cards(desk: Desk) -> Iterator[Card]:
    t, card, before = desk.t, desk.card, desk.cards.get(desk.quarter.shift(-1))
    coverage = t("pack.coverage", share=desk.fmt.percent(card.coverage, 0))
    earlier = before.total if before else None
    yield _score_card(
        desk, ("total", card.template), t("scorecard.total"), (card.total, card.status), (earlier, coverage)
    )
    for index, part in enumerate(card.groups):
        name = desk.template.group[part.code].name.in_(desk.language)
        note = t("pack.card_note", weight=desk.fmt.weight(part.weight), share=desk.fmt.percent(part.coverage, 0))
        earlier = before.groups[index].score if before else None
        yield _score_card(desk, ("group", part.code), name, (part.score, part.status), (earlier, note))


def _score_card(
    desk: Desk,
    part: tuple[PartKind, str],
    label: str,
    now: tuple[Value, Status],
    aside: tuple[Value | None, str],
) -> Card:
    (value, status), (before, note), t, fmt = now, aside, desk.t, desk.fmt
    lines = []
    if value.amount is not None and before is not None and before.amount is not None:
        lines.append(t("pack.on_last_quarter", change=fmt.difference(value.amount - before.amount)))
    if ahead := year_end_score(desk.source.scores, *part, desk.quarter):
        low, middle, high = (fmt.score(number) for number in (ahead.p10, ahead.p50, ahead.p90))
        lines.append(t("pack.year_end_score", score=middle, low=low, high=high))
    return Card(
        label=label,
        text=fmt.score(value.amount),
        lines=(*lines, note),
        number=Number.of(value.amount, Dimension.SCORE),
        status=status,
        word=status_word(status, t) if value.amount is not None else reason_word(value.reason or Reason.NO_DATA, t),
    )


def total_chart(desk: Desk) -> Chart | None:
    """The total score over the last quarters and the next ones that the run expects; None without any."""
    t, fmt = desk.t, desk.fmt
    points = [
        Point(
            quarter=str(quarter), role="actual", series=t("series.actual"), amount=float(amount), text=fmt.score(amount)
        )
        for quarter, card in desk.cards.items()
        if (amount := card.total.amount) is not None
    ]
    if not points:
        return None
    wanted = (row for row in desk.source.scores if (row.kind, row.window) == ("total", desk.source.window))
    ahead = sorted((row for row in wanted if row.period > desk.quarter), key=lambda row: row.period)
    follows = ahead and points[-1].quarter == str(ahead[0].period.shift(-1))
    if follows:
        points += forecast_points(ahead[:SCORE_QUARTERS_AHEAD], points[-1], t("series.forecast"), fmt.score)
    return Chart(
        label=t("pack.total_chart"),
        points=tuple(points),
        order=tuple(sorted({point.quarter for point in points})),
        axis=(False, 1.0, ""),
        names={role: t(f"series.{role}") for role in ("actual", "plan", "forecast")},
        form=Dimension.SCORE,
    )


def _gates(desk: Desk) -> Entries | None:
    card: Scorecard = desk.card
    if not card.gates:
        return None
    entries = []
    for gate in card.gates:
        unit, status = desk.unit(gate.kpi), {True: Status.GREEN, False: Status.RED, None: Status.NONE}[gate.holds]
        word = desk.t(
            {True: "scorecard.gate_holds", False: "scorecard.gate_fails", None: "scorecard.gate_unknown"}[gate.holds]
        )
        value = NOTHING if gate.value.amount is None else desk.fmt.value(gate.value.amount, unit)
        least = desk.t("scorecard.gate_minimum", minimum=desk.fmt.value(gate.minimum, unit))
        entries.append(Entry(name=desk.name(gate.kpi), text=f"{SHAPE[status]} {word} {value} {least}"))
    return Entries(title=desk.t("scorecard.gates"), entries=tuple(entries))
