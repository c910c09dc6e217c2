"""Why a score is what it is: a drawer with every step from the workbooks' cells to the score."""

from dataclasses import dataclass

import streamlit as st

from kpi.scorecard.points import rounded_to_sum
from kpi.scorecard.results import Scorecard, Window
from kpi.scorecard.template import PartKind
from kpi.scorecard.trace import PartTrace, trace_kpi, trace_part
from report.format import plain
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from report.why import Telling, part_sentence
from ui import data
from ui.components.kpi_rows import score_cell
from ui.components.scorecard_tools import keep
from ui.components.status import reason_word, status_badge
from ui.components.table import show_table
from ui.components.why_kpi import kpi_steps
from ui.view import DataView

_WIDTH = 760
_KINDS: dict[str, PartKind] = {"total": "total", "group": "group", "objective": "objective"}


@dataclass(frozen=True)
class _Asked:
    """The score asked about: ``kind`` is that of a part, or ``kpi``."""

    view: DataView
    card: Scorecard
    window: Window
    kind: str
    code: str

    @property
    def name(self) -> str:
        """What it is the score of."""
        language, template = self.view.language, data.template()
        if self.kind == "kpi":
            return data.catalogue().kpi[self.code].name.in_(language)
        if self.kind == "total":
            return self.view.t("scorecard.total")
        names = template.group if self.kind == "group" else template.objective
        return names[self.code].name.in_(language)


def explain(view: DataView, card: Scorecard, why: str, window: Window) -> None:
    """Open the drawer about the score ``why``, as the address names it; closing it takes it out of the address."""
    kind, _, code = why.partition(":")
    asked = _Asked(view, card, window, kind, code or card.template)
    title = plain(view.t("why.title", name=asked.name))

    @st.dialog(title, width=_WIDTH, position="right", on_dismiss=lambda: keep("why", ""))
    def drawer() -> None:
        if st.query_params.get("why") != why:
            st.rerun()  # a score inside the drawer was asked about
        st.caption(f"{view.org_name} · {view.fmt.period(view.quarter)} · {view.t(f'window.{window.value}')}")
        _steps(asked)

    drawer()


def _telling(view: DataView) -> Telling:
    return Telling(view.t, view.fmt, data.catalogue(), data.template(), view.organisation)


def _steps(asked: _Asked) -> None:
    view, template = asked.view, data.template()
    if asked.kind == "kpi":
        kpi_steps(view, asked.card, trace_kpi(view.panel, template, asked.card, asked.code), _telling(view))
        return
    trace = trace_part(template, asked.card, _KINDS[asked.kind], asked.code)
    badge = status_badge(trace.status, view.t)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.metric(view.t("scorecard.column_score"), view.fmt.score(trace.score.amount), width="content")
        st.markdown(badge, width="content")
    st.markdown(plain(part_sentence(trace, _telling(view))))
    show_table(_contributions(view, trace), key="why_parts", on_ask=lambda score: keep("why", score))


def _contributions(view: DataView, trace: PartTrace) -> Table:
    """What each part brings; the shown points add up to the shown sum."""
    t, fmt, template, catalogue = view.t, view.fmt, data.template(), data.catalogue()
    shown = rounded_to_sum([part.points for part in trace.contributions], 2)
    inner = "group" if trace.kind == "total" else "kpi"
    rows = []
    for part, points in zip(trace.contributions, shown, strict=True):
        name = (template.group if inner == "group" else catalogue.kpi)[part.code].name.in_(view.language)
        missing = part.score.amount is None
        cells: dict[str, Cell] = {
            "name": TextCell(name, note=reason_word(part.score.reason, t) if missing else ""),
            "weight": TextCell(fmt.weight(part.weight)),
            "score": score_cell(view, part.score, name, f"{inner}:{part.code}"),
            "points": TextCell("—" if missing else fmt.score(points, 2)),
        }
        rows.append(Row(part.code, cells))
    total: dict[str, Cell] = {
        "name": TextCell(t("why.sum")),
        "points": TextCell(fmt.score(trace.score.amount, 2)),
    }
    columns = [
        Column("name", t("scorecard.perspective" if inner == "group" else "scorecard.column_kpi"), head=True),
        *(Column(name, t(f"why.column_{name}"), "right") for name in ("weight", "score", "points")),
    ]
    return Table(t("why.parts"), columns, [RowGroup([*rows, Row("sum", total, level="total")])])
