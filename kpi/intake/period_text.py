"""Periods as people write them: whole, or in parts that stand in several cells (a year above, quarters below)."""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.intake.labels import simplified
from kpi.intake.period_rules import (
    AS_OF,
    ENGLISH,
    MONTHS,
    ONE_MONTH,
    ORDINALS,
    RULES,
    SINGLE,
    TO_DATE,
    UP_TO,
)
from kpi.periods import FiscalCalendar, Grain, Period


class PeriodParts(NamedTuple):
    """What one text says of a period. ``cumulative``: True for year to date, False for the single period, None unsaid.

    ``ordinal`` of a month is the calendar's. ``day`` is the whole date where one was written; ``monthly``: a value of
    one month, whichever the rest names. ``starts`` is the calendar month that a range such as 1-9月 begins with.
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


_LENGTH = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12}
NOTHING = PeriodParts()


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
    if ONE_MONTH.search(rest):
        rest, parts = ONE_MONTH.sub(" ", rest), parts._replace(cumulative=False, monthly=True)
    for pattern, cumulative in ((SINGLE, False), (TO_DATE, True)):
        if pattern.search(rest):
            rest, parts = pattern.sub(" ", rest), parts._replace(cumulative=cumulative)
    if UP_TO.search(rest) and parts.cumulative is None:
        parts = parts._replace(cumulative=True)
    rest = AS_OF.sub(" ", rest)
    for _ in range(2):
        found = next(((match, kind) for pattern, kind in RULES if (match := pattern.search(rest))), None)
        if found is None:
            break
        match, kind = found
        if kind == "bare_name" and re.search(r"[a-z\d]", (rest[: match.start()] + rest[match.end() :])):
            break
        more = parts.under(_read(match, kind))
        if more is None:
            break
        parts, rest = more, f"{rest[: match.start()]} {rest[match.end() :]}"
        if parts.year is not None and parts.grain is not None:
            break
    return parts, " ".join(rest.split())


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
    month, as that month; None for a day inside a month."""
    day = parts.day
    if day is None:
        return parts
    quarter = calendar.period_of(day)
    if day == calendar.end(quarter) and not monthly:
        return PeriodParts(quarter.year, Grain.QUARTER, quarter.index, parts.cumulative)
    if day.day in (1, monthrange(day.year, day.month)[1]):
        return PeriodParts(day.year, Grain.MONTH, day.month, parts.cumulative)
    return None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _read(match: re.Match[str], kind: str) -> PeriodParts:
    said = {name: value for name, value in match.groupdict().items() if value}
    year = _year(said.get("y"))
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
        "year_ended": PeriodParts(year, Grain.YEAR),
    }
    if kind == "day":
        return _day(year or 0, month, int(said["d"])) or NOTHING
    if kind == "months_ended":
        three = said["words"] == "three"
        grain, index = (Grain.QUARTER, -(-month // 3)) if three else (Grain.MONTH, month)
        starts = (month - _COUNTS[said["words"]]) % 12 + 1
        return PeriodParts(year, grain, index, cumulative=not three, starts=starts)
    return made[kind]


def _day(year: int, month: int, day: int) -> PeriodParts | None:
    try:
        return PeriodParts(year, Grain.MONTH, month, day=date(year, month, day))
    except ValueError:
        return None
