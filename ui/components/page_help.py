"""The question mark of every page: what it shows, how its numbers are made, what to do next; the way to the tour."""

import streamlit as st

from ui.components.tour import show_again
from ui.view import View

PARTS = ("shows", "made", "next")


def page_help(view: View, name: str) -> None:
    """Put the question mark of the page ``name`` into the corner of the screen."""
    t = view.t
    with st.container(key="page_help", width="content"):
        corner = st.popover(t("site.help"), icon=":material/help:", type="tertiary", key="help", on_change="rerun")
        with corner:
            if corner.open:
                for part in PARTS:
                    st.markdown(f"**{t(f'site.help_{part}')}**  \n{t(f'help.{name}_{part}')}")
                st.button(t("first_look.again"), icon=":material/explore:", type="tertiary", on_click=show_again)
