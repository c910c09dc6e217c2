"""The pages of the site: file, address and icon. Home is the one at the bare address."""

from pathlib import Path

import streamlit as st

from report.words import Words

_PAGES = Path(__file__).parent / "pages"
ICONS = {
    "home": ":material/home:",
    "scorecard": ":material/dashboard:",
    "map": ":material/account_tree:",
    "kpi": ":material/query_stats:",
    "compare": ":material/grid_on:",
    "whatif": ":material/tune:",
    "pack": ":material/picture_as_pdf:",
    "upload": ":material/upload_file:",
    "runs": ":material/model_training:",
    "schedule": ":material/event_repeat:",
    "alerts": ":material/notifications:",
}

HOME = "home"


def addresses() -> frozenset[str]:
    """What follows the server's name in the address of each page; the home page's is empty."""
    return frozenset("" if name == HOME else name for name in ICONS)


def pages(t: Words) -> dict[str, st.Page]:
    """Every page by name, titled in the language of ``t``."""
    return {
        name: st.Page(
            _PAGES / f"{name}.py",
            title=t(f"site.{name}"),
            icon=icon,
            url_path="" if name == HOME else name,
            default=name == HOME,
        )
        for name, icon in ICONS.items()
    }
