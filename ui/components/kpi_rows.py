"""Builds the scorecard's KPI table, grouped by perspective."""

from urllib.parse import urlencode

from kpi.scorecard.results import KpiResult, Scorecard, Value, Window
from kpi.units import Unit
from report.format import NOTHING
from report.tables import Cell, Column, Points, Row, RowGroup, SparkCell, Table, TextCell
from ui import data
from ui.components.status import attainment_cell, reason_word, status_cell, status_word, value_cell
from ui.forecasts import Outlook
from ui.view import DataView

SPARK_QUARTERS = 8


def columns(view: DataView) -> tuple[Column, ...]:
    """The table's columns."""
    t = view.t
    return (
        Column("kpi", t("scorecard.column_kpi"), link=True),
        Column("weight", t("scorecard.column_weight"), "right", help=t("scorecard.help_weight")),
        Column("actual", t("scorecard.column_actual"), "right"),
        Column("plan", t("scorecard.column_plan"), "right"),
        Column("attainment", t("scorecard.column_attainment"), "left", help=t("scorecard.help_attainment")),
        Column("status", t("scorecard.column_status")),
        Column("trend", t("scorecard.column_trend"), help=t("scorecard.help_trend")),
        Column("landing", t("scorecard.column_landing"), "right", help=t("scorecard.help_landing")),
        Column("chance", t("scorecard.column_chance"), "right", help=t("scorecard.help_chance")),
    )


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


def landing_cells(view: DataView, kpi: str, unit: Unit) -> tuple[TextCell, TextCell]:
    """Year-end landing with its interval, and the chance of meeting the plan."""
    t, fmt = view.t, view.fmt
    landing = Outlook(view.outlooks.get((kpi, view.org_unit), ())).landing(view.quarter)
    if landing is None:
        why = TextCell(NOTHING, title=t("scorecard.no_forecast" if view.run is None else "scorecard.not_forecast"))
        return why, why
    between = f"{fmt.value(landing.p10, unit)} – {fmt.value(landing.p90, unit)}"
    chance = (
        TextCell(NOTHING, title=reason_word(None, t))
        if landing.chance is None
        else TextCell(fmt.chance(landing.chance))
    )
    return TextCell(fmt.value(landing.p50, unit), note=between), chance


def kpi_row(view: DataView, result: KpiResult, window: Window) -> Row:
    """One KPI."""
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    kpi = catalogue.kpi[result.kpi]
    unit = catalogue.unit_of(result.kpi)
    landing, chance = landing_cells(view, result.kpi, unit)
    cells: dict[str, Cell] = {
        "kpi": TextCell(
            kpi.name.in_(view.language), note=data.template().objective[result.objective].name.in_(view.language)
        ),
        "weight": TextCell(fmt.weight(result.weight)),
        "actual": value_cell(result.value, unit, t, fmt),
        "plan": value_cell(result.target, unit, t, fmt),
        "attainment": attainment_cell(result, t, fmt),
        "status": status_cell(result.status, t),
        "trend": spark(view, result.kpi, window),
        "landing": landing,
        "chance": chance,
    }
    return Row(result.kpi, cells, href="kpi?" + urlencode(view.address.params(kpi=result.kpi)))


def kpi_table(view: DataView, card: Scorecard, window: Window) -> Table:
    """Every KPI of the card under its perspective."""
    template, fmt, t = data.template(), view.fmt, view.t
    groups = []
    for part in card.groups:
        rows = [kpi_row(view, r, window) for r in card.kpis if template.objective[r.objective].group == part.code]
        note = t("scorecard.group_note", score=fmt.score(part.score.amount), weight=fmt.weight(part.weight))
        name = template.group[part.code].name.in_(view.language)
        groups.append(RowGroup(rows, name, note, part.status.value, status_word(part.status, t)))
    return Table(t("scorecard.table_label"), columns(view), groups)
