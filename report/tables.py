"""A table as a plain value: what stands in its cells, whoever draws it, and the same as a file."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal

from kpi.scorecard.results import Status

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


@dataclass(frozen=True)
class ActionCell:
    """A figure that answers a click: ``action`` says which, ``label`` what happens, for those who can't see it."""

    text: str
    action: str
    label: str
    kind: Literal["action"] = "action"


Cell = TextCell | StatusCell | BarCell | SparkCell | ActionCell
Sorting = Literal["", "none", "ascending", "descending"]
Level = Literal["", "total", "group", "part"]


@dataclass(frozen=True)
class Column:
    """A column; ``link`` makes its cells the links of their rows, ``head`` their headers. ``sort`` is how the rows are
    sorted by it; without it a click on its title does nothing."""

    key: str
    title: str
    align: Literal["left", "right", "left wide"] = "left"
    help: str = ""
    link: bool = False
    head: bool = False
    sort: Sorting = ""


@dataclass(frozen=True)
class Row:
    """Cells by column key; ``href`` is where a click with a modifier key leads. ``level`` lifts a row above those that
    it sums up."""

    key: str
    cells: Mapping[str, Cell]
    href: str = ""
    chosen: bool = False
    level: Level = ""


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


def as_csv(table: Table) -> bytes:
    """The table as people's spreadsheet programs open it: UTF-8 with a mark, a line a row, the group in front."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    titled = any(group.title for group in table.groups)
    writer.writerow([*([""] if titled else []), *(column.title for column in table.columns)])
    for group in table.groups:
        for row in group.rows:
            cells = [row.cells.get(column.key) for column in table.columns]
            writer.writerow([*([group.title] if titled else []), *(_written(cell) for cell in cells)])
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Cell | None) -> str:
    match cell:
        case None | SparkCell():
            return ""
        case TextCell(text, note) if note:
            return f"{text} ({note})"
        case _:
            return cell.text
