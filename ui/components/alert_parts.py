"""The alerts themselves: those that wait, acknowledging them, and what became of the others."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from forecast.alerts.records import AlertRecord, AlertState
from forecast.alerts.rules import DataMissing, StatusFor
from forecast.alerts.words import Names, occasion_in_words, reason_in_words
from kpi.scorecard.results import Status, Window
from report.tables import Cell, Column, Row, RowGroup, StatusCell, Table, TextCell
from ui import alerts
from ui.components.notices import leave_notice
from ui.components.table import show_table
from ui.site import pages
from ui.typed import clear, text_line, written
from ui.view import DataView

HISTORY_SHOWN = 100
OPEN_SHOWN = 200
_NOTE = "alerts_note"
_SIGN = {AlertState.OPEN: Status.RED, AlertState.ACKNOWLEDGED: Status.AMBER, AlertState.OVER: Status.NONE}


def show_alerts(view: DataView, found: Sequence[AlertRecord], label: str, key: str) -> None:
    """A table; a click on an alert opens its KPI in its org unit. No column says the same of every alert."""
    names = alerts.names()
    groups = [RowGroup([_row(view, each, names) for each in found])]
    state = ["state"] if any(each.state is not AlertState.OPEN for each in found) else []
    sent = ["sent"] if any(each.sent for each in found) else []
    shown = ("what", "why", *state, "raised", *sent)
    columns = [Column(name, view.t(f"alerts.column_{name}"), link=name == "what") for name in shown]
    chosen = show_table(Table(label, columns, groups), key=key)
    clicked = next((each for each in found if str(each.id) == chosen), None)
    if clicked is not None:
        st.switch_page(pages(view.t)["kpi"], query_params=address_of(view, clicked))


def address_of(view: DataView, each: AlertRecord) -> dict[str, str]:
    """Where the KPI of an alert is shown: statuses and values by the quarter alone, as the rule judged them."""
    occasion = each.occasion
    alone = isinstance(occasion.rule, StatusFor | DataMissing)
    window = {"window": Window.QUARTER.value} if alone else {}
    return view.address.params(kpi=occasion.kpi, unit=occasion.org_unit, **window)


def _row(view: DataView, each: AlertRecord, names: Names) -> Row:
    t, fmt, occasion = view.t, view.fmt, each.occasion
    told = [t(f"alerts.sent_{channel}", at=fmt.moment(at)) for channel, at in sorted(each.sent.items())]
    cells: dict[str, Cell] = {
        "what": TextCell(
            names.kpi(occasion.kpi).in_(view.language), note=names.unit(occasion.org_unit).in_(view.language)
        ),
        "why": TextCell(reason_in_words(occasion).in_(view.language), note=each.note or ""),
        "state": StatusCell(_SIGN[each.state].value, t(f"alert_state.{each.state.value}")),
        "raised": TextCell(fmt.moment(each.raised_at), note=_became(view, each)),
        "sent": TextCell(" · ".join(told)),
    }
    return Row(str(each.id), cells, href="kpi?" + urlencode(address_of(view, each)))


def _became(view: DataView, each: AlertRecord) -> str:
    t, fmt = view.t, view.fmt
    parts = [] if each.state is not AlertState.OPEN else [t("alerts.in_run", id=each.first_run[:12])]
    if each.acknowledged_at is not None:
        parts.append(t("alerts.acknowledged_by", who=each.acknowledged_by or "", at=fmt.moment(each.acknowledged_at)))
    if each.over_at is not None:
        parts.append(t("alerts.over_since", at=fmt.moment(each.over_at)))
    return " · ".join(parts)


def waiting(view: DataView, found: Sequence[AlertRecord]) -> None:
    """The alerts that nobody has acknowledged."""
    t = view.t
    st.header(t("alerts.open", count=len(found)), anchor=False)
    if not found:
        st.caption(t("alerts.none_open"))
        return
    show_alerts(view, found[:OPEN_SHOWN], t("alerts.open", count=len(found)), key="open_alerts")
    if len(found) > OPEN_SHOWN:
        st.caption(t("alerts.shown", shown=OPEN_SHOWN, total=len(found)))


def acknowledging(view: DataView, found: Sequence[AlertRecord]) -> None:
    """Choose alerts, say what comes of them, and have them acknowledged: those chosen, or all there are."""
    t, names = view.t, alerts.names()
    texts = {each.id: occasion_in_words(each.occasion, names).in_(view.language) for each in found}
    with st.container(border=True, key="acknowledging"):
        st.multiselect(
            t("alerts.which"),
            list(texts),
            format_func=lambda number: texts.get(number, str(number)),
            key="alerts_chosen",
            placeholder=t("site.choose"),
        )
        text_line(t("alerts.note"), _NOTE, t("alerts.note_example"))
        with st.container(horizontal=True):
            st.button(t("alerts.acknowledge"), type="primary", key="acknowledge", on_click=_acknowledge, args=(view,))
            st.button(
                t("alerts.acknowledge_all"), key="acknowledge_all", on_click=_acknowledge, args=(view, tuple(texts))
            )


def _acknowledge(view: DataView, numbers: tuple[int, ...] | None = None) -> None:
    numbers = tuple(st.session_state["alerts_chosen"]) if numbers is None else numbers
    if not numbers:
        leave_notice("error", view.t("alerts.nothing_chosen"))
        return
    refusal = alerts.acknowledge(numbers, written(_NOTE)[0].strip())
    if refusal:
        leave_notice("error", refusal.in_(view.language))
    else:
        st.session_state["alerts_chosen"] = []
        clear(_NOTE)
        leave_notice("success", view.t("alerts.acknowledged", count=len(numbers)))


def history(view: DataView, found: Sequence[AlertRecord]) -> None:
    """What was acknowledged or is over, the newest first."""
    t = view.t
    st.header(t("alerts.history"), anchor=False)
    show_alerts(view, found[:HISTORY_SHOWN], t("alerts.history"), key="alert_history")
    if len(found) > HISTORY_SHOWN:
        st.caption(t("alerts.shown", shown=HISTORY_SHOWN, total=len(found)))
