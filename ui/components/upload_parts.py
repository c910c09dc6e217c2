"""The parts of the upload page."""

from collections.abc import Collection, Iterable, Sequence

import streamlit as st

from kpi.facts import Fact, FactKey
from kpi.findings import Finding, Severity
from kpi.intake.report import TableFound
from kpi.scorecard.results import Status
from kpi.store.records import MissingFact, UploadRecord, UploadState
from report.format import NOTHING, plain
from report.tables import Cell, Column, Row, RowGroup, StatusCell, Table, TextCell
from report.words import Words
from ui import data
from ui.components.notices import leave_notice
from ui.components.table import show_table
from ui.typed import clear, text_line, written
from ui.uploads import SEVERITIES, by_severity, count_by_measure
from ui.view import View

ROWS_SHOWN = 200
_SIGN = {Severity.ERROR: Status.RED, Severity.WARNING: Status.AMBER, Severity.INFO: Status.NONE}
_STATE = {
    UploadState.CHECKED: Status.AMBER,
    UploadState.REFUSED: Status.RED,
    UploadState.APPROVED: Status.GREEN,
    UploadState.REJECTED: Status.NONE,
}


def state_cell(state: UploadState, t: Words) -> StatusCell:
    """The state of an upload with its sign."""
    return StatusCell(_STATE[state].value, t(f"upload_state.{state.value}"))


def findings_counts(upload: UploadRecord, t: Words) -> str:
    """``2 errors · 1 warning``."""
    found = by_severity(upload.findings)
    parts = [
        t(f"severity_count.{severity.value}", count=len(found[severity])) for severity in SEVERITIES if found[severity]
    ]
    return " · ".join(parts) or t("upload.no_findings")


def findings(view: View, upload: UploadRecord, found: Sequence[Finding], sheets: Collection[str]) -> Finding | None:
    """Every finding: how grave, where, what, and what to do; the one whose place was just clicked."""
    t = view.t
    st.header(t("upload.findings"), anchor=False)
    if not found:
        st.markdown(f":green-badge[:material/check_circle: {t('upload.no_findings')}]")
        return None
    groups = []
    shown: dict[str, Finding] = {}
    for severity, items in by_severity(found).items():
        shown |= {f"{severity.value}{index}": item for index, item in enumerate(items[:ROWS_SHOWN])}
        rows = [
            Row(
                f"{severity.value}{index}",
                {
                    "where": TextCell(item.where or upload.workbook.filename, note=item.code),
                    "severity": StatusCell(_SIGN[severity].value, t(f"severity.{severity.value}")),
                    "found": TextCell(item.found),
                    "message": TextCell(item.message.in_(view.language), note=item.remedy.in_(view.language)),
                },
                href=f"upload?lang={view.language}&upload={upload.id}" if item.sheet in sheets else "",
            )
            for index, item in enumerate(items[:ROWS_SHOWN])
        ]
        if rows:
            more = len(items) - len(rows)
            groups.append(RowGroup(rows, note=t("upload.more", count=more) if more else ""))
    columns = [
        Column("where", t("upload.where"), link=True),
        Column("severity", t("upload.severity")),
        Column("found", t("upload.found")),
        Column("message", t("upload.message")),
    ]
    chosen = show_table(Table(t("upload.findings"), columns, groups), key="findings")
    return shown.get(chosen or "")


def contents(view: View, tables: Iterable[TableFound], facts: Sequence[Fact]) -> None:
    """The tables that were seen and the facts that were understood."""
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    st.header(t("upload.contents"), anchor=False)
    for table in tables:
        layout = t(f"layout.{table.layout}")
        st.markdown(f":material/table: **{plain(table.sheet)}** {plain(table.area)} :gray-badge[{layout}]")
    rows = []
    for count in count_by_measure(facts):
        span = " – ".join(dict.fromkeys(fmt.period(p) for p in (count.first, count.last) if p))
        cells: dict[str, Cell] = {
            "measure": TextCell(catalogue.name_of(count.measure).in_(view.language), note=count.measure),
            "periods": TextCell(span),
            "units": TextCell(str(len(count.org_units))),
            "actual": TextCell(str(count.actual)),
            "plan": TextCell(str(count.plan)),
        }
        rows.append(Row(count.measure, cells))
    if not rows:
        st.caption(t("upload.no_facts"))
        return
    columns = [
        Column("measure", t("upload.measure")),
        Column("periods", t("upload.periods")),
        Column("units", t("upload.units"), "right"),
        Column("actual", t("series.actual"), "right"),
        Column("plan", t("series.plan"), "right"),
    ]
    with st.expander(t("upload.facts", facts=len(facts), measures=len(rows)), expanded=len(rows) <= 12):
        show_table(Table(t("upload.contents"), columns, [RowGroup(rows)]), key="contents")


def key_cells(view: View, key: FactKey) -> dict[str, Cell]:
    """What a fact is about, in cells."""
    units = {unit.code: unit.name.in_(view.language) for unit in data.organisation_now().units}
    return {
        "measure": TextCell(
            data.catalogue().name_of(key.measure).in_(view.language), note=view.t(f"scenario.{key.scenario.value}")
        ),
        "org_unit": TextCell(units.get(key.org_unit, key.org_unit)),
        "period": TextCell(view.fmt.period(key.period)),
    }


def difference(view: View, upload: UploadRecord) -> None:
    """What approval would add or change in the newest snapshot."""
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    found = data.store().difference(upload.id)
    st.header(t("upload.difference"), anchor=False)
    with st.grid("auto", min_column_width=140):
        for name, count in found.counts.items():
            st.metric(t(f"upload.{name}"), fmt.decimal(count, 0), border=True)
    _missing(view, found.missing)
    changes = (*found.changed, *found.new)
    if not changes:
        return
    rows = []
    for change in changes[:ROWS_SHOWN]:
        unit = catalogue.unit_of(change.key.measure)
        cells = key_cells(view, change.key)
        cells["old"] = TextCell(NOTHING if change.old is None else fmt.value(change.old, unit))
        cells["new"] = TextCell(fmt.value(change.new, unit))
        cells["cell"] = TextCell(change.cell)
        rows.append(Row(str(change.key), cells))
    numbers = {"old", "new"}
    names = ("measure", "org_unit", "period", "old", "new", "cell")
    columns = [Column(name, t(f"upload.column_{name}"), "right" if name in numbers else "left") for name in names]
    note = t("upload.shown", shown=len(rows), total=len(changes))
    with st.expander(note, expanded=0 < len(found.changed) <= 20):
        show_table(Table(t("upload.difference"), columns, [RowGroup(rows)]), key="difference")


def _missing(view: View, missing: Sequence[MissingFact]) -> None:
    """What the newest snapshot has and the workbook no longer says; approval leaves it as it is."""
    if not missing:
        return
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    rows = []
    for fact in missing[:ROWS_SHOWN]:
        cells = key_cells(view, fact.key)
        cells["old"] = TextCell(fmt.value(fact.value, catalogue.unit_of(fact.key.measure)))
        cells["cell"] = TextCell(fact.cell)
        rows.append(Row(str(fact.key), cells))
    names = {
        **{name: t(f"upload.column_{name}") for name in ("measure", "org_unit", "period")},
        "old": t("upload.column_kept"),
        "cell": t("upload.column_last_cell"),
    }
    columns = [Column(name, said, "right" if name == "old" else "left") for name, said in names.items()]
    with st.expander(t("upload.missing_shown", shown=len(rows), total=len(missing)), expanded=len(missing) <= 20):
        st.caption(t("upload.missing_note"))
        show_table(Table(t("upload.missing"), columns, [RowGroup(rows)]), key="missing")


def decision(view: View, upload: UploadRecord, unused: bool = False) -> None:
    """Approve with a reason, or reject; or why neither is possible. ``unused``: there are corrections in hand."""
    t, fmt = view.t, view.fmt
    st.header(t("upload.decision"), anchor=False)
    if unused:
        st.info(t("mapping.unused"), icon=":material/edit_note:")
        return
    if upload.state is UploadState.REFUSED:
        errors = len(by_severity(upload.findings)[Severity.ERROR])
        st.error(t("upload.refused", count=errors), icon=":material/block:")
        return
    if upload.state is not UploadState.CHECKED:
        decided = fmt.moment(upload.decided_at) if upload.decided_at else ""
        text = t(
            f"upload.was_{upload.state.value}", who=upload.decided_by or "", at=decided, reason=upload.reason or ""
        )
        st.info(plain(text), icon=":material/lock:")
        return
    reason_key = f"reason_{upload.id}"
    text_line(t("upload.reason"), reason_key, t("upload.reason_example"))
    with st.container(horizontal=True):
        for action, kind in (("approve", "primary"), ("reject", "secondary")):
            st.button(
                t(f"upload.{action}"),
                key=action,
                type="primary" if kind == "primary" else "secondary",
                on_click=_decide,
                args=(action, upload.id, reason_key, view),
            )


def _decide(action: str, upload_id: int, reason_key: str, view: View) -> None:
    """One transaction, nothing drawn in between: a page run may be cut at any drawing call, a callback may not."""
    reason = written(reason_key)[0].strip()
    if not reason:
        leave_notice("error", view.t("upload.reason_missing"))
        return
    refusal = data.approve(upload_id, reason) if action == "approve" else data.reject(upload_id, reason)
    if refusal:
        leave_notice("error", refusal.in_(view.language))
    else:
        clear(reason_key)
        leave_notice("success", view.t(f"upload.{action}_done"))


def earlier(view: View, uploads: list[UploadRecord], current: int | None) -> str | None:
    """All uploads, the newest first; the id of the one just clicked."""
    t, fmt = view.t, view.fmt
    rows = [
        Row(
            str(upload.id),
            {
                "file": TextCell(upload.workbook.filename, note=f"{fmt.size(upload.workbook.size)} · #{upload.id}"),
                "state": state_cell(upload.state, t),
                "facts": TextCell(fmt.decimal(upload.fact_count, 0)),
                "findings": TextCell(findings_counts(upload, t)),
                "when": TextCell(fmt.moment(upload.checked_at), note=upload.workbook.received_by),
                "reason": TextCell(upload.reason or "", note=_snapshot_note(upload, t)),
            },
            href=f"upload?lang={view.language}&upload={upload.id}",
            chosen=upload.id == current,
        )
        for upload in sorted(uploads, key=lambda upload: upload.id, reverse=True)[:ROWS_SHOWN]
    ]
    columns = [
        Column("file", t("upload.file"), link=True),
        Column("state", t("upload.state")),
        Column("facts", t("upload.fact_count"), "right"),
        Column("findings", t("upload.findings")),
        Column("when", t("upload.when")),
        Column("reason", t("upload.reason_short")),
    ]
    st.header(t("upload.earlier"), anchor=False)
    return show_table(Table(t("upload.earlier"), columns, [RowGroup(rows)]), key="earlier")


def _snapshot_note(upload: UploadRecord, t: Words) -> str:
    return t("upload.snapshot", id=upload.snapshot_id) if upload.snapshot_id else ""
