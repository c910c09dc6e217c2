"""A sheet as it is: an HTML grid with row numbers and column letters, its cells marked by what they are for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import streamlit as st

from report.words import Words
from ui.mapping import ROLES, Grid

_HERE = Path(__file__).parent
_MOUNT = st.components.v2.component(
    "scorecast_sheet",
    html='<div class="root"></div>',
    css=(_HERE / "sheet_grid.css").read_text(encoding="utf-8"),
    js=(_HERE / "sheet_grid.js").read_text(encoding="utf-8"),
)
_WORDS = ("hidden", "nothing_chosen", "previous_finding", "next_finding", "legend", "empty_cell")


@dataclass(frozen=True)
class Focus:
    """The cell to outline; with ``move`` the page and the grid are scrolled to it, once."""

    row: int
    column: int
    move: bool = False


def show_grid(label: str, grid: Grid, t: Words, severities: Mapping[str, str], focus: Focus | None, key: str) -> None:
    """Draw ``grid``; ``label`` names it for a screen reader, ``severities`` are their words by code."""
    roles = {letter: {"code": role, "word": t(f"cell_role.{role}")} for role, letter in ROLES.items()}
    drawn = {
        "label": label,
        "grid": asdict(grid),
        "roles": roles,
        "severities": dict(severities),
        "words": {name: t(f"mapping.{name}") for name in _WORDS},
    }
    version = sha256(repr(drawn).encode("utf-8", "replace")).hexdigest()
    _MOUNT(data={**drawn, "version": version, "focus": asdict(focus) if focus else None}, key=key)
