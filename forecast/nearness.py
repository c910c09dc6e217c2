"""How near forecasts of a KPI were to what came, beside last year's same quarter, in words. Needs no torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kpi.periods import Period
from kpi.text import Text
from kpi.units import Dimension, Unit

FEWEST: Final = 4
"""Quarters below which a half of them says nothing."""


@dataclass(frozen=True, slots=True)
class KpiPast:
    """What was ``said`` of a quarter one quarter before, what came, and last year's value; None where that has none or
    a definition changed since. In base units."""

    kpi: str
    org_unit: str
    quarter: Period
    said: float
    actual: float
    last_year: float | None


@dataclass(frozen=True, slots=True)
class Nearness:
    """Of the last ``quarters`` half were no farther off than ``within``, and than ``last_year`` had that been said.

    Misses are shares of what came or, ``in_points``, differences of shares. None where fewer than :data:`FEWEST`
    quarters tell, or what came was nought.
    """

    quarters: int
    within: float | None
    last_year: float | None
    in_points: bool


def nearness(rows: Sequence[KpiPast], in_points: bool) -> Nearness:
    """How near the forecasts of one KPI in one org unit were. Both are told of the same quarters, if enough have a last
    year's value."""
    told = [(row, miss) for row in rows if (miss := _miss(row.said, row.actual, in_points)) is not None]
    pairs = [(own, miss) for row, own in told if (miss := _miss(row.last_year, row.actual, in_points)) is not None]
    if len(pairs) >= FEWEST:
        return Nearness(len(pairs), _half([own for own, _ in pairs]), _half([other for _, other in pairs]), in_points)
    within = _half([own for _, own in told]) if len(told) >= FEWEST else None
    return Nearness(len(told), within, None, in_points)


def _miss(said: float | None, actual: float, in_points: bool) -> float | None:
    if said is None or (not actual and not in_points):
        return None
    return abs(said - actual) if in_points else abs((said - actual) / actual)


def _half(misses: Sequence[float]) -> float:
    """The smallest miss that at least half do not exceed."""
    return sorted(misses)[(len(misses) - 1) // 2]


def nearness_in_words(found: Nearness) -> Text:
    """One sentence or two, for people who plan by the forecast."""
    count = found.quarters
    if found.within is None:
        return Text(
            zh=f"可以检验的季度只有 {count} 个(至少需要 {FEWEST} 个)，还不能说明预测有多准。",
            en=f"Only {count} quarters can be checked, and it takes {FEWEST} to say how good the forecast is.",
        )
    (zh, en), zh_also, en_also = _amount(found.within, found.in_points), "", ""
    if found.last_year is not None:
        other_zh, other_en = _amount(found.last_year, found.in_points)
        zh_also = f"；若用上年同期值，则为 {other_zh}"
        en_also = f"; last year's same quarter would have been within {other_en}"
    en_own = f"within {en} half of the time"
    return Text(
        zh=f"过去 {count} 个季度里，提前一个季度的预测有一半误差不超过 {zh}{zh_also}。",
        en=f"In the last {count} quarters the forecast made a quarter before was {en_own}{en_also}.",
    )


def nearness_told(rows: Sequence[KpiPast], unit: Unit) -> Text:
    """The same of the forecasts of one KPI in one org unit, whose values have ``unit``: of shares in points."""
    return nearness_in_words(nearness(rows, unit.dimension in {Dimension.SHARE, Dimension.SHARE_CHANGE}))


def _amount(miss: float, in_points: bool) -> tuple[str, str]:
    shown = f"{100 * miss:.2f}" if miss < 0.001 else f"{100 * miss:.1f}"
    return (f"{shown} 个百分点", f"{shown} percentage points") if in_points else (f"{shown}%", f"{shown} %")
