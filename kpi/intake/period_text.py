"""Periods as people write them: whole, or in parts that stand in several cells (a year above, quarters below)."""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.intake.labels import SCENARIO_WORDS, folded, simplified
from kpi.intake.period_rules import (
    AS_OF,
    ELSEWHERE,
    ENGLISH,
    MONTHS,
    ONE_MONTH,
    ORDINALS,
    RULES,
    SINGLE,
    TO_DATE,
    UP_TO,
    year_of,
)
from kpi.intake.period_spans import Span, span_in
from kpi.periods import FiscalCalendar, Grain, Period


class PeriodParts(NamedTuple):
    """What one text says of a period. ``cumulative``: True for year to date, False for the single period, None unsaid.

    ``ordinal`` of a month is the calendar's. ``day`` is the whole date where one was written; ``monthly``: a value of
    one month, whichever the rest names. ``starts`` is the calendar month that a range such as 1-9月 begins with, and
    ``NEVER`` of a range of quarters that is none of a year, or of a quarter beside the one spoken of; ``settled`` drops
    ranges that the calendar has no name for.
    """

    year: int | None = None
    grain: Grain | None = None
    ordinal: int = 1
    cumulative: bool | None = None
    day: date | None = None
    monthly: bool = False
    starts: int = 0

    @property
    def says_period(self) -> bool:
        """Whether year, quarter or the like is said, not only that values are to date."""
        return self.year is not None or self.grain is not None

    def under(self, outer: "PeriodParts") -> "PeriodParts | None":
        """These parts with what ``outer`` adds; None when the two contradict each other."""
        if outer is NOTHING:
            return self
        if self is NOTHING:
            return outer
        year = self.year if self.year is not None else outer.year
        if None not in (self.year, outer.year) and self.year != outer.year:
            return None
        finer = self if self.grain not in (None, Grain.YEAR) else outer
        if self.grain not in (None, Grain.YEAR) and outer.grain not in (None, Grain.YEAR):
            if self.grain is outer.grain and self.ordinal != outer.ordinal:
                return None
            finer = self if _LENGTH[self.grain or Grain.YEAR] <= _LENGTH[outer.grain or Grain.YEAR] else outer
        cumulative = self.cumulative if self.cumulative is not None else outer.cumulative
        grain = finer.grain or self.grain or outer.grain
        monthly, starts = self.monthly or outer.monthly, self.starts or outer.starts
        return PeriodParts(year, grain, finer.ordinal, cumulative, finer.day or self.day, monthly, starts)

    def period(self, calendar: FiscalCalendar) -> Period | None:
        """The fiscal period, when a year is known."""
        if self.year is None or not 1900 <= self.year <= 2999:
            return None
        if self.grain is Grain.MONTH:
            return calendar.period_of(date(self.year, self.ordinal, 1), Grain.MONTH)
        return Period(self.year, self.grain or Grain.YEAR, self.ordinal if self.grain else 1)


_BESIDE = frozenset({"", *map(folded, SCENARIO_WORDS)})
_LENGTH = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}
NOTHING = PeriodParts()
NEVER = 99
_JOINTS = " ()[]-_/:,、"


def contradict(one: PeriodParts, other: PeriodParts, calendar: FiscalCalendar) -> bool:
    """Whether a month lies outside the quarter, or a month or quarter outside the half, that it is said to be in."""
    inner, outer = sorted((one, other), key=lambda parts: _LENGTH.get(parts.grain or Grain.YEAR, 12))
    if inner.grain in (None, Grain.YEAR) or outer.grain in (None, Grain.YEAR) or inner.grain is outer.grain:
        return False
    year = inner.year or outer.year or 2000
    period = inner._replace(year=year).period(calendar)
    return period is not None and -(-period.last_month // _LENGTH[outer.grain or Grain.YEAR]) != outer.ordinal


def plain(text: str) -> str:
    """Half-width, lower case, simplified characters, single blanks."""
    return " ".join(simplified(unicodedata.normalize("NFKC", text)).casefold().split())


def take_period(text: str) -> tuple[PeriodParts, str]:
    """What ``text`` (as ``plain`` gives it) says of a period, and the text without it."""
    parts, rest = NOTHING, text
    spanned = span_in(text)
    if spanned is not None:
        if spanned[1] is None:
            return NOTHING, text
        parts, rest = _of_span(spanned[1]), _without(text, spanned[0])
    parts, rest = _take_words(parts, rest)
    for _ in range(2):
        if parts.year is not None and parts.grain is not None:
            break
        found = next(((match, kind) for pattern, kind in RULES if (match := pattern.search(rest))), None)
        if found is None or not _stands_alone(rest, *found):
            break
        said = _read(*found)
        more = parts.under(said) if said is not NOTHING else None
        if more is None:
            break
        parts, rest = more, _without(rest, found[0])
    rest = " ".join(rest.split())
    elsewhere = parts.grain is None and ELSEWHERE.fullmatch(rest.strip(_JOINTS))
    return parts._replace(starts=NEVER) if elsewhere else parts, rest


def _take_words(parts: PeriodParts, rest: str) -> tuple[PeriodParts, str]:
    """Words for to date, single quarter and single month; a span keeps what it says itself, but for being to date."""
    spans = bool(parts.cumulative)
    if ONE_MONTH.search(rest):
        rest, parts = ONE_MONTH.sub(" ", rest), parts._replace(cumulative=False, monthly=True)
    for pattern, cumulative in ((SINGLE, False), (TO_DATE, True)):
        if pattern.search(rest):
            rest, parts = pattern.sub(" ", rest), parts._replace(cumulative=cumulative or spans)
    if UP_TO.search(rest) and parts.cumulative is None:
        parts = parts._replace(cumulative=True)
    return parts, AS_OF.sub(" ", rest)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _stands_alone(text: str, match: re.Match[str], kind: str) -> bool:
    """Whether a period of this kind may stand beside what else the text says: May may not beside other words, nor
    half-year beside anything but a scenario."""
    around = _without(text, match)
    if kind == "bare_name":
        return re.search(r"[a-z\d]", around) is None
    return not kind.startswith("whole_") or kind == "whole_year" or folded(around) in _BESIDE


def _of_span(span: Span) -> PeriodParts:
    """A span as a quarter, a half or a month to date; the rest is a month to date that ``settled`` drops."""
    year, first, last = span.year, span.first, span.last
    if span.said == "quarters":
        half = (first, last) == (3, 4)
        to_date = PeriodParts(year, Grain.QUARTER, last, cumulative=True, starts=0 if first == 1 else NEVER)
        return PeriodParts(year, Grain.HALF, 2, cumulative=False) if half else to_date
    if span.said == "year":
        return PeriodParts(year, Grain.YEAR, starts=first)
    single = PeriodParts(year, Grain.MONTH, last, cumulative=False)
    if span.length == 1:
        return single
    if span.length == 3 and last % 3 == 0 and (first > 1 or span.said == "ended"):
        return single._replace(grain=Grain.QUARTER, ordinal=last // 3, starts=first)
    if span.length == 6 and first == 7:
        return single._replace(grain=Grain.HALF, ordinal=2, starts=first)
    return single._replace(cumulative=True, starts=first)


def period_in(text: str) -> PeriodParts | None:
    """The parts that a cell's text names when it names nothing else."""
    parts, rest = take_period(plain(text))
    said = parts.says_period and not re.sub(r"[\s()'\"\[\]_,.:;、，：（）\-–—/的]", "", rest)
    return parts if said else None


def period_of_number(value: Decimal) -> PeriodParts | None:
    """The parts that a bare number may stand for where a period is expected: 2026, 2026.09, 202609, 20260930."""
    if not 0 < value < 99_999_999 or value != value.normalize() + 0:
        return None
    text = format(value, "f")
    if re.fullmatch(r"(?:19|20|21)\d{2}", text):
        return PeriodParts(int(text))
    match = re.fullmatch(r"((?:19|20|21)\d{2})(?:\.(0[1-9]|1[0-2])|(0[1-9]|1[0-2])|(0[1-9]|1[0-2])(\d{2}))", text)
    if match is None:
        return None
    if match[5]:
        return _day(int(match[1]), int(match[4]), int(match[5]))
    return PeriodParts(int(match[1]), Grain.MONTH, int(match[2] or match[3]))


def parts_of(content: object) -> PeriodParts | None:
    """The parts that a cell's content names and nothing else: text, a date, or a number such as 2026 or 202609."""
    if isinstance(content, date):
        return PeriodParts(content.year, Grain.MONTH, content.month, day=content)
    if isinstance(content, Decimal):
        return period_of_number(content)
    return period_in(content) if isinstance(content, str) else None


def settled(parts: PeriodParts, calendar: FiscalCalendar, monthly: bool = False) -> PeriodParts | None:
    """Parts with a date read as the quarter it ends, or, in a ``monthly`` table or when it opens or ends another
    month, as that month; None for a day inside a month, or for a range that is no period of the calendar."""
    if parts.starts:
        return _in_calendar(parts, calendar)
    day = parts.day
    if day is None:
        return parts
    quarter = calendar.period_of(day)
    if day == calendar.end(quarter) and not monthly:
        return PeriodParts(quarter.year, Grain.QUARTER, quarter.index, parts.cumulative)
    if day.day in (1, monthrange(day.year, day.month)[1]):
        return PeriodParts(day.year, Grain.MONTH, day.month, parts.cumulative)
    return None


def _in_calendar(parts: PeriodParts, calendar: FiscalCalendar) -> PeriodParts | None:
    """A range as a period of the calendar; a year to date that begins elsewhere is left to a check of its own."""
    january = calendar.first_month == 1
    if parts.cumulative or parts.grain is Grain.MONTH or parts.starts == NEVER:
        return None if parts.starts == NEVER or (january and parts.starts != 1) else parts
    if parts.grain is Grain.HALF:
        return parts._replace(starts=0) if january else None
    last = 3 * parts.ordinal if parts.grain is Grain.QUARTER else (parts.starts + 10) % 12 + 1
    if parts.year is None or (parts.grain is Grain.QUARTER and parts.starts != last - 2):
        return parts
    period = calendar.period_of(date(parts.year, last, 1), parts.grain or Grain.YEAR)
    ends = calendar.end(period).month == last
    return PeriodParts(period.year, parts.grain, period.index, parts.cumulative) if ends else None


def _read(match: re.Match[str], kind: str) -> PeriodParts:
    said = {name: value for name, value in match.groupdict().items() if value}
    year = year_of(said.get("y"))
    month = int(said["m"]) if "m" in said else MONTHS.get(said.get("name", ""), 0)
    ordinal = said.get("q") or said.get("q2") or said.get("h") or said.get("h2") or ""
    index = ORDINALS.get(ordinal) or ENGLISH.get(said.get("e", "")) or {"上": 1, "下": 2}.get(said.get("c", ""), 1)
    made = {
        "to_month": PeriodParts(year, Grain.MONTH, month, cumulative=month > 1, starts=1),
        "to_quarter": PeriodParts(year, Grain.QUARTER, index, cumulative=True),
        "half": PeriodParts(year, Grain.HALF, index),
        "quarter": PeriodParts(year, Grain.QUARTER, index),
        "month": PeriodParts(year, Grain.MONTH, month),
        "bare_name": PeriodParts(year, Grain.MONTH, month),
        "year": PeriodParts(year),
        "whole_year": PeriodParts(None, Grain.YEAR),
        "whole_month": PeriodParts(year, Grain.MONTH, month),
        "whole_months": PeriodParts(None, Grain.MONTH, month, cumulative=True, starts=1),
        "whole_half": PeriodParts(None, Grain.HALF, 1),
    }
    if kind == "day":
        return _day(year or 0, month, int(said["d"])) or NOTHING
    if kind == "day_first":
        return _day_first(year or 0, month, int(said["d"]))
    if kind == "day_or_month":  # 30-Sep ends a month, 25-Sep is one of 2025
        ends = int(said["y"]) in (28, 29) if month == 2 else int(said["y"]) == monthrange(2000, month)[1]
        return PeriodParts(None if ends else year, Grain.MONTH, month)
    return made[kind]


def _day(year: int, month: int, day: int) -> PeriodParts | None:
    try:
        return PeriodParts(year, Grain.MONTH, month, day=date(year, month, day))
    except ValueError:
        return None


def _day_first(year: int, month: int, day: int) -> PeriodParts:
    """A day written before its month, where it can't be the month."""
    sure = day == month or day > 12
    return (_day(year, month, day) if sure and month <= 12 else None) or NOTHING
