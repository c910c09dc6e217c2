"""The heat map on a page: a real HTML table whose cells are links, in a box that scrolls by itself on a phone."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast

import streamlit as st

from report.as_data import as_data
from report.heat_map import SCORE, SHADES, HeatCell, HeatMap, HeatRow
from report.words import Words
from ui.components.marks import with_marks

_MOUNT = st.components.v2.component(
    "scorecast_heat", html='<div class="root"></div>', css=with_marks("heat_map.css"), js=with_marks("heat_map.js")
)
Kind = Literal["sort", "unit", "card", "kpi"]


def payload(heat: HeatMap, t: Words) -> str:
    """What the browser draws, as JSON made once: the platform writes all that it sends anew in every run, and of a text
    it only has to copy the letters. Cells are lists, in the order of the columns."""
    words = {"legend": t("heat.legend"), "below": t("heat.below_count", count="#")}
    said = {
        "label": heat.label,
        "names": as_data(heat.names),
        "groups": as_data(heat.groups),
        "top": _row(heat, heat.top),
        "rows": [_row(heat, row) for row in heat.rows],
        "legend": as_data(heat.legend),
        "language": t.language,
        "words": words,
        "score": SCORE,
        "shades": SHADES,
    }
    return json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _row(heat: HeatMap, row: HeatRow) -> dict[str, Any]:
    cells = [_cell(row.cells[column.key]) for column in heat.columns]
    return {"key": row.key, "name": row.name, "below": row.below, "chosen": row.chosen, "cells": cells}


def _cell(cell: HeatCell) -> tuple[str | bool, ...]:
    return cell.text, cell.full, cell.note, cell.tone, cell.mark, cell.partial


def show_heat(
    drawn: str, links: Mapping[str, str], on_click: Callable[[Kind, Sequence[str]], None], key: str
) -> tuple[Kind, Sequence[str]] | None:
    """Draw a :func:`payload`; what was just clicked, if anything: the head of a column to ``sort`` by, an org ``unit``
    with others below it, the ``card`` of an org unit, or a ``kpi`` and its org unit. ``on_click`` hears of it before
    the page is drawn anew.

    ``links`` are the addresses of a click with a modifier key, without their unit and KPI: ``unitLink``, ``cardLink``
    and ``kpiLink``.
    """

    def heard() -> None:
        clicked = _clicked(st.session_state[key].chosen)
        if clicked is not None:
            on_click(*clicked)

    return _clicked(_MOUNT(data={"drawn": drawn, **links}, key=key, on_chosen_change=heard).chosen)


def _clicked(chosen: object) -> tuple[Kind, Sequence[str]] | None:
    if not chosen:
        return None
    kind, *codes = str(chosen).split()
    return cast(Kind, kind), codes
