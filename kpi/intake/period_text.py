"""Periods as people write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kpi.periods import FiscalCalendar, Grain, Period

_ORDINALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:FY|财年)?(?P<year>(?:19|20|2[1-9])\d{2})"
_SHORT = r"(?P<short>\d{2})"
_QUARTER = re.compile(
    rf"{_YEAR}[-/.]?Q(?P<a>[1-4])|Q(?P<b>[1-4])[-/.]?{_YEAR.replace('year', 'year2')}"
    rf"|(?P<c>[1-4])Q[-/.]?(?:{_YEAR.replace('year', 'year3')}|{_SHORT})"
    rf"|{_YEAR.replace('year', 'year4')}(?:年度?)?[-/.]?第?(?P<d>[一二三四1-4])季度?",
    re.IGNORECASE,
)
_ANNUAL = re.compile(rf"{_YEAR}(?:年度?|全年|年全年)?", re.IGNORECASE)
_HALF = re.compile(
    rf"{_YEAR}[-/.]?H(?P<a>[12])|H(?P<b>[12])[-/.]?{_YEAR.replace('year', 'year2')}"
    rf"|{_YEAR.replace('year', 'year3')}年?(?P<c>[上下])半年",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"{_YEAR}(?:[-/.]|年)(?P<month>0?[1-9]|1[0-2])月?", re.IGNORECASE)
_CUMULATIVE = re.compile(r"累计|年初至今|本年至今|YTD|YEARTODATE|CUMULATIVE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PeriodFound:
    """A period and whether the text says that values run from the start of the year."""

    period: Period
    cumulative: bool = False


def parse_period(content: object, calendar: FiscalCalendar) -> PeriodFound | None:
    """The period that a cell's content names, or None.

    ``2026Q3``, ``Q3 2026``, ``3Q26``, ``2026年三季度``, ``2026年第3季度``, ``2026``, ``2026年度``, ``2026H1``,
    ``2026年上半年``, ``2026-09``, ``2026.9``, ``2026年9月``; a date that ends a fiscal quarter is that quarter.
    """
    if isinstance(content, date):
        return _of_date(content, calendar)
    text = re.sub(r"[\s'()_]", "", unicodedata.normalize("NFKC", str(content or "")))
    cumulative = bool(_CUMULATIVE.search(text))
    text = _CUMULATIVE.sub("", text)
    period = _quarter(text) or _half(text) or _month(text) or _annual(text)
    return PeriodFound(period, cumulative) if period else None


def _year(match: "re.Match[str]") -> int:
    groups = match.groupdict()
    full = next((groups[name] for name in ("year", "year2", "year3", "year4") if groups.get(name)), None)
    return int(full) if full else 2000 + int(groups["short"])


def _quarter(text: str) -> Period | None:
    match = _QUARTER.fullmatch(text)
    if match is None:
        return None
    index = next(match[name] for name in "abcd" if match[name])
    return Period.quarter(_year(match), _ORDINALS[index])


def _half(text: str) -> Period | None:
    match = _HALF.fullmatch(text)
    if match is None:
        return None
    index = match["a"] or match["b"] or {"上": "1", "下": "2"}[match["c"]]
    return Period(_year(match), Grain.HALF, int(index))


def _month(text: str) -> Period | None:
    match = _MONTH.fullmatch(text)
    return Period(_year(match), Grain.MONTH, int(match["month"])) if match else None


def _annual(text: str) -> Period | None:
    match = _ANNUAL.fullmatch(text)
    return Period(_year(match)) if match else None


def _of_date(day: date, calendar: FiscalCalendar) -> PeriodFound | None:
    quarter = calendar.period_of(day)
    if day == calendar.end(quarter):
        return PeriodFound(quarter)
    return PeriodFound(calendar.period_of(day, Grain.MONTH)) if day.day == 1 else None
