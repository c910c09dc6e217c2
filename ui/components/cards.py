"""The scores at a glance: total, perspectives, and the gates that must hold whatever the total says."""

from collections.abc import Sequence

import streamlit as st

from forecast.records import ScoreForecast
from kpi.scorecard.results import PartResult, Scorecard, Status, Value
from kpi.scorecard.status import score_on_target
from kpi.scorecard.template import PartKind
from report.format import NOTHING, Format
from ui import data
from ui.components.status import reason_word, status_badge, status_word
from ui.forecasts import year_end_score
from ui.view import DataView

Trend = Sequence[Scorecard]
"""The cards of the quarters up to the one looked at, the oldest first."""


def _change(fmt: Format, history: Sequence[Value]) -> str | int | None:
    """What the last quarter changed as written, a bare 0 for what is too small to be; None where one of both is
    missing."""
    now, before = history[-1].amount, history[-2].amount if len(history) > 1 else None
    if now is None or before is None:
        return None
    return fmt.difference(now - before) if round(now - before, 1) else 0


def _score_card(view: DataView, label: str, history: Sequence[Value], lines: Sequence[str]) -> None:
    fmt, score = view.fmt, history[-1]
    change = _change(fmt, history)
    known = [float(value.amount) for value in history if value.amount is not None]
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(
            label,
            fmt.score(score.amount),
            delta=change,
            delta_description=None if change is None else view.t("scorecard.on_last_quarter"),
            chart_data=known if len(known) > 1 else None,
            chart_type="line",
            delta_color="primary",
        )
        st.markdown("  \n".join(lines))


def _judged(view: DataView, score: Value, status: Status) -> str:
    return reason_word(score.reason, view.t) if score.amount is None else status_badge(status, view.t)


def _expected(view: DataView, kind: PartKind, code: str) -> ScoreForecast | None:
    return year_end_score(view.scores.get(view.org_unit, ()), kind, code, view.quarter)


def _expected_lines(view: DataView, row: ScoreForecast | None) -> list[str]:
    """The median of the year-end score and, below it, its interval; nothing without a forecast."""
    if row is None:
        return []
    fmt = view.fmt
    between = view.t("home.between", low=fmt.score(row.p10), high=fmt.score(row.p90))
    return [view.t("home.at_year_end", score=fmt.score(row.p50)), between]


def _small(lines: Sequence[str]) -> list[str]:
    return [f":small[{line}]" for line in lines]


def total_card(view: DataView, trend: Trend) -> None:
    """The total score, and where it is heading."""
    card, row = trend[-1], _expected(view, "total", trend[-1].template)
    lines = _expected_lines(view, row)
    if row:
        par = view.fmt.decimal(score_on_target(data.template()), 1)
        lines.append(view.t("home.chance_of_par", chance=view.fmt.chance(row.green), par=par))
    if card.coverage < 1:
        lines.append(view.t("home.part_of_data", share=view.fmt.percent(card.coverage, 0)))
    history = [past.total for past in trend]
    _score_card(view, view.t("scorecard.total"), history, [_judged(view, card.total, card.status), *_small(lines)])


def group_card(view: DataView, group: PartResult, trend: Trend) -> None:
    """One perspective."""
    name = data.template().group[group.code].name.in_(view.language)
    history = [next(part.score for part in past.groups if part.code == group.code) for past in trend]
    lines = _expected_lines(view, _expected(view, "group", group.code))
    words = {"weight": view.fmt.weight(group.weight), "share": view.fmt.percent(group.coverage, 0)}
    lines.append(view.t("home.weight" if group.coverage == 1 else "home.weight_with_data", **words))
    _score_card(view, name, history, [_judged(view, group.score, group.status), *_small(lines)])


def overview(view: DataView, trend: Trend) -> None:
    """The total beside the perspectives; on a phone above them, two by two."""
    total, groups = st.columns([1, 3.6])
    with total:
        total_card(view, trend)
    with groups, st.grid(len(trend[-1].groups), min_column_width=145):
        for group in trend[-1].groups:
            group_card(view, group, trend)


def total_line(view: DataView, card: Scorecard) -> None:
    """The total score in one line."""
    parts = [f"{view.t('scorecard.total')} **{view.fmt.score(card.total.amount)}**"]
    parts.append(_judged(view, card.total, card.status))
    parts += _expected_lines(view, _expected(view, "total", card.template))
    st.markdown(" &emsp; ".join(parts))


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
