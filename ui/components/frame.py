"""The head of a page, and what stands there when there is nothing to show."""

import streamlit as st

from kpi.scorecard.results import Window
from ui.address import WINDOWS
from ui.components.sidebar import choose
from ui.site import pages
from ui.view import DataView, View, current_view


def page_head(title: str, caption: str = "") -> None:
    """Title and one line below it."""
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        if caption:
            st.caption(caption)


def data_view(title_key: str) -> DataView:
    """The view of a page that needs facts; without any, say the next step and end the page here."""
    view = current_view()
    if not isinstance(view, DataView):
        page_head(view.t(title_key))
        empty(view, "no_facts", "upload")
        st.stop()
    return view


def empty(view: View, reason: str, next_page: str | None = None) -> None:
    """An empty state: what is missing, what to do, and a way there."""
    t = view.t
    with st.container(border=True, gap="small"):
        st.markdown(f"**{t(f'empty.{reason}')}**")
        st.caption(t(f"empty.{reason}_next"))
        if next_page:
            st.page_link(
                pages(t)[next_page],
                label=t(f"site.{next_page}"),
                icon=":material/arrow_forward:",
                query_params=view.address.params(),
            )


def window_switch(view: DataView, labelled: bool = False) -> Window:
    """Quarter alone, year to date or four rolling quarters; kept in the address. ``labelled`` beside other fields."""
    key, write = choose("window", view.address.window.value)
    st.segmented_control(
        view.t("site.window"),
        [window.value for window in WINDOWS],
        format_func=lambda code: view.t(f"window.{code}"),
        required=True,
        key=key,
        on_change=write,
        label_visibility="visible" if labelled else "collapsed",
    )
    return view.address.window
