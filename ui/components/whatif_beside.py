"""Two scenarios side by side."""

from collections.abc import Sequence

import streamlit as st

from forecast.scenario.book import ScenarioRecord, find
from kpi.errors import Refused
from kpi.scorecard.results import KpiResult, Scorecard, Value
from report.format import plain
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import data, whatif
from ui.assumed import Assumed
from ui.components.status import status_word
from ui.components.table import show_table
from ui.components.whatif_results import moved_by, small
from ui.components.whatif_saved import NEW, standing
from ui.view import DataView


def against(view: DataView, now: Assumed, records: Sequence[ScenarioRecord], shown: Scorecard) -> None:
    """Choose another kept scenario; both side by side."""
    t, key = view.t, "choice_against"
    names = {short: name for short, name in standing(records).items() if not now.opened or short != now.opened.short}
    if not names:
        return
    other = find(records, view.address.against)
    st.session_state[key] = other.short if other and other.short in names else NEW
    st.header(t("whatif.compare"), anchor=False)
    st.selectbox(
        t("whatif.against"),
        [NEW, *names],
        format_func=lambda short: names[short] if short else t("site.choose"),
        key=key,
        on_change=lambda: _write_against(st.session_state[key]),
        placeholder=t("site.choose"),
        width=300,
    )
    if other is None or st.session_state[key] == NEW:
        return
    ground = whatif.ground_of(other)
    year = shown.quarter.year
    beside = whatif.card(ground, other.changes, view.org_unit, year) if ground else None
    if beside is None or isinstance(beside, Refused):
        st.error(plain(beside.in_(view.language)) if beside else t("whatif.no_run"))
        return
    if not other.rests_on(now.ground.snapshot, now.ground.run):
        st.caption(t("whatif.other_ground"))
    mine = now.opened.name if now.opened and now.kept else t("whatif.unsaved")
    show_table(side_by_side(view, (mine, shown), (other.name, beside)), key="side_by_side")


def _write_against(short: str | None) -> None:
    if short:
        st.query_params["against"] = short
    else:
        st.query_params.pop("against", None)


def side_by_side(view: DataView, one: tuple[str, Scorecard], other: tuple[str, Scorecard]) -> Table:
    """Total, perspectives and the KPIs in which two scenarios differ, and how far they are apart."""
    t, (name, mine), (beside, theirs) = view.t, one, other
    scores = [_scores(view, t("scorecard.total"), mine.total, theirs.total)]
    for here, there in zip(mine.groups, theirs.groups, strict=True):
        scores.append(_scores(view, data.template().group[here.code].name.in_(view.language), here.score, there.score))
    columns = [
        Column("what", t("whatif.step")),
        Column("one", name, "right"),
        Column("other", beside, "right"),
        Column("apart", t("whatif.apart"), "right"),
    ]
    pairs = list(zip(mine.kpis, theirs.kpis, strict=True))
    kpis = [_values(view, *pair) for pair in pairs if pair[0].value != pair[1].value]
    alike = t("whatif.alike", count=len(pairs) - len(kpis))
    return Table(
        t("whatif.compare"),
        columns,
        [RowGroup(scores, t("whatif.scores")), RowGroup(kpis, t("whatif.flow_kpis"), alike)],
    )


def _scores(view: DataView, name: str, here: Value, there: Value) -> Row:
    both = here.amount is not None and there.amount is not None and here.amount != there.amount
    apart = small(view, there.amount - here.amount) if both else ""  # type: ignore[operator]
    texts = {"what": name, "one": view.fmt.score(here.amount), "other": view.fmt.score(there.amount), "apart": apart}
    return Row(name, {column: TextCell(text) for column, text in texts.items()})


def _values(view: DataView, here: KpiResult, there: KpiResult) -> Row:
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    unit = catalogue.unit_of(here.kpi)
    return Row(
        here.kpi,
        {
            "what": TextCell(catalogue.name_of(here.kpi).in_(view.language)),
            "one": TextCell(fmt.value(here.value.amount, unit), note=status_word(here.status, t)),
            "other": TextCell(fmt.value(there.value.amount, unit), note=status_word(there.status, t)),
            "apart": TextCell(moved_by(view, here.kpi, here.value, there.value)),
        },
    )
