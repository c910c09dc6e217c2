"""Status and missing values in words."""

from kpi.scorecard.results import KpiResult, Reason, Status, Value
from kpi.units import Unit
from report.format import NOTHING, Format
from report.tables import BarCell, StatusCell, TextCell
from report.words import Words

SHAPE = {Status.GREEN: "●", Status.AMBER: "▲", Status.RED: "◆", Status.NONE: "○"}
"""A sign beside the colour, for documents without icons."""


def status_word(status: Status, t: Words) -> str:
    """The word beside the colour."""
    return t(f"status.{status.value}")


def status_cell(status: Status, t: Words) -> StatusCell:
    """A status for a table."""
    return StatusCell(status.value, status_word(status, t))


def reason_word(reason: Reason | None, t: Words) -> str:
    """Why there is no number, as a phrase."""
    return t(f"reason.{(reason or Reason.NO_DATA).value}")


def coverage_note(value: Value, t: Words) -> str:
    """``8 of 9`` when only a part of the expected cells carried data."""
    partial = value.amount is not None and value.present < value.expected
    return t("status.partial", present=value.present, expected=value.expected) if partial else ""


def value_cell(value: Value, unit: Unit, t: Words, fmt: Format) -> TextCell:
    """A value for a table; a dash with its reason when there is none."""
    if value.amount is None:
        return TextCell(NOTHING, title=reason_word(value.reason, t))
    return TextCell(fmt.value(value.amount, unit), note=coverage_note(value, t))


def attainment_cell(result: KpiResult, t: Words, fmt: Format) -> TextCell | BarCell:
    """An attainment for a table: a bar, and how much it rests on where that is not everything."""
    attained = result.attainment
    if attained.amount is None:
        return TextCell(NOTHING, title=reason_word(attained.reason, t))
    text = fmt.percent(attained.amount)
    return BarCell.attainment(text, float(attained.amount), result.status, coverage_note(attained, t))
