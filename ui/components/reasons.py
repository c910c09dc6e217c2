"""Our list of links with reasons: what it is about, and in one sentence why; read out as one link each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from report.as_data import as_data
from ui.components.marks import with_marks

_MOUNT = st.components.v2.component(
    "scorecast_reasons",
    html='<div class="root"></div>',
    css=with_marks("reasons.css"),
    js=with_marks("reasons.js"),
)


@dataclass(frozen=True)
class Reason:
    """A link by its ``name`` with a quieter ``note``; ``href`` is where a click with a modifier key leads."""

    key: str
    name: str
    note: str
    reason: str
    href: str


@dataclass(frozen=True)
class ReasonGroup:
    """Links of one kind; ``code`` is the status whose mark stands before the title, ``more`` a line below them."""

    title: str
    code: str
    count: str
    items: Sequence[Reason]
    more: str = ""


def show_reasons(groups: Sequence[ReasonGroup], key: str) -> str | None:
    """Draw ``groups``; the key of the link that was just clicked, if any."""
    result = _MOUNT(data={"groups": as_data(groups)}, key=key, on_chosen_change=lambda: None)
    chosen = result.chosen
    return str(chosen) if chosen else None
