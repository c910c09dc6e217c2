"""What the platform runs for every visitor and every change: the frame around a page, then the page."""

import logging
from pathlib import Path

import streamlit as st

from kpi.errors import Refused
from ui import memory
from ui.components.failure import show_refusal
from ui.components.intake_parts import forget_locked
from ui.components.notices import show_notices
from ui.components.page_help import page_help
from ui.components.sidebar import show_sidebar
from ui.components.tour import tour
from ui.site import HOME, pages
from ui.view import View, one_view

STATIC = Path(__file__).parent.parent / "static"
HOUSE_STYLE = Path(__file__).parent.parent / "components" / "house_style.css"


def draw(view: View) -> None:
    """The whole screen."""
    st.set_page_config(page_title=view.t("site.name"), page_icon=str(STATIC / "icon.png"), layout="wide")
    st.logo(str(STATIC / "icon.png"), size="large")
    site = pages(view.t)
    page = st.navigation(list(site.values()), position="hidden")
    if st.query_params.to_dict() != (params := view.address.params()):
        st.query_params.from_dict(params)
    if page.url_path != "upload":
        forget_locked()
    show_sidebar(view, site)
    st.html(HOUSE_STYLE)
    page_help(view, page.url_path or HOME)
    tour(view.t)
    show_notices(view)
    page.run()
    memory.freeze_once(page.url_path, view.language, *view.shown)
    memory.sweep()


try:
    with one_view() as view:
        draw(view)
except Refused as refusal:
    logging.getLogger("scorecast").warning("page refused: %s", refusal)
    show_refusal(refusal)
