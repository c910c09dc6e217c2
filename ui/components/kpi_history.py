"""The way of a KPI so far, its plan, and the fan of its forecast."""

from collections.abc import Sequence

import streamlit as st

from forecast.records import KpiForecast
from kpi.catalogue.models import Kpi
from kpi.periods import Period
from kpi.scorecard.results import Value, Window
from kpi.units import Unit
from report import charts
from report.fan import INTERVALS, fan, has_fan
from report.format import plain
from report.outlook import Outlook
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from ui import data
from ui import kpi as door
from ui.address import KPI_PAGE
from ui.components.chart import show_chart
from ui.components.sidebar import choose
from ui.components.status import value_cell
from ui.view import DataView

SPANS = KPI_PAGE["years"]
QUARTERS_OF_SPAN = {SPANS[0]: 20}
Point = dict[str, str | float | None]


def history(view: DataView, kpi: Kpi, window: Window) -> None:
    """The chart with what has to be said of it, and the choice of how many years it shows."""
    t = view.t
    ahead = outlook(view, kpi.code, view.org_unit, window)
    with st.container(border=True):
        key, write = choose("years", view.address.years or SPANS[0])
        st.segmented_control(
            t("kpi.years"),
            SPANS,
            format_func=lambda code: t(f"kpi.years_{code}"),
            required=True,
            key=key,
            on_change=write,
            label_visibility="collapsed",
        )
        name = kpi.name.in_(view.language)
        show_chart(
            view,
            _spec(view, kpi, window, ahead),
            _table(view, kpi.code, window, ahead),
            key="history",
            title=f"{name} · {view.org_name} · {t(f'window.{window.value}')}",
            alt=t("kpi.history_alt", kpi=name, told=_told(view, kpi, window, ahead)),
        )
        for line in _notes(view, kpi.code, window, ahead):
            st.caption(line)


def outlook(view: DataView, kpi: str, org_unit: str, window: Window) -> list[KpiForecast]:
    """What the newest run expects of the coming quarters."""
    return Outlook(view.outlooks.get((kpi, org_unit), ())).path(window)


def span_of(view: DataView) -> Period:
    """The first quarter that charts show."""
    quarters = QUARTERS_OF_SPAN.get(view.address.years or SPANS[0])
    return view.panel.quarters[0] if quarters is None else view.last_actual.shift(1 - quarters)


def point(quarter: object, role: str, series: str, amount: float, text: str) -> Point:
    """One point of a line."""
    return {"quarter": str(quarter), "role": role, "series": series, "amount": amount, "text": text}


def lines(view: DataView, kpi: str, org_unit: str, window: Window, ahead: Sequence[KpiForecast]) -> list[Point]:
    """Actual, plan and forecast; the forecast begins at the newest actual value."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi)
    first, last = span_of(view), max([view.last_actual, view.panel.quarters[-1], *(row.period for row in ahead)])
    rows: list[Point] = []
    latest: Point | None = None
    for quarter, value, target in data.series(view.snapshot, kpi, org_unit, window):
        if not first <= quarter <= last:
            continue
        if value.amount is not None and quarter <= view.last_actual:
            latest = point(quarter, "actual", t("series.actual"), float(value.amount), fmt.value(value.amount, unit))
            rows.append(latest)
        if target.amount is not None:
            text = fmt.value(target.amount, unit)
            rows.append(point(quarter, "plan", t("series.plan"), float(target.amount), text))
    if ahead and latest:
        rows.append(latest | {"role": "forecast", "low": latest["amount"], "high": latest["amount"]})
    for row in ahead:
        between = f"{fmt.value(row.p50, unit)} ({fmt.value(row.p10, unit)} – {fmt.value(row.p90, unit)})"
        around: Point = {"low": row.p10, "high": row.p90}
        rows.append(point(row.period, "forecast", t("series.forecast"), row.p50, between) | around)
    return rows


def _spec(view: DataView, kpi: Kpi, window: Window, ahead: Sequence[KpiForecast]) -> charts.Spec:
    t, unit = view.t, data.catalogue().unit_of(kpi.code)
    rows = lines(view, kpi.code, view.org_unit, window, ahead)
    order = sorted({str(row["quarter"]) for row in rows})
    top = max((abs(float(row["amount"] or 0)) for row in rows), default=0.0)
    names = {role: t(f"series.{role}") for role in ("actual", "plan", "forecast")}
    if has_fan(ahead):
        names["forecast"] = t("series.fan")
    corrected = {str(quarter) for quarter in door.restated(view.snapshot, kpi.code, view.org_unit)}
    marks = [
        row | {"text": t("kpi.restated_mark")}
        for row in rows
        if row["role"] == "actual" and row["quarter"] in corrected
    ]
    axis = charts.value_axis(*view.fmt.axis(top, unit))
    return charts.history(rows, order, axis, names, _breaks(view, kpi, order), fan(ahead, _begin(rows, ahead)), marks)


def _begin(rows: Sequence[Point], ahead: Sequence[KpiForecast]) -> tuple[str, float] | None:
    """Where the forecast begins, if that is before its first quarter."""
    start = next((row for row in rows if row["role"] == "forecast"), None)
    if start is None or start["quarter"] == str(ahead[0].period):
        return None
    return str(start["quarter"]), float(start["amount"] or 0)


def _breaks(view: DataView, kpi: Kpi, order: Sequence[str]) -> list[charts.Row]:
    calendar = data.settings().calendar
    versions = [version for version in kpi.versions if version.breaks_history]
    quarters = [str(calendar.period_of(version.effective_from)) for version in versions]
    return [{"quarter": quarter, "text": view.t("kpi.break")} for quarter in quarters if quarter in order]


def _notes(view: DataView, kpi: str, window: Window, ahead: Sequence[KpiForecast]) -> list[str]:
    """What the chart alone would not say."""
    t, first = view.t, span_of(view)
    found = [quarter for quarter in door.restated(view.snapshot, kpi, view.org_unit) if quarter >= first]
    notes = []
    if found:
        names = t("site.list_comma").join(view.fmt.period(quarter) for quarter in found)
        notes.append(t("kpi.restated", quarters=plain(names)))
    if has_fan(ahead):
        notes.append(t("kpi.fan_note"))
    elif ahead:
        notes.append(t("kpi.only_80"))
    elif window is Window.ROLLING4 and outlook(view, kpi, view.org_unit, Window.QUARTER):
        notes.append(t("kpi.no_rolling"))
    elif view.run is not None:
        notes.append(t("kpi.not_forecast"))
    return notes


def _told(view: DataView, kpi: Kpi, window: Window, ahead: Sequence[KpiForecast]) -> str:
    """The ends of the lines in words, for those who can't see them."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi.code)
    known = [row for row in data.series(view.snapshot, kpi.code, view.org_unit, window) if row[0] <= view.last_actual]
    parts = []
    if known and known[-1][1].amount is not None:
        parts.append(f"{fmt.period(known[-1][0])} {t('series.actual')} {fmt.value(known[-1][1].amount, unit)}")
    if ahead:
        last = ahead[-1]
        between = f"{fmt.value(last.p10, unit)} – {fmt.value(last.p90, unit)}"
        parts.append(f"{fmt.period(last.period)} {t('kpi.column_p50')} {fmt.value(last.p50, unit)} ({between})")
    return t("site.list_comma").join(parts)


def _table(view: DataView, kpi: str, window: Window, ahead: Sequence[KpiForecast]) -> Table:
    """All quarters, the newest first, with what the run expects for those ahead."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi)
    coming = {row.period: row for row in ahead}
    known = {quarter: pair for quarter, *pair in data.series(view.snapshot, kpi, view.org_unit, window)}
    corrected = door.restated(view.snapshot, kpi, view.org_unit)
    rows = []
    for quarter in sorted(known.keys() | coming.keys(), reverse=True):
        value, target = known.get(quarter, [Value(), Value()])
        note = t("kpi.restated_mark") if quarter in corrected else ""
        cells: dict[str, Cell] = {
            "quarter": TextCell(fmt.period(quarter), note=note),
            "actual": value_cell(value, unit, t, fmt) if quarter <= view.last_actual else TextCell(""),
            "plan": value_cell(target, unit, t, fmt),
        }
        if row := coming.get(quarter):
            cells |= _expected(view, row, unit)
        rows.append(Row(str(quarter), cells, chosen=quarter == view.quarter))
    expected = ("p50", "half", "between", "nearly") if has_fan(ahead) else ("p50", "between")
    columns = [Column("quarter", t("kpi.column_quarter"))]
    columns += [Column(name, t(f"kpi.column_{name}"), "right") for name in ("actual", "plan", *expected, "chance")]
    return Table(t("kpi.values"), columns, [RowGroup(rows)])


def _expected(view: DataView, row: KpiForecast, unit: Unit) -> dict[str, Cell]:
    fmt = view.fmt
    names = dict(zip(("nearly", "between", "half"), INTERVALS, strict=True))
    between = {
        name: TextCell(f"{fmt.value(getattr(row, low), unit)} – {fmt.value(getattr(row, high), unit)}")
        for name, (_, low, high) in names.items()
    }
    return {"p50": TextCell(fmt.value(row.p50, unit)), "chance": TextCell(fmt.chance(row.chance)), **between}
