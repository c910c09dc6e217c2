"""A first look round: five short cards in the corner that cover nothing, shown once and remembered in the browser."""

from pathlib import Path

import streamlit as st

from report.words import Words

_HERE = Path(__file__).parent
_MOUNT = st.components.v2.component(
    "scorecast_tour",
    html='<div class="root"></div>',
    css=(_HERE / "tour.css").read_text(encoding="utf-8"),
    js=(_HERE / "tour.js").read_text(encoding="utf-8"),
)
STOPS = ("home", "follow", "help", "upload", "prove")
_ASKED = "_tour_asked"


def show_again() -> None:
    """Show the tour from its beginning, although it was seen."""
    st.session_state[_ASKED] = st.session_state.get(_ASKED, 0) + 1


def tour(t: Words) -> None:
    """The tour, to visitors who have not seen it."""
    stops = [{"title": t(f"first_look.{stop}"), "text": t(f"first_look.{stop}_text")} for stop in STOPS]
    words = {name: t(f"first_look.{name}") for name in ("label", "next", "back", "close", "done")}
    with st.container(key="tour_corner"):
        _MOUNT(data={"stops": stops, "words": words, "asked": st.session_state.get(_ASKED, 0)}, key="tour")
