"""A heat map of org units and KPIs as a plain value: what stands in each cell, and the same as a table and a picture.

A cell's ``tone`` is a step from "-3" (worst) to "3" (best) of the theme's diverging colours, a status of
``report.charts.ROLES``, or nothing where there is no number to colour. The text says it too: colour is never alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kpi.scorecard.results import Status
from report.charts import ROLES, Spec
from report.format import NOTHING
from report.sheets import Entry, Number, Sheet, SheetColumn, SheetRow
from report.tables import Column, Row, RowGroup, Table, TextCell

SHADES = {"-3": 0, "-2": 2, "-1": 4, "1": 5, "2": 7, "3": 9}
"""The place of each step among the theme's ten diverging colours; step 0 has none."""
SCORE = "score"
_STATUSES = {status.value for status in Status}
_TINT = 0.45  # of a status colour, so that words upon it stay readable
_STEP, _HEIGHT = 58, 30  # px of a cell in the picture
_DIGITS = 4  # before a name in the picture, so that two org units of one name keep rows of their own
Sorted = Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class HeatCell:
    """What a cell says: ``text`` as short as the cell, ``full`` in full, ``note`` in words; ``better`` or ``worse`` is
    marked by a sign of its own. ``share`` is the number for a spreadsheet where it is a share."""

    text: str
    full: str = NOTHING
    note: str = ""
    tone: str = ""
    mark: Literal["", "better", "worse"] = ""
    partial: bool = False
    share: Decimal | float | None = None


@dataclass(frozen=True)
class HeatColumn:
    """A column with a name that fits and its full one."""

    key: str
    short: str
    full: str
    sorted: Sorted = ""


@dataclass(frozen=True)
class HeatGroup:
    """Columns under one heading."""

    title: str
    columns: Sequence[HeatColumn]


@dataclass(frozen=True)
class HeatRow:
    """An org unit; ``below`` says how many stand directly below it, ``chosen`` whether it is the one asked for."""

    key: str
    name: str
    cells: Mapping[str, HeatCell]
    below: int = 0
    chosen: bool = False


@dataclass(frozen=True)
class Swatch:
    """A line of the legend."""

    tone: str
    text: str
    mark: Literal["", "better", "worse"] = ""


@dataclass(frozen=True)
class HeatMap:
    """The rows below ``top``, which stands apart because the others add up to it."""

    label: str
    names: HeatColumn
    groups: Sequence[HeatGroup]
    top: HeatRow
    rows: Sequence[HeatRow]
    legend: Sequence[Swatch]

    @property
    def columns(self) -> list[HeatColumn]:
        """All columns in order."""
        return [column for group in self.groups for column in group.columns]

    @property
    def all_rows(self) -> list[HeatRow]:
        """All rows in order."""
        return [self.top, *self.rows]


def as_table(heat: HeatMap) -> Table:
    """The same with full names and numbers in full, and in hints the words."""
    columns = [Column("name", heat.names.full)]
    columns += [Column(column.key, column.full, "right") for column in heat.columns]
    rows = [
        Row(
            row.key,
            {"name": TextCell(row.name)}
            | {key: TextCell(cell.full, title=cell.note) for key, cell in row.cells.items()},
            chosen=row.chosen,
        )
        for row in heat.all_rows
    ]
    return Table(heat.label, columns, [RowGroup(rows)])


def as_sheet(heat: HeatMap, about: Mapping[str, str]) -> Sheet:
    """The same for those who go on calculating: shares as numbers; ``about`` says whose they are."""
    columns = [SheetColumn("name", heat.names.full, 30), *(SheetColumn(c.key, c.full, 16) for c in heat.columns)]
    rows = [
        SheetRow({"name": row.name} | {key: _entry(cell) for key, cell in row.cells.items()}) for row in heat.all_rows
    ]
    return Sheet("Scorecast", [(heat.label, ""), *about.items()], columns, rows)


def _entry(cell: HeatCell) -> Entry:
    return cell.full if cell.share is None else Number(cell.share, "0.0%")


def picture(heat: HeatMap) -> Spec:
    """The same as a chart, perspective by perspective: coloured fields with their words."""
    rows = [(f"{number:0{_DIGITS}}{row.name}", row) for number, row in enumerate(heat.all_rows)]
    values = [_field(*row, group, column) for group in heat.groups for column in group.columns for row in rows]
    axis = {"title": None, "domain": False, "ticks": False, "labelLimit": 190, "labelFontSize": 12}
    y = {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "axis": {**axis, "labelExpr": f"slice(datum.label, {_DIGITS})"},
    }
    top = {**axis, "orient": "top", "labelAngle": -90, "labelLimit": 240}
    x = {"field": "column", "type": "nominal", "sort": None, "axis": top}
    shade = {
        "field": "shade",
        "type": "quantitative",
        "scale": {"domain": [0, 9], "range": "diverging"},
        "legend": None,
    }
    role = {"field": "role", "type": "nominal", "scale": {"domain": list(ROLES)}, "legend": None}
    field: dict[str, Any] = {"type": "rect", "cornerRadius": 3, "width": {"band": 0.95}, "height": {"band": 0.9}}
    layers: list[Spec] = [
        {"transform": [{"filter": "datum.shade !== null"}], "mark": field, "encoding": {"color": shade}},
        {
            "transform": [{"filter": "datum.role !== null"}],
            "mark": {**field, "opacity": _TINT},
            "encoding": {"color": role},
        },
        {"mark": {"type": "text", "fontSize": 11}, "encoding": {"text": {"field": "text", "type": "nominal"}}},
    ]
    order = [group.title for group in heat.groups]
    header = {"title": None, "labelFontSize": 13, "labelAnchor": "start", "labelFontWeight": 600}
    return {
        "data": {"values": values},
        "facet": {"column": {"field": "group", "type": "nominal", "sort": order, "header": header}},
        "spacing": 12,
        "spec": {
            "width": {"step": _STEP},
            "height": {"step": _HEIGHT},
            "encoding": {"x": x, "y": y},
            "layer": [layer for layer in layers if _needed(layer, values)],
        },
        "resolve": {"scale": {"x": "independent", "color": "independent"}},
    }


def _needed(layer: Spec, values: Sequence[Mapping[str, Any]]) -> bool:
    """A layer without a field to draw would only warn."""
    colour = layer["encoding"].get("color")
    return colour is None or any(value[colour["field"]] is not None for value in values)


def _field(place: str, row: HeatRow, group: HeatGroup, column: HeatColumn) -> dict[str, str | int | None]:
    cell = row.cells[column.key]
    arrow = {"": "", "better": "▲ ", "worse": "▼ "}[cell.mark]
    judged = cell.tone in _STATUSES and column.key != SCORE
    return {
        "row": place,
        "group": group.title,
        "column": column.short,
        "text": arrow + (cell.full if judged else cell.text),
        "shade": SHADES.get(cell.tone),
        "role": cell.tone if judged else None,
    }
