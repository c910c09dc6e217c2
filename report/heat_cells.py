"""The words and colours of a heat map's cells: attainment, status, change and chance of one KPI in one org unit."""

from decimal import Decimal
from typing import Literal

from forecast.records import KpiForecast
from kpi.scorecard.heat import attainment_step, chance_step, move_step
from kpi.scorecard.moves import Move
from kpi.scorecard.results import Judged, Reason, Status, Value
from kpi.units import Dimension, Unit
from report.format import NOTHING, Format, enough_digits
from report.heat_map import HeatCell
from report.words import Words

_CELL_DIGITS = 2
_WHOLE = Decimal("0.0995")  # relative changes from 10 % on stand without digits after the point


def short_share(amount: Decimal, fmt: Format) -> str:
    """Percent with no more digits than it takes to stay on its side of the target: 99.7 % is never shown as 100 %."""
    for digits in range(_CELL_DIGITS + 1):
        if (round(amount, digits + 2) >= 1) == (amount >= 1):
            return fmt.percent(amount, digits)
    return "<" + fmt.percent(1, 0)


def nothing(reason: Reason | None, t: Words) -> HeatCell:
    """No number, and why."""
    return HeatCell(NOTHING, note=t(f"reason.{(reason or Reason.NO_DATA).value}"))


def partial_note(value: Value, t: Words) -> str:
    """What the number rests on, where that is not everything."""
    return (
        "" if value.present >= value.expected else t("status.partial", present=value.present, expected=value.expected)
    )


def attainment_cell(result: Judged, width: Decimal, t: Words, fmt: Format) -> HeatCell:
    """How far the target is met; a step is as wide as the scorecard's amber zone."""
    reached = result.attainment
    if reached.amount is None:
        return nothing(reached.reason, t)
    rests = partial_note(reached, t)
    return HeatCell(
        short_share(reached.amount, fmt),
        fmt.percent(reached.amount),
        "; ".join(filter(None, (t(f"status.{result.status.value}"), rests))),
        str(attainment_step(reached.amount, width)),
        partial=bool(rests),
        share=reached.amount,
    )


def status_cell(result: Judged, t: Words, fmt: Format) -> HeatCell:
    """The traffic light, drawn as its shape; its attainment in words."""
    if result.status is Status.NONE:
        return nothing(result.value.reason or result.attainment.reason, t)
    rests, word = partial_note(result.value, t), t(f"status.{result.status.value}")
    reached = result.attainment.amount
    notes = ("" if reached is None else t("heat.reached", share=fmt.percent(reached)), rests)
    return HeatCell("", word, "; ".join(filter(None, notes)), result.status.value, partial=bool(rests))


def move_cell(move: Move, unit: Unit, relative: bool, t: Words, fmt: Format) -> HeatCell:
    """The change, and whether it is one to the better."""
    amount, step = move.change.amount, move_step(move)
    if amount is None:
        return nothing(move.change.reason, t)
    text, full = change_texts(amount, unit, relative, fmt)
    if step is None:
        return HeatCell(text, full, t("heat.not_judged"))
    mark: Literal["", "better", "worse"] = "better" if step > 0 else "worse" if step < 0 else ""
    word = mark or ("level" if amount else "same")
    share = amount if relative or unit.dimension is Dimension.SHARE else None
    return HeatCell(text, full, t(f"heat.{word}"), str(step), mark, share=share)


def change_texts(amount: Decimal, unit: Unit, relative: bool, fmt: Format) -> tuple[str, str]:
    """A change as short as a cell, and in full with as many digits as it takes to be told from none."""
    full = fmt.change(amount, unit, relative)
    if relative:
        sign = "+" if amount > 0 else ""
        text = sign + fmt.percent(amount, 0) if abs(amount) >= _WHOLE else _few(amount * 100, fmt) + "%"
        return text, full
    shares = unit.dimension in {Dimension.SHARE, Dimension.SHARE_CHANGE}
    return _few(amount * 100 if shares else amount, fmt), full


def _few(amount: Decimal, fmt: Format) -> str:
    """With its sign and at most two digits after the point; too small for them is not written as none."""
    if amount and not round(amount, 2):
        return "≈0"
    text = fmt.score(amount) if enough_digits(amount) == 1 and amount else fmt.decimal(amount, 2)
    return f"+{text}" if amount > 0 else text


def chance_cell(landing: KpiForecast | None, t: Words, fmt: Format, has_run: bool) -> HeatCell:
    """The chance that the year-end value meets the plan."""
    if landing is None:
        return HeatCell(NOTHING, note=t("scorecard.not_forecast" if has_run else "scorecard.no_forecast"))
    if landing.chance is None:
        return nothing(landing.reason or Reason.NO_PLAN, t)
    text = fmt.chance(landing.chance)
    return HeatCell(text, text, t("heat.chance_said"), str(chance_step(landing.chance)), share=landing.chance)


def score_cell(score: Value, status: Status, t: Words, fmt: Format) -> HeatCell:
    """The total score of an org unit with its status."""
    if score.amount is None:
        return nothing(score.reason, t)
    text = fmt.score(score.amount)
    return HeatCell(text, text, t(f"status.{status.value}"), status.value)
