"""Our score cards: one drawing for all of them, where the platform would send a chart of its own for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from report.as_data import as_data
from ui.components.marks import with_marks

_MOUNT = st.components.v2.component(
    "scorecast_scores",
    html='<div class="root"></div>',
    css=with_marks("scores.css"),
    js=with_marks("scores.js"),
)


@dataclass(frozen=True)
class ScoreCard:
    """A score as written, with the status ``code`` and its ``word``, or without a code the word why there is none.

    ``change`` is what the last quarter changed. ``trend`` has one place for each quarter, None where there was no
    score; ``ahead`` is what is expected of the year-end at P10, P50 and P90; ``said`` is both in words. ``lines`` are
    pairs of a word and a figure. The ``main`` card stands out.
    """

    label: str
    score: str
    code: str
    word: str
    change: str
    change_note: str
    trend: tuple[float | None, ...]
    ahead: tuple[float, float, float] | None
    said: str
    lines: tuple[tuple[str, str], ...]
    main: bool = False


def show_scores(cards: Sequence[ScoreCard], key: str) -> None:
    """Draw ``cards`` beside each other; on a phone two by two below the main one."""
    _MOUNT(data={"cards": as_data(cards)}, key=key)
