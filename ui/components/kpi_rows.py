"""Builds the scorecard's table: KPIs beneath their objectives and perspectives, or in a row when they are sorted."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from kpi.scorecard.results import PartResult, Scorecard, Value, Window
from kpi.scorecard.template import PartKind
from report.format import NOTHING
from report.outlook import Outlook, year_end_score
from report.scorecard_lines import COLUMNS, PARAMS, Line
from report.tables import ActionCell, Cell, Column, Level, Points, Row, RowGroup, SparkCell, Table, TextCell
from ui import data
from ui.components.status import attainment_cell, reason_word, status_cell, value_cell
from ui.view import DataView

SPARK_QUARTERS = 8
_ALIGN_LEFT = ("attainment", "status", "trend")
_HELP = ("weight", "score", "attainment", "trend", "last_quarter", "last_year", "landing", "chance")
NOT_ELSEWHERE = dict.fromkeys(("why", *PARAMS), "")
"""What the address of another page leaves out."""
_LEVELS: Mapping[PartKind, Level] = {"total": "total", "group": "group", "objective": "part"}
Maker = Callable[[DataView, Line, Window], Cell]


def columns(view: DataView) -> tuple[Column, ...]:
    """The columns that are shown, with how the rows are sorted by them."""
    t, shown = view.t, view.address.shown
    first = Column("name", t("scorecard.column_kpi"), link=True, head=True, sort=shown.sorting("name"))
    others = (
        Column(
            name,
            t(f"scorecard.column_{name}"),
            "left" if name in _ALIGN_LEFT else "right",
            help=t(f"scorecard.help_{name}") if name in _HELP else "",
            sort=shown.sorting(name),
        )
        for name in COLUMNS
        if shown.has(name)
    )
    return (first, *others)


def _as_float(value: Value) -> float | None:
    return None if value.amount is None else float(value.amount)


def spark(view: DataView, kpi: str, window: Window) -> SparkCell:
    """The last quarters up to the chosen one; behind the newest those forecast as well (behind an older one they would
    not follow on)."""
    rows = data.series(view.snapshot, kpi, view.org_unit, window)
    outlook = Outlook(view.outlooks.get((kpi, view.org_unit), ()) if view.quarter == view.last_actual else ())
    ahead = {row.period: row for row in outlook.path(window) if row.period > view.quarter}
    quarters = [view.quarter.shift(step) for step in range(1 - SPARK_QUARTERS, 1)]
    quarters += sorted(ahead)
    values = {period: (value, target) for period, value, target in rows}
    missing = (Value(), Value())

    def forecast_points(name: str) -> Points:
        return tuple(getattr(ahead[period], name) if period in ahead else None for period in quarters)

    return SparkCell(
        text=view.t("scorecard.trend_of", quarter=view.fmt.period(view.quarter)),
        actual=tuple(_as_float(values.get(q, missing)[0]) if q <= view.quarter else None for q in quarters),
        target=tuple(_as_float(values.get(q, missing)[1]) for q in quarters),
        forecast=forecast_points("p50"),
        low=forecast_points("p10"),
        high=forecast_points("p90"),
    )


def score_cell(view: DataView, score: Value, name: str, asked: str) -> ActionCell:
    """A score that says why it is what it is; a dash does too."""
    return ActionCell(view.fmt.score(score.amount), asked, view.t("why.ask", name=name))


def _score(view: DataView, line: Line, window: Window) -> Cell:
    return score_cell(view, line.result.score, line.name.in_(view.language), f"kpi:{line.kpi}")


def _change(view: DataView, line: Line, value: Value) -> TextCell:
    if value.amount is None:
        return TextCell(NOTHING, title=reason_word(value.reason, view.t))
    return TextCell(view.fmt.change(value.amount, line.unit, relative=line.relative))


def _no_landing(view: DataView) -> TextCell:
    return TextCell(NOTHING, title=view.t("scorecard.no_forecast" if view.run is None else "scorecard.not_forecast"))


def _landing(view: DataView, line: Line, window: Window) -> TextCell:
    """The year-end with its interval."""
    fmt, landing = view.fmt, line.landing
    if landing is None:
        return _no_landing(view)
    low, high = (fmt.value(bound, line.unit) for bound in (landing.p10, landing.p90))
    return TextCell(fmt.value(landing.p50, line.unit), note=f"{low} – {high}")


def _chance(view: DataView, line: Line, window: Window) -> TextCell:
    """The chance that the year meets its plan."""
    if line.landing is None:
        return _no_landing(view)
    if line.landing.chance is None:
        return TextCell(NOTHING, title=reason_word(None, view.t))
    return TextCell(view.fmt.chance(line.landing.chance))


_CELLS: Mapping[str, Maker] = {
    "weight": lambda view, line, window: TextCell(view.fmt.weight(line.result.weight)),
    "score": _score,
    "actual": lambda view, line, window: value_cell(line.result.value, line.unit, view.t, view.fmt),
    "plan": lambda view, line, window: value_cell(line.result.target, line.unit, view.t, view.fmt),
    "attainment": lambda view, line, window: attainment_cell(line.result, view.t, view.fmt),
    "status": lambda view, line, window: status_cell(line.result.status, view.t),
    "trend": lambda view, line, window: spark(view, line.kpi, window),
    "last_quarter": lambda view, line, window: _change(view, line, line.result.on_last_quarter),
    "last_year": lambda view, line, window: _change(view, line, line.result.on_last_year),
    "landing": _landing,
    "chance": _chance,
}


def kpi_row(view: DataView, line: Line, window: Window) -> Row:
    """One KPI; where it stands by itself, its perspective below its name."""
    shown = view.address.shown
    home = data.template().group[line.group].name.in_(view.language) if shown.order else ""
    cells: dict[str, Cell] = {"name": TextCell(line.name.in_(view.language), note=home)}
    cells |= {name: make(view, line, window) for name, make in _CELLS.items() if shown.has(name)}
    there = view.address.params(**NOT_ELSEWHERE, kpi=line.kpi)
    return Row(line.kpi, cells, href="kpi?" + urlencode(there))


def _part_row(view: DataView, kind: PartKind, name: str, part: PartResult) -> Row:
    asked = kind if kind == "total" else f"{kind}:{part.code}"
    cells: dict[str, Cell] = {
        "name": TextCell(name),
        "score": score_cell(view, part.score, name, asked),
        "status": status_cell(part.status, view.t),
    }
    if kind != "total":
        cells["weight"] = TextCell(view.fmt.weight(part.weight))
    expected = year_end_score(view.scores.get(view.org_unit, ()), kind, part.code, view.quarter)
    if expected is not None:
        fmt = view.fmt
        low, high = fmt.score(expected.p10), fmt.score(expected.p90)
        cells["landing"] = TextCell(fmt.score(expected.p50), note=f"{low} – {high}")
        cells["chance"] = TextCell(fmt.chance(expected.green))
    return Row(asked, cells, level=_LEVELS[kind])


def kpi_table(view: DataView, card: Scorecard, lines: Sequence[Line], window: Window) -> Table:
    """The total, and the lines that are shown: sorted as they are, else each beneath its objective and perspective."""
    label, template, language = view.t("scorecard.table_label"), data.template(), view.language
    sections = [RowGroup([_part_row(view, "total", view.t("scorecard.total"), card.whole)])]
    if view.address.shown.order:
        sections.append(RowGroup([kpi_row(view, line, window) for line in lines]))
        return Table(label, columns(view), sections)
    objectives = {part.code: part for part in card.objectives}
    for group in card.groups:
        inside = [line for line in lines if line.group == group.code]
        rows = [_part_row(view, "group", template.group[group.code].name.in_(language), group)] if inside else []
        for code in dict.fromkeys(line.objective for line in inside):
            rows.append(_part_row(view, "objective", template.objective[code].name.in_(language), objectives[code]))
            rows += [kpi_row(view, line, window) for line in inside if line.objective == code]
        sections.append(RowGroup(rows))
    return Table(label, columns(view), sections)
