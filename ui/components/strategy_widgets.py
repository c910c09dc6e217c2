"""The widgets of one row of a strategy's form: what they begin with, and the row with what they say now."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from kpi.strategy import entry
from kpi.strategy.fields import STEPS, Field, Kind
from kpi.strategy.models import Part
from kpi.strategy.steps import Form, FormRow
from kpi.text import LANGUAGES, Language
from ui import data
from ui.view import DataView

_PLACEHOLDERS = {Kind.YEAR: "2028", Kind.DATE: "2027-06-30"}
_LONG_HEIGHT = 84


def widget(
    view: DataView,
    part: Part,
    number: int,
    row: FormRow,
    on_change: Callable[[], None],
    field: Field,
    *,
    label_shown: bool,
) -> None:
    """Draw the widget of a field in a row; ``on_change`` is called when it says something else."""
    key = _key(part, view.language, number, field)
    st.session_state.setdefault(key, _shown(field, row, view.language))
    label = _label(view, field)
    visibility: Literal["visible", "collapsed"] = "visible" if label_shown else "collapsed"
    names = {code: each.name.in_(view.language) for code, each in data.template().objective.items()}
    common: dict[str, Any] = {
        "key": key,
        "label_visibility": visibility,
        "on_change": on_change,
    }  # widgets differ in types
    match field.kind:
        case Kind.OBJECTIVE:
            st.selectbox(label, list(names), None, names.__getitem__, placeholder=label, **common)
        case Kind.OBJECTIVES:
            st.multiselect(label, list(names), None, names.__getitem__, placeholder=view.t("site.choose"), **common)
        case Kind.LONG:
            st.text_area(label, height=_LONG_HEIGHT, placeholder=label, **common)
        case _:
            st.text_input(label, placeholder=_PLACEHOLDERS.get(field.kind, label), **common)


def _label(view: DataView, field: Field) -> str:
    label = field.label.in_(view.language)
    if field.kind is not Kind.MONEY:
        return label
    unit = data.catalogue().units[entry.ENTRY_UNIT[view.language]].name.in_(view.language)
    return view.t("strategy.label_with_unit", label=label, unit=unit)


def _key(part: Part, language: Language, number: int, field: Field) -> str:
    """The key of a widget: another one for each language and each time the rows are put in anew."""
    return f"{part}_{st.session_state.get(f'_form_{part}', 0)}_{language}_{number}_{field.name}"


def redraw(part: Part) -> None:
    """Begin anew with what the rows say, for each widget of a part."""
    st.session_state[f"_form_{part}"] = st.session_state.get(f"_form_{part}", 0) + 1


def _shown(field: Field, row: FormRow, language: Language) -> str | list[str] | None:
    """What the widget of a field begins with."""
    if field.kind in (Kind.WORDS, Kind.LONG):
        return row.get(f"{field.name}.{language}", "")
    text = row.get(field.name, "")
    known = data.template().objective
    match field.kind:
        case Kind.OBJECTIVE:
            return text if text in known else None
        case Kind.OBJECTIVES:
            return [code for code in text.split(",") if code in known]
        case Kind.MONEY:
            return entry.shown_amount(text, language, data.catalogue().units)
    return text


def collect(language: Language, part: Part, rows: Form) -> Form:
    """The rows with what the widgets say now."""
    return tuple(_collected(language, part, number, row) for number, row in enumerate(rows))


def _collected(language: Language, part: Part, number: int, row: FormRow) -> FormRow:
    now = dict(row)
    for field in STEPS[part].fields:
        said = st.session_state.get(_key(part, language, number, field), _shown(field, row, language))
        if said == _shown(field, row, language):
            continue
        if field.kind in (Kind.WORDS, Kind.LONG):
            now |= _words(field.name, row, str(said), language)
        elif field.kind is Kind.MONEY:
            now[field.name] = entry.with_unit(str(said), language, data.catalogue().units)
        else:
            now[field.name] = ",".join(said) if isinstance(said, list) else str(said or "")
    return now


def _words(name: str, row: FormRow, said: str, language: Language) -> FormRow:
    """Words in the language of the page; the other language follows unless it has words of its own."""
    before = row.get(f"{name}.{language}", "")
    others = (each for each in LANGUAGES if each != language)
    follow = {f"{name}.{each}": said for each in others if row.get(f"{name}.{each}", "") in ("", before)}
    return {f"{name}.{language}": said, **follow}
