"""Above the scorecard's table: search, filters, order, columns and what can be taken away; all kept in the address."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from kpi.scorecard.results import Scorecard, Status, Window
from report.scorecard_lines import COLUMNS, ORDERS, Line
from report.scorecard_sheet import scorecard_sheet
from report.sheets import Sheet, sheet_as_csv, sheet_as_xlsx
from ui import data
from ui.components.downloads import offer
from ui.components.status import ICON, status_word
from ui.view import DataView

_STATES = (Status.GREEN, Status.AMBER, Status.RED, Status.NONE)


def keep(name: str, text: str) -> None:
    """Write a choice into the address; an empty one leaves it."""
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def _tie(name: str, current: Any, said: Callable[[Any], str]) -> tuple[str, Callable[[], None]]:
    """Tie a widget to the query parameter ``name``: its key and its ``on_change``, which writes what ``said`` makes of
    the value. The value is set only where the address says another one, or letters typed meanwhile would be lost."""
    key = f"shown_{name}"
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    return key, lambda: keep(name, said(st.session_state[key]))


def _search(view: DataView) -> None:
    key, write = _tie("find", view.address.shown.find, lambda text: str(text or "").strip())
    label = view.t("scorecard.find")
    st.text_input(
        label,
        key=key,
        on_change=write,
        placeholder=label,
        icon=":material/search:",
        type="search",
        label_visibility="collapsed",
        live=True,
        width=195,
    )


def _states(view: DataView) -> None:
    key, write = _tie("states", list(view.address.shown.states), ",".join)
    st.pills(
        view.t("scorecard.column_status"),
        [status.value for status in _STATES],
        selection_mode="multi",
        format_func=lambda code: f"{ICON[Status(code)]} {status_word(Status(code), view.t)}",
        key=key,
        on_change=write,
        label_visibility="collapsed",
        wrap=True,
    )


def _more_filters(view: DataView) -> None:
    t, shown, template = view.t, view.address.shown, data.template()
    active = bool(shown.groups) + shown.unlikely
    label = t("scorecard.filter_on", count=active) if active else t("scorecard.filter")
    with st.popover(label, icon=":material/filter_list:", key="scorecard_filter"):
        key, write = _tie("groups", list(shown.groups), ",".join)
        st.pills(
            t("scorecard.perspective"),
            list(template.group),
            selection_mode="multi",
            format_func=lambda code: template.group[code].name.in_(view.language),
            key=key,
            on_change=write,
        )
        key, write = _tie("outlook", shown.unlikely, lambda on: "unlikely" if on else "")
        st.toggle(t("scorecard.unlikely"), key=key, on_change=write, help=t("scorecard.help_unlikely"))


def _order_name(view: DataView, code: str) -> str:
    t, column = view.t, code.removeprefix("-")
    if not column:
        return t("scorecard.own_order")
    name = t("scorecard.column_kpi" if column == "name" else f"scorecard.column_{column}")
    return f"{name} {'▼' if code.startswith('-') else '▲'}"


def _columns(view: DataView) -> None:
    """Which columns, and the order as the headers have it, for those who see no headers on a phone."""
    t, shown = view.t, view.address.shown
    with st.popover(t("scorecard.columns"), icon=":material/view_column:", key="scorecard_columns"):
        key, write = _tie("order", shown.order, str)
        st.selectbox(
            t("scorecard.order"),
            ["", *(sign + column for column in ORDERS for sign in ("", "-"))],
            format_func=partial(_order_name, view),
            key=key,
            on_change=write,
            placeholder=t("site.choose"),
        )
        key, write = _tie("columns", list(shown.columns or COLUMNS), _columns_said)
        st.pills(
            t("scorecard.columns_shown"),
            COLUMNS,
            selection_mode="multi",
            format_func=lambda column: t(f"scorecard.column_{column}"),
            key=key,
            on_change=write,
        )


def _columns_said(chosen: Sequence[str]) -> str:
    """All is what an address says by saying nothing; and so is none, because a table of names shows nothing."""
    return "" if len(chosen) == len(COLUMNS) else ",".join(column for column in COLUMNS if column in chosen)


def about(view: DataView, window: Window) -> dict[str, str]:
    """Whose facts and which forecast a file shows, as it stands above a sheet."""
    t, snapshot, run = view.t, view.snapshot, view.run
    return {
        t("site.org_unit"): view.org_name,
        t("site.quarter"): f"{view.fmt.period(view.quarter)} · {t(f'window.{window.value}')}",
        t("scorecard.snapshot"): f"{snapshot.id} · {snapshot.content_hash}",
        t("scorecard.run"): run.run_id if run else t("site.footer_no_run"),
    }


def stamp(view: DataView, window: Window) -> dict[str, str]:
    """The same by codes, for every line of a file."""
    t, run = view.t, view.run
    return {
        t("site.org_unit"): view.org_unit,
        t("site.quarter"): str(view.quarter),
        t("site.window"): window.value,
        t("scorecard.snapshot"): view.snapshot.content_hash,
        t("scorecard.run"): run.run_id if run else "",
    }


def _sheet(view: DataView, card: Scorecard, lines: Sequence[Line], window: Window) -> Sheet:
    origin = about(view, window), stamp(view, window)
    return scorecard_sheet(card, data.template(), lines, view.address.shown, view.language, *origin)


def _take_along(view: DataView, card: Scorecard, lines: Sequence[Line], window: Window) -> None:
    t = view.t
    files = st.popover(t("scorecard.download"), icon=":material/download:", key="scorecard_files", on_change="rerun")
    with files:
        if files.open:
            sheet = _sheet(view, card, lines, window)
            stem = f"scorecast-{view.org_unit}-{view.quarter}-{view.language}"
            hangs_on = repr(sheet)
            st.caption(t("scorecard.download_note"))
            offer(t("scorecard.xlsx"), partial(sheet_as_xlsx, sheet), stem, "xlsx", key="xlsx", hangs_on=hangs_on)
            offer(t("scorecard.csv"), sheet_as_csv(sheet), stem, "csv", key="csv")


def tools(view: DataView, card: Scorecard, lines: Sequence[Line], window: Window) -> None:
    """The tools, and how much of the card is shown; ``lines`` are what is."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="scorecard_tools"):
        _search(view)
        _states(view)
        _more_filters(view)
        _columns(view)
        _take_along(view, card, lines, window)
    hint = t("scorecard.ask_hint")
    if view.address.shown.filters:
        hint = f"{t('scorecard.shown', shown=len(lines), total=len(card.kpis))} {hint}"
    st.caption(hint)
