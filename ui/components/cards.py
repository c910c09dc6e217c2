"""The scores at a glance: total, perspectives, and the gates that must hold whatever the total says."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from forecast.records import ScoreForecast
from kpi.scorecard.results import PartResult, Scorecard, Status, Value
from kpi.scorecard.status import score_on_target
from kpi.scorecard.template import PartKind
from report.format import NOTHING, Format
from report.outlook import year_end_score
from ui import data
from ui.components.scores import ScoreCard
from ui.components.status import reason_word, status_badge, status_word
from ui.view import DataView

Trend = Sequence[Scorecard]
"""The cards of the quarters up to the one looked at, the oldest first."""


def score_cards(view: DataView, trend: Trend) -> list[ScoreCard]:
    """The total and the perspectives, each with its change on the last quarter, its way and its year-end."""
    card, fmt, t = trend[-1], view.fmt, view.t
    row = _expected(view, "total", card.template)
    lines = _expected_lines(view, row)
    if row:
        par = fmt.decimal(score_on_target(data.template()), 1)
        lines.append((t("home.chance_of_par", par=par), fmt.chance(row.green)))
    lines += _coverage(view, card.coverage)
    total = PartResult(card.template, Decimal(1), card.total, card.coverage, card.status)
    cards = [_score_card(view, t("scorecard.total"), total, [past.total for past in trend], row, lines, main=True)]
    return cards + [_group_card(view, group, trend) for group in card.groups]


def _group_card(view: DataView, group: PartResult, trend: Trend) -> ScoreCard:
    name = data.template().group[group.code].name.in_(view.language)
    history = [next(part.score for part in past.groups if part.code == group.code) for past in trend]
    row = _expected(view, "group", group.code)
    lines = [*_expected_lines(view, row), (view.t("home.weight"), view.fmt.weight(group.weight))]
    return _score_card(view, name, group, history, row, [*lines, *_coverage(view, group.coverage)])


def _score_card(
    view: DataView,
    label: str,
    part: PartResult,
    history: Sequence[Value],
    row: ScoreForecast | None,
    lines: Sequence[tuple[str, str]],
    *,
    main: bool = False,
) -> ScoreCard:
    t, fmt, known = view.t, view.fmt, part.score.amount is not None
    written = [fmt.score(value.amount) for value in history]
    said = t("home.trend", count=len(history), scores=t("site.list_comma").join(written))
    return ScoreCard(
        label=label,
        score=fmt.score(part.score.amount),
        code=part.status.value if known else "",
        word=status_word(part.status, t) if known else reason_word(part.score.reason, t),
        change=_change(fmt, history),
        change_note=t("scorecard.on_last_quarter"),
        trend=tuple(None if value.amount is None else float(value.amount) for value in history),
        ahead=(row.p10, row.p50, row.p90) if row else None,
        said=said,
        lines=tuple(lines),
        main=main,
    )


def _change(fmt: Format, history: Sequence[Value]) -> str:
    """What the last quarter changed, without a sign where that is too small to be written; empty where one of both is
    missing."""
    now, before = history[-1].amount, history[-2].amount if len(history) > 1 else None
    if now is None or before is None:
        return ""
    change = round(now - before, 1)
    return fmt.difference(change) if change else fmt.score(0)


def _judged(view: DataView, score: Value, status: Status) -> str:
    return reason_word(score.reason, view.t) if score.amount is None else status_badge(status, view.t)


def _expected(view: DataView, kind: PartKind, code: str) -> ScoreForecast | None:
    return year_end_score(view.scores.get(view.org_unit, ()), kind, code, view.quarter)


def _expected_lines(view: DataView, row: ScoreForecast | None) -> list[tuple[str, str]]:
    """The median of the year-end score and its interval; nothing without a forecast."""
    if row is None:
        return []
    t, fmt = view.t, view.fmt
    return [(t("home.at_year_end"), fmt.score(row.p50)), ("P10–P90", f"{fmt.score(row.p10)} – {fmt.score(row.p90)}")]


def _coverage(view: DataView, share: Decimal) -> list[tuple[str, str]]:
    """How much of the weight has data, where that is not all."""
    return [(view.t("home.part_of_data"), view.fmt.percent(share, 0))] if share < 1 else []


def gates_line(view: DataView, card: Scorecard) -> None:
    """The gates: KPIs that must hold whatever the total says."""
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    if not card.gates:
        return
    parts = []
    for gate in card.gates:
        status = {True: Status.GREEN, False: Status.RED, None: Status.NONE}[gate.holds]
        word = t(
            {True: "scorecard.gate_holds", False: "scorecard.gate_fails", None: "scorecard.gate_unknown"}[gate.holds]
        )
        unit = catalogue.unit_of(gate.kpi)
        badge = status_badge(status, t).replace(status_word(status, t), word)
        value = NOTHING if gate.value.amount is None else fmt.value(gate.value.amount, unit)
        least = t("scorecard.gate_minimum", minimum=fmt.value(gate.minimum, unit))
        parts.append(f"{badge} {catalogue.name_of(gate.kpi).in_(view.language)} **{value}** :gray[{least}]")
    with st.container(border=True):
        st.markdown(f"**{t('scorecard.gates')}** &emsp; " + " &emsp; ".join(parts))
