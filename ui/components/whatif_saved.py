"""Kept scenarios: which one is shown, what it rests on, keeping, renaming, withdrawing, the list."""

from collections.abc import Sequence

import streamlit as st

from forecast.scenario.book import ScenarioRecord
from kpi.errors import Refused
from report.format import plain
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import assumed, whatif
from ui.assumed import Assumed
from ui.components.notices import leave_notice
from ui.components.table import show_table
from ui.typed import clear, text_line, written
from ui.view import DataView

NEW = ""
_SAID = ("scenario_name", "scenario_reason")


def chooser(view: DataView, now: Assumed, records: Sequence[ScenarioRecord]) -> None:
    """Which scenario is shown: a new one, or one of those that stand."""
    t, key = view.t, "choice_scenario"
    names = standing(records) | ({now.opened.short: now.opened.name} if now.opened else {})
    st.session_state[key] = now.opened.short if now.opened else NEW
    st.selectbox(
        t("whatif.scenario"),
        [NEW, *names],
        format_func=lambda short: names[short] if short else t("whatif.new"),
        key=key,
        on_change=lambda: assumed.open_scenario(st.session_state[key] or NEW),
        placeholder=t("site.choose"),
        width=260,
    )


def standing(records: Sequence[ScenarioRecord]) -> dict[str, str]:
    """Names by hash, the newest first."""
    found: dict[str, str] = {}
    for each in reversed(records):
        if each.stands:
            found.setdefault(each.short, each.name)
    return found


def banner(view: DataView, now: Assumed) -> None:
    """That all of this is assumed, and what it rests on."""
    t, opened = view.t, now.opened
    name = t("whatif.unsaved")
    if opened and now.kept:
        name = t("whatif.named", name=plain(opened.name), hash=opened.short)
    elif opened:
        name = t("whatif.based_on", name=plain(opened.name), hash=opened.short)
    snapshot, run = now.ground.snapshot, now.ground.run
    rests = t("whatif.rests_on", id=snapshot.id, hash=snapshot.content_hash[:8], run=run.run_id[:8])
    st.warning(f"{t('whatif.never_mixed', name=name)} {rests}", title=t("whatif.banner"), icon=":material/science:")
    if opened and now.kept and not opened.stands:
        at = view.fmt.moment(opened.withdrawn_at) if opened.withdrawn_at else ""
        words = {"who": plain(opened.withdrawn_by or ""), "at": at, "why": plain(opened.why or "")}
        st.info(t("whatif.was_withdrawn", **words), icon=":material/block:")
    if not whatif.defined_alike(now.ground):
        st.info(t("whatif.other_definitions"), icon=":material/info:")


def not_newest(view: DataView, now: Assumed) -> None:
    """That there are newer facts or a newer forecast, and the way to work the same changes out on them."""
    if now.newest or view.run is None:
        return
    newest = whatif.Ground(view.snapshot, view.run)

    def again() -> None:
        kept = whatif.still_open(now.changes, newest)
        assumed.put(kept)
        if gone := len(now.changes) - len(kept):
            leave_notice("info", view.t("whatif.known_now", count=gone))

    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/update: {view.t('whatif.not_newest')}")
        st.button(view.t("whatif.again"), key="recompute", type="primary", on_click=again)


def keeping(view: DataView, now: Assumed) -> None:
    """The form that keeps what is in hand."""
    t = view.t

    def save() -> None:
        name, reason = written(*_SAID)
        done = whatif.keep(name, reason, now.ground, now.changes, now.opened.id if now.opened else None)
        if isinstance(done, Refused):
            leave_notice("error", done.in_(view.language))
        else:
            clear(*_SAID)
            assumed.open_scenario(done.short)
            leave_notice("success", t("whatif.saved", name=done.name, hash=done.short))

    def discard() -> None:
        clear(*_SAID)
        assumed.open_scenario(now.opened.short if now.opened else NEW)

    with st.container(border=True):
        st.markdown(f"**{t('whatif.keep')}**")
        for column, field, title, most in zip(st.columns(2), _SAID, ("name", "reason"), (80, 400), strict=True):
            with column:
                text_line(t(f"whatif.{title}"), field, max_chars=most)
        with st.container(horizontal=True):
            st.button(t("whatif.save"), key="save_scenario", type="primary", on_click=save)
            st.button(t("whatif.discard"), key="discard", on_click=discard)


def managing(view: DataView, opened: ScenarioRecord) -> None:
    """Rename or withdraw the scenario that is open."""
    t = view.t

    def tell(done: ScenarioRecord | Refused, words: str) -> None:
        if isinstance(done, Refused):
            leave_notice("error", done.in_(view.language))
        else:
            leave_notice("success", t(words, name=done.name))

    def rename() -> None:
        tell(whatif.rename(opened.id, st.session_state["new_name"]), "whatif.renamed")

    def withdraw() -> None:
        tell(whatif.withdraw(opened.id, st.session_state["withdraw_why"]), "whatif.withdrawn")

    made = t("whatif.made", who=plain(opened.made_by), at=view.fmt.moment(opened.made_at), why=plain(opened.reason))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(made)
        if opened.stands:
            with st.popover(t("whatif.rename"), key="rename_open"):
                st.text_input(t("whatif.name"), key="new_name", max_chars=80)
                st.caption(t("whatif.rename_note"))
                st.button(t("whatif.rename"), key="rename_scenario", on_click=rename)
            with st.popover(t("whatif.withdraw"), key="withdraw_open"):
                st.text_input(t("whatif.reason"), key="withdraw_why", max_chars=400)
                st.button(t("whatif.withdraw"), key="withdraw_scenario", on_click=withdraw)


def catalogue_of(view: DataView, records: Sequence[ScenarioRecord]) -> None:
    """Every scenario ever kept, the newest first; a click opens one."""
    t, fmt = view.t, view.fmt
    names = {each.id: each.name for each in records}
    rows = []
    for each in reversed(records):
        rests = each.rests_on(view.snapshot, view.run)
        origin = t("whatif.from", name=names[each.based_on]) if each.based_on else ""
        state = t("whatif.stands" if rests else "whatif.older")
        if not each.stands:
            state = t("whatif.gone", who=each.withdrawn_by or "", why=each.why or "")
        cells = {
            "name": TextCell(each.name, note=each.short),
            "changes": TextCell(str(len(each.changes)), note=origin),
            "reason": TextCell(each.reason, note=f"{each.made_by} · {fmt.moment(each.made_at)}"),
            "rests": TextCell(f"#{each.snapshot_id}", note=each.run_id[:8]),
            "state": TextCell(state),
        }
        rows.append(Row(str(each.id), cells, href="whatif"))
    columns = [
        Column("name", t("whatif.name"), link=True),
        Column("changes", t("whatif.changes")),
        Column("reason", t("whatif.reason")),
        Column("rests", t("whatif.column_rests")),
        Column("state", t("whatif.column_state")),
    ]
    chosen = show_table(Table(t("whatif.list"), columns, [RowGroup(rows)]), key="scenarios")
    found = next((each for each in records if str(each.id) == chosen), None)
    if found is not None:
        assumed.open_scenario(found.short)
        st.rerun()
