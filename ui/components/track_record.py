"""Past forecasts beside what came: a table for a KPI, a line for a run."""

from collections.abc import Sequence

import streamlit as st

from forecast.track_record import Judged, Summary, in_words, summarise
from kpi.catalogue.models import Kpi
from kpi.periods import Grain, Period
from kpi.scorecard.results import Reason, Status
from kpi.units import Unit
from report.format import NOTHING, plain
from report.tables import Cell, Column, Row, RowGroup, StatusCell, Table, TextCell
from ui import data, past
from ui.components.status import reason_word
from ui.components.table import show_table
from ui.view import DataView

ROWS_SHOWN = 12
NUMBERS = {"forecast", "actual", "error", "last_year"}
COLUMNS = ("run", "period", "forecast", "actual", "inside", "error", "last_year")


def past_forecasts(view: DataView, kpi: Kpi) -> None:
    """What past runs forecast of the KPI in the org unit and what came, or when that can first be told."""
    t, unit = view.t, data.catalogue().unit_of(kpi.code)
    judged = past.record(view.snapshot, kpi.code, view.org_unit)
    if not judged:
        st.caption(nothing_yet(view, kpi))
        return
    st.markdown(plain(in_words(summarise(judged)).in_(view.language)))
    columns = [Column(name, t(f"track.column_{name}"), "right" if name in NUMBERS else "left") for name in COLUMNS]
    rows = [row_of(view, each, unit) for each in judged[:ROWS_SHOWN]]
    show_table(Table(t("track.title"), columns, [RowGroup(rows)]), key="track")
    st.caption(note(view, judged))


def nothing_yet(view: DataView, kpi: Kpi) -> str:
    """When the first comparison will be possible."""
    quarter = view.fmt.period(view.last_actual.shift(1))
    if not past.past_runs():
        return view.t("track.no_run", quarter=quarter)
    if view.run is not None and (kpi.code, view.org_unit) not in view.outlooks:
        return view.t("track.not_forecast")
    return view.t("track.first", quarter=quarter)


def note(view: DataView, judged: Sequence[Judged]) -> str:
    """By what was judged, and how much of it is shown."""
    words = [view.t("track.note", id=view.snapshot.id)]
    if len(judged) > ROWS_SHOWN:
        words.append(view.t("track.shown", shown=ROWS_SHOWN, total=len(judged)))
    return "\n\n".join(words)


def row_of(view: DataView, each: Judged, unit: Unit) -> Row:
    """One forecast beside what came."""
    t, fmt = view.t, view.fmt
    between = f"{fmt.value(each.p10, unit)} – {fmt.value(each.p90, unit)}"
    inside = Status.GREEN if each.inside else Status.AMBER
    cells: dict[str, Cell] = {
        "run": TextCell(t("runs.of_snapshot", id=each.snapshot_id), note=fmt.moment(each.made_at)),
        "period": TextCell(_period(view, each.period), note=t("track.redefined") if each.redefined else ""),
        "forecast": TextCell(fmt.value(each.p50, unit), note=between),
        "actual": TextCell(fmt.value(each.actual, unit)),
        "inside": StatusCell(inside.value, t("track.is_inside" if each.inside else "track.is_outside")),
        "error": _error(view, each.error, each.reason),
        "last_year": _last_year(view, each, unit),
    }
    return Row(f"{each.run_id}|{each.period}", cells)


def _period(view: DataView, period: Period) -> str:
    return view.t("track.year", year=period.year) if period.grain is Grain.YEAR else view.fmt.period(period)


def _last_year(view: DataView, each: Judged, unit: Unit) -> TextCell:
    if each.naive is None:
        return TextCell(NOTHING, note=reason_word(each.naive_reason, view.t))
    return TextCell(view.fmt.value(each.naive, unit), note=_error(view, each.naive_error, each.naive_reason).text)


def _error(view: DataView, error: float | None, reason: Reason | None) -> TextCell:
    if error is None:
        return TextCell(NOTHING, note=reason_word(reason, view.t))
    return TextCell(("+" if error > 0 else "") + view.fmt.percent(error))


def run_cell(view: DataView, summary: Summary | None) -> TextCell:
    """What became of a run's forecasts, short enough for a table."""
    t, fmt = view.t, view.fmt
    if summary is None or not summary.judged:
        return TextCell(t("track.not_yet"))
    share = fmt.percent(summary.inside / summary.judged, 0)
    text = t("track.run_inside", inside=summary.inside, judged=summary.judged, share=share)
    if summary.error is None or summary.naive_error is None:
        return TextCell(text)
    own, other = fmt.percent(summary.error), fmt.percent(summary.naive_error)
    return TextCell(text, note=t("track.run_error", own=own, other=other))
