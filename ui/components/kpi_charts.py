"""Turns a KPI's series into the rows of its charts and tables."""

from kpi.catalogue.models import Direction
from kpi.scorecard.results import Value, Window
from report import charts
from report.format import NOTHING
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from ui import data
from ui.components.status import status_word, value_cell
from ui.forecasts import Outlook
from ui.view import DataView

HISTORY_QUARTERS = 20


def _row(quarter: object, role: str, series: str, amount: float, text: str) -> dict[str, str | float | None]:
    return {"quarter": str(quarter), "role": role, "series": series, "amount": amount, "text": text}


def history_spec(view: DataView, kpi: str, window: Window) -> charts.Spec:
    """The last five years, the plan, and what the newest run expects."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi)
    ahead = list(Outlook(view.outlooks.get((kpi, view.org_unit), ())).path(window))
    last = max([view.last_actual, *(row.period for row in ahead)])
    first = view.last_actual.shift(1 - HISTORY_QUARTERS)
    rows, latest = [], None
    for quarter, value, target in data.series(view.snapshot, kpi, view.org_unit, window):
        if not first <= quarter <= max(last, view.panel.quarters[-1]):
            continue
        if value.amount is not None and quarter <= view.last_actual:
            latest = _row(quarter, "actual", t("series.actual"), float(value.amount), fmt.value(value.amount, unit))
            rows.append(latest)
        if target.amount is not None:
            text = fmt.value(target.amount, unit)
            rows.append(_row(quarter, "plan", t("series.plan"), float(target.amount), text))
    if ahead and latest:
        rows.append(latest | {"role": "forecast", "low": latest["amount"], "high": latest["amount"]})
    for row in ahead:
        between = f"{fmt.value(row.p50, unit)} ({fmt.value(row.p10, unit)} – {fmt.value(row.p90, unit)})"
        rows.append(
            _row(row.period, "forecast", t("series.forecast"), row.p50, between) | {"low": row.p10, "high": row.p90}
        )
    order = sorted({str(row["quarter"]) for row in rows})
    top = max((abs(float(row["amount"] or 0)) for row in rows), default=0.0)
    names = {role: t(f"series.{role}") for role in ("actual", "plan", "forecast")}
    return charts.history(rows, order, charts.value_axis(*fmt.axis(top, unit)), names, _breaks(view, kpi, order))


def _breaks(view: DataView, kpi: str, order: list[str]) -> list[charts.Row]:
    calendar = data.settings().calendar
    versions = [version for version in data.catalogue().kpi[kpi].versions if version.breaks_history]
    quarters = [str(calendar.period_of(version.effective_from)) for version in versions]
    return [{"quarter": quarter, "text": view.t("kpi.break")} for quarter in quarters if quarter in order]


def units_shown(view: DataView) -> tuple[str, ...]:
    """The org units below the chosen one; for one without any, its siblings and itself."""
    organisation = view.organisation
    below = organisation.children(view.org_unit)
    parent = organisation.by_code[view.org_unit].parent
    return tuple(unit.code for unit in below or (organisation.children(parent) if parent else (organisation.root,)))


def units_without(view: DataView, kpi: str, window: Window) -> tuple[str, ...]:
    """Names of the org units around that should have a value and have none, and therefore no bar."""
    values = data.by_unit(view.snapshot, kpi, view.quarter, window)
    found = {code: values.get(code, (Value(), Value()))[0] for code in units_shown(view)}
    silent = (code for code, value in found.items() if value.amount is None and value.expected)
    return tuple(view.organisation.by_code[code].name.in_(view.language) for code in silent)


def by_unit_spec(view: DataView, kpi: str, window: Window) -> charts.Spec | None:
    """The same KPI in the org units around; the best first. None when no unit has a value."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi)
    values = data.by_unit(view.snapshot, kpi, view.quarter, window)
    rows: list[dict[str, str | float | None]] = []
    for code in units_shown(view):
        value, target = values.get(code, (Value(), Value()))
        if value.amount is None:
            continue
        card = data.card(view.snapshot, code, view.quarter, window)
        status = next(result.status for result in card.kpis if result.kpi == kpi)
        goal = NOTHING if target.amount is None else fmt.value(target.amount, unit)
        rows.append(
            {
                "name": view.organisation.by_code[code].name.in_(view.language),
                "amount": float(value.amount),
                "target": None if target.amount is None else float(target.amount),
                "edge": float(max(value.amount, target.amount or value.amount)),
                "text": fmt.value(value.amount, unit),
                "target_text": f"{t('series.plan')} {goal}",
                "label": f"{fmt.value(value.amount, unit)} · {status_word(status, t)}",
                "role": status.value,
                "status": status_word(status, t),
            }
        )
    lower = data.catalogue().kpi[kpi].current.direction is Direction.LOWER_BETTER
    order = sorted(rows, key=lambda row: float(row["amount"] or 0), reverse=not lower)
    return charts.by_unit(rows, [str(row["name"]) for row in order]) if rows else None


def values_table(view: DataView, kpi: str, window: Window) -> Table:
    """All quarters, the newest first, with what the run expects for those ahead."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi)
    ahead = {row.period: row for row in Outlook(view.outlooks.get((kpi, view.org_unit), ())).path(window)}
    known = {
        quarter: (value, target) for quarter, value, target in data.series(view.snapshot, kpi, view.org_unit, window)
    }
    rows = []
    for quarter in sorted(known.keys() | ahead.keys(), reverse=True):
        value, target = known.get(quarter, (Value(), Value()))
        cells: dict[str, Cell] = {
            "quarter": TextCell(fmt.period(quarter)),
            "actual": value_cell(value, unit, t, fmt) if quarter <= view.last_actual else TextCell(""),
            "plan": value_cell(target, unit, t, fmt),
        }
        if row := ahead.get(quarter):
            cells["p50"] = TextCell(fmt.value(row.p50, unit))
            cells["between"] = TextCell(f"{fmt.value(row.p10, unit)} – {fmt.value(row.p90, unit)}")
            cells["chance"] = TextCell(fmt.chance(row.chance))
        rows.append(Row(str(quarter), cells, chosen=quarter == view.quarter))
    numbers = ("actual", "plan", "p50", "between", "chance")
    columns = [Column("quarter", t("kpi.column_quarter"))]
    columns += [Column(name, t(f"kpi.column_{name}"), "right") for name in numbers]
    return Table(t("kpi.values"), columns, [RowGroup(rows)])
