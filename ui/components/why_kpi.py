"""The drawer's steps for one KPI: components, target and attainment, anchors, weights, status, cells."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from kpi.catalogue.models import Term
from kpi.scorecard.breakdown import Sides
from kpi.scorecard.results import KpiResult, Scorecard
from kpi.scorecard.template import AnchorScoring
from kpi.scorecard.trace import KpiTrace
from kpi.units import Unit
from report import why
from report.anchor_line import anchor_line
from report.format import plain
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from report.why import Telling
from ui import data, scorecards
from ui.components.chart import show_chart
from ui.components.formula import formula
from ui.components.kpi_parts import ORIGINS_SHOWN, origins_table
from ui.components.status import status_badge
from ui.components.table import show_table
from ui.view import DataView


def kpi_steps(view: DataView, card: Scorecard, trace: KpiTrace, say: Telling) -> None:
    """Everything that made the score, from the score back to the cells."""
    t, result, unit = view.t, trace.result, data.catalogue().unit_of(trace.result.kpi)
    _figures(view, result, card)
    _step(t("why.step_score"), [why.score_sentence(trace, unit, say)])
    _picture(view, trace, unit, say)
    compared = [why.attainment_sentence(trace, unit, say), why.target_sentence(trace, unit, say)]
    _step(t("why.step_attainment"), [*compared, why.cells_sentence(trace, unit, say)])
    _step(t("why.step_weight"), why.weight_sentences(trace, card.total, say))
    _step(t("why.step_status"), [why.status_sentence(trace, unit, say)])
    _step(t("why.step_components"), [t("why.formula", formula=formula(trace.version, data.catalogue(), t))])
    _components(view, trace)
    with st.expander(t("kpi.origins"), on_change="rerun", key="why_cells", icon=":material/grid_on:") as cells:
        if cells.open:
            _cells(view, trace)


def _figures(view: DataView, result: KpiResult, card: Scorecard) -> None:
    t, fmt, score = view.t, view.fmt, result.score.amount
    points = None if score is None or card.total.amount is None else result.effective_weight * score
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.metric(t("scorecard.column_score"), fmt.score(score), width="content")
        st.metric(t("scorecard.column_attainment"), fmt.percent(result.attainment.amount), width="content")
        st.metric(t("why.figure_effective"), fmt.exact_percent(result.effective_weight), width="content")
        st.metric(t("why.figure_points"), fmt.score(points, 2), width="content")
        st.markdown(status_badge(result.status, t), width="content")


def _step(title: str, sentences: Sequence[str]) -> None:
    st.markdown(f"**{title}**  \n" + "  \n".join(plain(sentence) for sentence in sentences if sentence))


def _picture(view: DataView, trace: KpiTrace, unit: Unit, say: Telling) -> None:
    scoring, x = trace.scoring, trace.x.amount
    if not isinstance(scoring, AnchorScoring) or x is None:
        return
    t, fmt, by_value = view.t, view.fmt, scoring.basis == "value"
    top = max(abs(x), *(abs(at) for at, _ in scoring.points))
    axis = fmt.axis(float(top), unit) if by_value else (True, 1.0, "")
    label = f"{why.scored_as(trace, unit, say)} → {fmt.score(trace.result.score.amount)}"
    title = t("why.axis_value" if by_value else "scorecard.column_attainment")
    spec = anchor_line(scoring, x, trace.result.status.value, label, title, axis)
    table = _anchors_table(view, scoring, unit)
    name = data.catalogue().name_of(trace.result.kpi).in_(view.language)
    show_chart(view, spec, table, key="why_anchors", title=f"{name} · {t('why.anchors')}", alt=label)


def _anchors_table(view: DataView, scoring: AnchorScoring, unit: Unit) -> Table:
    t, fmt, by_value = view.t, view.fmt, scoring.basis == "value"
    rows = [
        Row(
            str(at),
            {
                "x": TextCell(fmt.exact(at, unit) if by_value else fmt.exact_percent(at)),
                "score": TextCell(fmt.score(score, 2)),
            },
        )
        for at, score in sorted(scoring.points)
    ]
    columns = [
        Column("x", t("why.axis_value" if by_value else "scorecard.column_attainment"), "right"),
        Column("score", t("scorecard.column_score"), "right"),
    ]
    return Table(t("why.anchors"), columns, [RowGroup(rows)])


def _components(view: DataView, trace: KpiTrace) -> None:
    """Each term of the formula with what it adds up to over the window; nothing when a finished value was reported."""
    t, made = view.t, trace.made_of
    sides = {"actual": made.value, "compared": made.compared, "plan": made.plan}
    present = {name: each for name, each in sides.items() if each is not None}
    if not present:
        st.caption(t("why.no_components"))
        return
    terms: dict[tuple[str, Term], dict[str, Decimal]] = {}
    for name, each in present.items():
        for place, parts in (("top", each.top), ("bottom", each.bottom)):
            for part in parts:
                terms.setdefault((place, part.term), {})[name] = part.amount
    rows = [_term_row(view, place, term, amounts) for (place, term), amounts in terms.items()]
    columns = [Column("component", t("why.column_component"), head=True)]
    if any(place == "bottom" for place, _ in terms):
        columns.append(Column("place", t("why.column_place")))
    columns += [Column(name, t(f"why.column_{name}"), "right") for name in present]
    rows.append(_result_row(view, trace, present))
    show_table(Table(t("why.step_components"), columns, [RowGroup(rows)]), key="why_components")
    some = next(iter(present.values()))
    if some.averaged:
        st.caption(t("why.over_mean" if some.bottom else "why.mean", quarters=some.quarters))


def _term_row(view: DataView, place: str, term: Term, amounts: dict[str, Decimal]) -> Row:
    t, catalogue = view.t, data.catalogue()
    name, unit = catalogue.name_of(term.component).in_(view.language), catalogue.unit_of(term.component)
    moment = t(f"formula.{term.at}", name=name) if term.at != "closing" else name
    if term.scenario is not None:
        moment = t("formula.plan", name=moment)
    cells: dict[str, Cell] = {"component": TextCell(moment), "place": TextCell(t(f"why.{place}"))}
    cells |= {column: TextCell(view.fmt.exact(amount, unit)) for column, amount in amounts.items()}
    return Row(f"{place} {term}", cells)


def _result_row(view: DataView, trace: KpiTrace, present: Mapping[str, Sides]) -> Row:
    """What the components make: the value, what of it is compared, the plan."""
    catalogue, made = data.catalogue(), {"compared": trace.same.amount, "plan": trace.goal.amount}
    made["actual"] = trace.result.value.amount
    name, unit = catalogue.name_of(trace.result.kpi).in_(view.language), catalogue.unit_of(trace.result.kpi)
    cells: dict[str, Cell] = {"component": TextCell(name), "place": TextCell(view.t("why.result"))}
    cells |= {column: TextCell(view.fmt.exact(made[column], unit)) for column in present}
    return Row("result", cells, level="total")


def _cells(view: DataView, trace: KpiTrace) -> None:
    facts = scorecards.facts_of(view, trace)
    if not facts:
        st.caption(view.t("kpi.no_origins"))
        return
    st.caption(view.t("kpi.origins_note", shown=min(len(facts), ORIGINS_SHOWN), total=len(facts)))
    show_table(origins_table(view, facts[:ORIGINS_SHOWN]), key="why_origins")
