"""The parts of a KPI's page below its charts: figures, definition, cells of origin."""

from collections.abc import Sequence

import streamlit as st

from kpi.catalogue.models import Kpi
from kpi.facts import Fact
from kpi.scorecard.origins import effective_facts, quarters_behind, subtree
from kpi.scorecard.results import KpiResult, Value, Window
from kpi.units import Unit
from report.format import plain
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import data
from ui.components.formula import formula
from ui.components.outlook import landing_cards
from ui.components.status import coverage_note, reason_word, status_badge
from ui.components.table import show_table
from ui.view import DataView

ORIGINS_SHOWN = 200


def _figure(view: DataView, label: str, value: Value, shown: str, note: str = "") -> None:
    """A figure with ``note`` below, and how much it rests on where that is not everything; or why there is none."""
    missing = reason_word(value.reason, view.t) if value.amount is None else ""
    lines = [missing] if missing else [line for line in (note, coverage_note(value, view.t)) if line]
    with st.container(border=True, gap=None, height="stretch"):
        st.metric(label, shown, help=missing or None)
        st.caption("  \n".join(lines) or "\u00a0")


def figures(view: DataView, kpi: Kpi, result: KpiResult, unit: Unit) -> None:
    """Where the KPI stands and where it is heading, as cards."""
    t, fmt = view.t, view.fmt
    with st.grid("auto", min_column_width=150):
        badge, amount = status_badge(result.status, t), result.value.amount
        _figure(view, t("series.actual"), result.value, fmt.value(amount, unit), badge)
        _figure(view, t("series.plan"), result.target, fmt.value(result.target.amount, unit))
        attained = fmt.percent(result.attainment.amount)
        _figure(view, t("kpi.attainment"), result.attainment, attained, badge)
        weight = t("kpi.weight", weight=fmt.weight(result.effective_weight))
        _figure(view, t("kpi.score"), result.score, fmt.score(result.score.amount), weight)
        for key, value in (("last_quarter", result.on_last_quarter), ("last_year", result.on_last_year)):
            _figure(
                view, t(f"kpi.on_{key}"), value, fmt.change(value.amount, unit, relative=not kpi.current.denominator)
            )
        landing_cards(view, kpi, unit)


def definition(view: DataView, kpi: Kpi) -> None:
    """What the KPI means, how it is computed, who owns it, and how that changed."""
    t, language, catalogue = view.t, view.language, data.catalogue()
    version = kpi.current
    entries = {
        t("kpi.description"): plain(kpi.description.in_(language)),
        t("kpi.formula"): plain(formula(version, catalogue, t)),
        t("kpi.direction"): t(f"direction.{version.direction.value}"),
        t("kpi.over_time"): t(f"over_time.{version.over_time.value}"),
        t("kpi.owner"): plain(kpi.owner.in_(language)),
        t("kpi.source"): plain(kpi.data_source.in_(language)),
        t("kpi.evidence"): t(f"evidence.{kpi.evidence.level}"),
    }
    if version.published:
        entries[t("kpi.published")] = plain(version.published.formula)
        entries[t("kpi.why_not")] = plain(version.published.why_not.in_(language))
    if kpi.note:
        entries[t("kpi.note")] = plain(kpi.note.in_(language))
    for index, old in enumerate(kpi.versions, 1):
        words = plain(formula(old, catalogue, t)) + (f" — {t('kpi.break')}" if old.breaks_history else "")
        entries[t("kpi.version", number=index, day=old.effective_from)] = words
    st.table({f"**{name}**": text for name, text in entries.items()}, border="horizontal", alt=t("kpi.definition"))


def _origin_row(view: DataView, fact: Fact, names: dict[str, str]) -> Row:
    key, origin = fact.key, fact.origin
    catalogue, fmt = data.catalogue(), view.fmt
    return Row(
        str(key),
        {
            "measure": TextCell(
                catalogue.name_of(key.measure).in_(view.language), note=view.t(f"scenario.{key.scenario.value}")
            ),
            "org_unit": TextCell(view.organisation.by_code[key.org_unit].name.in_(view.language)),
            "period": TextCell(fmt.period(key.period)),
            "value": TextCell(fmt.value(fact.value, catalogue.unit_of(key.measure))),
            "text": TextCell(origin.text, note=" · ".join(origin.conversions)),
            "cell": TextCell(f"{origin.sheet}!{origin.cell}", note=names.get(origin.workbook, origin.workbook[:12])),
        },
    )


def origins_table(view: DataView, facts: Sequence[Fact]) -> Table:
    """Facts with the cells they came from."""
    t, names = view.t, dict(data.workbook_names(len(data.store().uploads())))
    numbers = {"value", "text"}
    titles = ("measure", "org_unit", "period", "value", "text", "cell")
    columns = [Column(name, t(f"kpi.origin_{name}"), "right" if name in numbers else "left") for name in titles]
    return Table(t("kpi.origins"), columns, [RowGroup([_origin_row(view, fact, names) for fact in facts])])


def origins(view: DataView, kpi: Kpi, window: Window) -> None:
    """The workbook cells behind the chosen quarter, as they stood there."""
    t = view.t
    facts = data.facts_behind(view.snapshot, kpi.code, subtree(view.organisation, view.org_unit))
    wanted = quarters_behind(view.quarter, window)
    inside = effective_facts((fact for fact in facts if fact.key.period in wanted), view.organisation, view.org_unit)
    if not inside:
        st.caption(t("kpi.no_origins"))
        return
    shown = inside[:ORIGINS_SHOWN]
    st.caption(t("kpi.origins_note", shown=len(shown), total=len(inside)))
    show_table(origins_table(view, shown), key="origins")
