"""The design section: what the design check found, the links of the map as a form, and every version saved."""

import streamlit as st

from kpi.errors import Refused
from kpi.strategy.book import WHOLE, StrategyRecord
from kpi.strategy.design import DesignFinding
from kpi.strategy.models import Part, Strategy
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import strategy
from ui.components.strategy_form import form
from ui.components.table import show_table
from ui.view import DataView


def design(view: DataView, record: StrategyRecord) -> None:
    """Check first, because it follows what is entered in the form below."""
    t = view.t
    said, is_draft = _as_entered(record)
    found = strategy.findings(said)
    st.header(t("strategy.check", count=len(found)), anchor=False)
    st.caption(t("strategy.check_draft" if is_draft else "strategy.check_caption"))
    if found:
        show_table(_findings(view, found), key="design_findings")
    else:
        st.success(t("strategy.check_good"), icon=":material/check_circle:")
    st.header(t("strategy.links"), anchor=False)
    st.caption(t("strategy.links_caption"))
    form(view, record, Part.LINKS)
    _history(view)


def _as_entered(record: StrategyRecord) -> tuple[Strategy, bool]:
    """The strategy with the links as they stand in the form, where those can be read; otherwise as it is saved."""
    rows, _, is_draft = strategy.entered(record, Part.LINKS)
    if not is_draft:
        return record.strategy, False
    try:
        return strategy.changed(record, Part.LINKS, rows), True
    except Refused:
        return record.strategy, False


def _findings(view: DataView, found: list[DesignFinding]) -> Table:
    t = view.t
    names = ("where", "found", "expected", "remedy")
    columns = [
        Column("rule", t("strategy.column_rule")),
        *(Column(name, t(f"strategy.column_{name}")) for name in names),
    ]
    rows = [
        Row(
            str(number),
            {"rule": TextCell(t(f"strategy.rule_{each.rule}"))}
            | {name: TextCell(getattr(each, name).in_(view.language)) for name in names},
        )
        for number, each in enumerate(found)
    ]
    return Table(t("strategy.check", count=len(found)), columns, [RowGroup(rows)])


def _history(view: DataView) -> None:
    t = view.t
    with st.expander(t("strategy.history"), on_change="rerun", key="strategy_history") as history:
        if not history.open:
            return
        versions = strategy.book().versions()
        if not versions:
            st.caption(t("strategy.no_history"))
            return
        columns = [Column(name, t(f"strategy.column_{name}")) for name in ("version", "part", "reason", "saved")]
        rows = [_version_row(view, each) for each in versions]
        show_table(Table(t("strategy.history"), columns, [RowGroup(rows)]), key="strategy_versions")


def _version_row(view: DataView, each: StrategyRecord) -> Row:
    part = view.t(f"strategy.part_{each.part if each.part in tuple(Part) else WHOLE}")
    at = view.fmt.moment(each.saved_at) if each.saved_at else ""
    return Row(
        str(each.version),
        {
            "version": TextCell(str(each.version)),
            "part": TextCell(part),
            "reason": TextCell(each.reason),
            "saved": TextCell(at, note=each.saved_by),
        },
    )
