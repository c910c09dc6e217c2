"""Our table: a real HTML table that becomes cards on a phone, with status chips, bars and sparklines in its cells.

The platform's grid is drawn on a canvas: it does not speak to a screen reader, keeps English menus and cannot group.
"""

from collections.abc import Callable

import streamlit as st

from report.as_data import as_data
from report.tables import Table
from ui.components.marks import with_marks

_MOUNT = st.components.v2.component(
    "scorecast_table",
    html='<div class="root"></div>',
    css=with_marks("table.css"),
    js=with_marks("table.js"),
)


def show_table(
    table: Table,
    key: str,
    on_sort: Callable[[str], None] | None = None,
    on_ask: Callable[[str], None] | None = None,
) -> str | None:
    """Draw ``table``; the key of the row whose link was just clicked, if any.

    Before the page is drawn anew, ``on_sort`` is told the key of the column whose title was clicked, and ``on_ask`` the
    action of the cell that was.
    """

    def answer(name: str, then: Callable[[str], None] | None) -> Callable[[], None]:
        def told() -> None:
            code = st.session_state[key][name]
            if then is not None and code:
                then(str(code))

        return told

    result = _MOUNT(
        data=as_data(table),
        key=key,
        on_chosen_change=lambda: None,
        on_sorted_change=answer("sorted", on_sort),
        on_asked_change=answer("asked", on_ask),
    )
    chosen = result.chosen
    return str(chosen) if chosen else None
