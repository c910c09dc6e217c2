"""Messages that outlive one page run: what a button did, or why it was refused."""

from typing import Literal

import streamlit as st

from report.format import plain
from ui.view import View

_KEY = "_notices"
Kind = Literal["success", "error", "info"]
_ICON = {"success": ":material/check_circle:", "error": ":material/block:", "info": ":material/info:"}


def leave_notice(kind: Kind, text: str) -> None:
    """Keep a message for the next page run; safe in callbacks."""
    st.session_state.setdefault(_KEY, []).append((kind, text))


def show_notices(view: View) -> None:
    """Show and forget what was left, and say when the link named something unknown.

    They have a place of their own, empty or not: if the page below moved up as a message goes, the browser would draw
    its fields anew and forget what is being typed.
    """
    with st.container(key="notices"):
        for kind, text in st.session_state.pop(_KEY, []):
            getattr(st, kind)(plain(text), icon=_ICON[kind])
        if view.unknown:
            st.warning(view.t("site.unknown_code", codes=plain(", ".join(view.unknown))))
