"""Our table: a real HTML table that becomes cards on a phone, with status chips, bars and sparklines in its cells.

The platform's grid is drawn on a canvas: it does not speak to a screen reader, keeps English menus and cannot group.
"""

from dataclasses import asdict

import streamlit as st

from report.tables import Table
from ui.components.marks import with_marks

_MOUNT = st.components.v2.component(
    "scorecast_table",
    html='<div class="root"></div>',
    css=with_marks("table.css"),
    js=with_marks("table.js"),
)


def show_table(table: Table, key: str) -> str | None:
    """Draw ``table``; the key of the row whose link was just clicked, if any."""
    result = _MOUNT(data=asdict(table), key=key, on_chosen_change=lambda: None)
    chosen = result.chosen
    return str(chosen) if chosen else None
