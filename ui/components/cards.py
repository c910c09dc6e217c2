"""The top of the scorecard: total, perspectives and gates."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from kpi.periods import Period
from kpi.scorecard.results import PartResult, Scorecard, Status, Value
from kpi.scorecard.template import PartKind
from report.format import NOTHING
from ui import data
from ui.components.outlook import expected_score
from ui.components.status import reason_word, status_badge, status_word
from ui.view import DataView

TREND_QUARTERS = 8
Trend = Sequence[tuple[Period, Scorecard]]


def _change(now: Value, before: Value | None) -> Decimal | None:
    both = now.amount is not None and before is not None and before.amount is not None
    return now.amount - before.amount if both else None  # type: ignore[operator, union-attr]


def _score_card(
    view: DataView, part: tuple[PartKind, str], label: str, shown: tuple[Value, Status, str], history: Sequence[Value]
) -> None:
    score, status, note = shown
    fmt, t = view.fmt, view.t
    change = _change(score, history[-2] if len(history) > 1 else None)
    known = [float(value.amount) for value in history if value.amount is not None]
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(
            label,
            fmt.score(score.amount),
            delta=None if change is None else fmt.difference(change),
            delta_description=None if change is None else t("scorecard.on_last_quarter"),
            chart_data=known if len(known) > 1 else None,
            chart_type="line",
            delta_color="primary",
        )
        st.markdown(status_badge(status, t) if score.amount is not None else reason_word(score.reason, t))
        st.caption(note)
        expected_score(view, *part)


def total_card(view: DataView, card: Scorecard, trend: Trend) -> None:
    """The total score."""
    history = [past.total for _, past in trend]
    note = view.t("scorecard.coverage", share=view.fmt.percent(card.coverage, 0))
    _score_card(view, ("total", card.template), view.t("scorecard.total"), (card.total, card.status, note), history)


def group_card(view: DataView, group: PartResult, trend: Trend) -> None:
    """One perspective."""
    name = data.template().group[group.code].name.in_(view.language)
    history = [next(part.score for part in past.groups if part.code == group.code) for _, past in trend]
    coverage, weight = view.fmt.percent(group.coverage, 0), view.fmt.weight(group.weight)
    note = view.t("scorecard.card_note", weight=weight, share=coverage)
    _score_card(view, ("group", group.code), name, (group.score, group.status, note), history)


def overview(view: DataView, card: Scorecard, trend: Trend) -> None:
    """Total and perspectives as cards that stack on a phone."""
    with st.grid(5, min_column_width=165):
        total_card(view, card, trend)
        for group in card.groups:
            group_card(view, group, trend)


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
