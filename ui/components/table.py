"""Our table: a real HTML table that becomes cards on a phone, with status chips, bars and sparklines in its cells.

The platform's grid is drawn on a canvas: it does not speak to a screen reader, keeps English menus and cannot group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import streamlit as st

from kpi.scorecard.results import Status

_HERE = Path(__file__).parent
_MOUNT = st.components.v2.component(
    "scorecast_table",
    html='<div class="root"></div>',
    css=(_HERE / "table.css").read_text(encoding="utf-8"),
    js=(_HERE / "table.js").read_text(encoding="utf-8"),
)
BAR_END = 1.5
"""An attainment bar is full at 150 %; its mark stands at 100 %."""

Points = tuple[float | None, ...]


@dataclass(frozen=True)
class TextCell:
    """Words or a formatted number, a quieter second line, and a hint shown while the pointer rests on it."""

    text: str
    note: str = ""
    title: str = ""
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class StatusCell:
    """A traffic light: shape, colour and word."""

    code: str
    text: str
    kind: Literal["status"] = "status"


@dataclass(frozen=True)
class BarCell:
    """A figure over a bar, with a quieter line below; ``share`` is the filled part of the track, ``mark`` where the
    target stands."""

    text: str
    share: float
    code: str
    mark: float = 1 / BAR_END
    note: str = ""
    kind: Literal["bar"] = "bar"

    @classmethod
    def attainment(cls, text: str, attainment: float, status: Status, note: str = "") -> "BarCell":
        """A bar whose mark is the target."""
        return cls(text, attainment / BAR_END, status.value, note=note)


@dataclass(frozen=True)
class SparkCell:
    """A small line chart; all sequences have one place for each quarter, None where nothing is known."""

    text: str
    actual: Points
    target: Points
    forecast: Points
    low: Points
    high: Points
    kind: Literal["spark"] = "spark"


Cell = TextCell | StatusCell | BarCell | SparkCell


@dataclass(frozen=True)
class Column:
    """A column; ``link`` makes its cells the links of their rows."""

    key: str
    title: str
    align: Literal["left", "right", "left wide"] = "left"
    help: str = ""
    link: bool = False


@dataclass(frozen=True)
class Row:
    """Cells by column key; ``href`` is where a click with a modifier key leads."""

    key: str
    cells: Mapping[str, Cell]
    href: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class RowGroup:
    """Rows under one heading; without a title they follow the header at once."""

    rows: Sequence[Row]
    title: str = ""
    note: str = ""
    code: str = ""
    word: str = ""


@dataclass(frozen=True)
class Table:
    """What is drawn. ``label`` names the table for a screen reader."""

    label: str
    columns: Sequence[Column]
    groups: Sequence[RowGroup] = field(default_factory=tuple)


def show_table(table: Table, key: str) -> str | None:
    """Draw ``table``; the key of the row whose link was just clicked, if any."""
    result = _MOUNT(data=asdict(table), key=key, on_chosen_change=lambda: None)
    chosen = result.chosen
    return str(chosen) if chosen else None
