"""Comparing two runs on the page: the choice, what changed, and the button that splits the moves."""

from collections.abc import Sequence

import streamlit as st

from forecast.compare.changes import Cause
from forecast.compare.comparison import Comparison
from forecast.compare.facts import FactChange
from forecast.compare.fields import FieldChange
from forecast.compare.words import PARTS, changes_in_words
from forecast.records import RunRecord
from kpi.errors import Refused
from report.format import NOTHING, plain
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import beside, data
from ui.components.compare_tables import amount, came, moves, name_of, only_in_one
from ui.components.frame import empty
from ui.components.sidebar import choose
from ui.components.table import show_table
from ui.components.verify_parts import going, run_name
from ui.view import DataView

ROWS_SHOWN = 50
_LETTERS = 120
_FACTS = ("measure", "org_unit", "period", "old", "new")
_FIELDS = ("part", "path", "old", "new")


def comparison(view: DataView, done: Sequence[RunRecord]) -> None:
    """The section; ``done`` are the finished runs, the newest first."""
    t = view.t
    st.header(t("compare.title"), anchor=False)
    if len(done) < 2:
        empty(view, "one_run")
        return
    st.caption(t("compare.note"))
    names = {data.short_id(run): run for run in done}
    for side, column in zip(("old", "new"), st.columns(2), strict=True):
        with column:
            _choice(view, side, names)
    old, new = names.get(view.address.old), names.get(view.address.new)
    if old is None or new is None:
        return
    if old == new:
        st.info(t("compare.same"), icon=":material/info:")
        return
    found = beside.comparison(old, new)
    if isinstance(found, Refused):
        st.error(plain(found.in_(view.language)), icon=":material/block:", title=t("compare.refused"))
        return
    _what_changed(view, found)
    _splitting(view, found, old, new)
    moves(view, found)
    came(view, found)
    only_in_one(view, found)


def _choice(view: DataView, side: str, names: dict[str, RunRecord]) -> None:
    key, write = choose(side, getattr(view.address, side))
    st.selectbox(
        view.t(f"compare.{side}"),
        ["", *names],
        format_func=lambda code: run_name(view, names[code]) if code else view.t("site.choose"),
        key=key,
        on_change=write,
        placeholder=view.t("site.choose"),
    )


def _what_changed(view: DataView, found: Comparison) -> None:
    t = view.t
    words = changes_in_words(found.changes)
    st.markdown(f"**{t('compare.changed')}**")
    lines = (f"- **{t(f'compare.{cause.value}')}** · {plain(words[cause].in_(view.language))}" for cause in Cause)
    st.markdown("\n".join(lines))
    facts = found.changes.facts
    if facts.total:
        shown = facts.largest[:ROWS_SHOWN]
        with st.expander(t("compare.facts", shown=len(shown), total=facts.total)):
            columns = [
                Column(name, t(f"compare.column_{name}"), "right" if name in {"old", "new"} else "left")
                for name in _FACTS
            ]
            table = Table(t("compare.changed"), columns, [RowGroup([_fact_row(view, each) for each in shown])])
            show_table(table, key="changed_facts")
    fields = (*found.changes.definitions, *found.changes.configuration, *found.changes.code)
    if fields:
        with st.expander(t("compare.fields", shown=len(fields[:ROWS_SHOWN]), total=len(fields))):
            columns = [Column(name, t(f"compare.column_{name}")) for name in _FIELDS]
            rows_shown = [_field_row(view, each) for each in fields[:ROWS_SHOWN]]
            show_table(Table(t("compare.changed"), columns, [RowGroup(rows_shown)]), key="changed_fields")


def _fact_row(view: DataView, change: FactChange) -> Row:
    org = view.organisation.by_code.get(change.org_unit)
    cells = {
        "measure": TextCell(name_of(view, change.measure)),
        "org_unit": TextCell(org.name.in_(view.language) if org else change.org_unit),
        "period": TextCell(view.fmt.period(change.period), note=view.t(f"scenario.{change.scenario.value}")),
        "old": TextCell(amount(view, change.measure, change.old)),
        "new": TextCell(amount(view, change.measure, change.new)),
    }
    return Row(f"{change.measure}|{change.org_unit}|{change.period}|{change.scenario}", cells)


def _field_row(view: DataView, change: FieldChange) -> Row:
    cells = {"part": TextCell(PARTS[change.part].in_(view.language)), "path": TextCell(change.path)}
    cells |= {"old": _value(change.old), "new": _value(change.new)}
    return Row(f"{change.part}|{change.path}", cells)


def _value(text: str | None) -> TextCell:
    if text is None:
        return TextCell(NOTHING)
    return TextCell(text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…", title=text)


def _splitting(view: DataView, found: Comparison, old: RunRecord, new: RunRecord) -> None:
    """The button that splits the moves and how far that is; nothing once they are split."""
    t, job = view.t, beside.splitting()
    mine = job.subject == beside.pair(old, new)
    if job.alive:
        first, second = (run_id[:8] for run_id in job.subject.split())
        words = t("compare.going", old=first, new=second)
        st.fragment(run_every=1.0)(going)(view, job, words, "compare")
    elif mine and job.cancelled:
        st.info(t("compare.cancelled"), icon=":material/stop_circle:")
    elif mine and job.failure:
        st.error(plain(job.failure), icon=":material/error:", title=t("compare.failed"))
    if not found.split:
        st.button(
            t("compare.splitting" if job.alive else "compare.split"),
            icon=":material/call_split:",
            disabled=job.alive,
            on_click=beside.start_splitting,
            args=(old, new, view.language),
            help=t("compare.split_help", count=found.computations),
            key="split",
        )
