"""Light or dark, in the visitor's language, and the language told to the browser.

The platform's own menu has the choice in English only, and keeps it for one address at a time. The choice is kept in
the browser; :mod:`ui.entry.index_page` hands it to the platform before a page is drawn.
"""

from pathlib import Path

import streamlit as st

from report.words import Words

_HERE = Path(__file__).parent
_MOUNT = st.components.v2.component(
    "scorecast_appearance",
    html='<div class="root" role="radiogroup"></div>',
    css=(_HERE / "appearance.css").read_text(encoding="utf-8"),
    js=(_HERE / "appearance.js").read_text(encoding="utf-8"),
)
MODES = ("system", "light", "dark")


def appearance_switch(t: Words) -> None:
    """Draw the switch."""
    words = {mode: t(f"site.appearance_{mode}") for mode in MODES}
    language = {"zh": "zh-CN", "en": "en"}[t.language]
    _MOUNT(data={"label": t("site.appearance"), "modes": words, "language": language}, key="appearance")
