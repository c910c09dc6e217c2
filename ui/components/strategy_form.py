"""The form of one part of a strategy. Every change is kept in the store at once, so that neither a refresh nor a
lost connection costs what was typed; a version comes of it only by the save button, with a reason."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from kpi.errors import Refused
from kpi.strategy.book import StrategyRecord
from kpi.strategy.fields import STEPS, Kind
from kpi.strategy.models import Part
from kpi.strategy.steps import Form, FormRow, empty_row
from kpi.text import Language
from report.format import plain
from ui import strategy
from ui.components.notices import leave_notice
from ui.components.strategy_widgets import collect, redraw, widget
from ui.typed import clear, text_line, written
from ui.view import DataView

_WIDTHS: Mapping[str, float] = {Kind.OBJECTIVE: 3.2, "reason": 4.8}
"""How wide a field is beside the others: by its name, or else by what it takes."""
_NARROW, _REMOVE = 1.6, 0.8
_CELL, _WIDE_CELL = 250, 340


def form(view: DataView, record: StrategyRecord, part: Part, below: Callable[[Form, int], None] | None = None) -> None:
    """The form. ``below`` draws what follows from what is entered (and the version that it began with), above the
    buttons."""
    rows, base, is_draft = strategy.entered(record, part)
    for number, row in enumerate(rows):
        _row(view, part, base, rows, number, row)
    if STEPS[part].many:
        st.button(
            view.t("strategy.add_row"),
            icon=":material/add:",
            type="tertiary",
            key=f"{part}_add",
            on_click=_add,
            args=(view.language, part, base, rows),
        )
    if below:
        below(rows, base)
    if is_draft and base != record.version:
        _overtaken(view, record, part, rows)
    _save_bar(view, part, base, rows, is_draft)


def put(part: Part, base: int, rows: Form) -> None:
    """Put other rows into the form; for callbacks."""
    strategy.keep(part, base, rows)
    redraw(part)


def _row(view: DataView, part: Part, base: int, rows: Form, number: int, row: FormRow) -> None:
    """One row: its fields in a line with a button that removes it, or as a card where they are long or many."""
    step = STEPS[part]
    changed = (view.language, part, base, rows)
    draw = partial(widget, view, part, number, row, partial(_keep, *changed))
    if step.many and not step.roomy:
        widths = [_WIDTHS.get(field.name, _WIDTHS.get(field.kind, _NARROW)) for field in step.fields]
        *boxes, last = st.columns([*widths, _REMOVE], vertical_alignment="bottom")
        for field, box in zip(step.fields, boxes, strict=True):
            with box:
                draw(field, label_shown=number == 0)
        with last:
            _remove_button(view, changed, number)
        return
    with st.container(border=step.many, gap="xsmall"):
        with st.grid("auto", min_column_width=_CELL if step.many else _WIDE_CELL):
            for field in step.fields:
                draw(field, label_shown=True)
        if step.many:
            with st.container(horizontal=True, horizontal_alignment="right"):
                _remove_button(view, changed, number)


def _remove_button(view: DataView, changed: tuple[Language, Part, int, Form], number: int) -> None:
    st.button(
        view.t("strategy.remove_row"),
        type="tertiary",
        key=f"{changed[1]}_remove_{number}",
        help=view.t("strategy.remove_row_help", number=number + 1),
        on_click=_remove,
        args=(*changed, number),
    )


def _keep(language: Language, part: Part, base: int, rows: Form) -> None:
    strategy.keep(part, base, collect(language, part, rows))


def _add(language: Language, part: Part, base: int, rows: Form) -> None:
    put(part, base, (*collect(language, part, rows), empty_row(STEPS[part])))


def _remove(language: Language, part: Part, base: int, rows: Form, number: int) -> None:
    kept = collect(language, part, rows)
    put(part, base, (*kept[:number], *kept[number + 1 :]))


def _overtaken(view: DataView, record: StrategyRecord, part: Part, rows: Form) -> None:
    t = view.t
    who, number = plain(record.saved_by), record.version
    st.warning(t("strategy.overtaken", who=who, number=number, reason=plain(record.reason)))
    st.button(
        t("strategy.on_top", number=number),
        key=f"{part}_on_top",
        on_click=strategy.keep,
        args=(part, record.version, rows),
    )


def _save_bar(view: DataView, part: Part, base: int, rows: Form, is_draft: bool) -> None:
    t = view.t
    refused: Refused | None = st.session_state.get(f"_refused_{part}")
    if refused:
        st.error("  \n".join(plain(line) for line in refused.in_(view.language).splitlines()))
    with st.container(border=True, gap="small"):
        text_line(t("strategy.reason"), f"{part}_reason", t("strategy.reason_example"))
        with st.container(horizontal=True, vertical_alignment="center"):
            changed = (view, part, base, rows)
            st.button(t("strategy.save"), type="primary", key=f"{part}_save", on_click=_save, args=changed)
            if is_draft:
                st.button(t("strategy.discard"), key=f"{part}_discard", on_click=_discard, args=(part,))
                st.caption(t("strategy.is_draft"))


def _save(view: DataView, part: Part, base: int, rows: Form) -> None:
    form = collect(view.language, part, rows)
    result = strategy.save(part, base, form, *written(f"{part}_reason"))
    if isinstance(result, Refused):
        strategy.keep(part, base, form)
        st.session_state[f"_refused_{part}"] = result
        return
    _forget(part)
    leave_notice("success", view.t("strategy.saved", number=result.version))


def _discard(part: Part) -> None:
    strategy.drop(part)
    _forget(part)


def _forget(part: Part) -> None:
    st.session_state.pop(f"_refused_{part}", None)
    clear(f"{part}_reason")
    redraw(part)
