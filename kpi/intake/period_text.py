"""Periods as people write them: whole, or in parts that stand in several cells (a year above, quarters below)."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kpi.intake.labels import simplified
from kpi.periods import FiscalCalendar, Grain, Period

_ORDINALS = {**{str(n): n for n in range(1, 5)}, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "首": 1}
_ENGLISH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_MONTHS |= {
    f"{word}月": number
    for number, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
}
_CHINESE_MONTH = "(?:十[一二]|[一二三四五六七八九十])月"
_NAME = "|".join(sorted((name for name in _MONTHS if name.isascii()), key=len, reverse=True))
_Y = r"(?<!\d)(?:fy ?)?(?P<y>(?:19|20|21)\d{2})(?!\d)"
_YY = r"(?:fy ?)?(?P<y>(?:19|20|21)\d{2}(?!\d)|'?\d{2}(?!\d))"
_AGE = r"(?:年度?|财年)?[-_/. ]?"
_M = r"(?P<m>1[0-2]|0?[1-9])(?!\d)"
_TO = r"\s?(?:-|–|—|~|～|至|到|to)\s?"
_CN = "[一二三四两1-4]"
_END = r"(?:份|末|底)?"
_NO_WORD = r"(?![a-z])"


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), kind) for pattern, kind in pairs)


_RULES = _rules(
    (rf"{_Y}{_AGE}0?1月?{_TO}{_M}月{_END}", "to_month"),
    (rf"{_Y}[-/. ]?m0?1{_TO}m{_M}", "to_month"),
    (rf"(?<![\d个-])0?1月?{_TO}{_M}月{_END}", "to_month"),
    (rf"(?<![a-z])jan(?:uary)?\.?{_TO}(?P<name>{_NAME})\.?[-' ,]*{_YY}", "to_month"),
    (rf"(?<![a-z])jan(?:uary)?\.?{_TO}(?P<name>{_NAME}){_NO_WORD}", "to_month"),
    (rf"(?<!\d)(?P<m>3|6|9|12)m[-' ]*{_YY}", "to_month"),
    (rf"{_Y}[-' ]*(?P<m>3|6|9|12)m{_NO_WORD}", "to_month"),
    (r"(?<![\w.])(?P<m>6|9)m(?!\w)", "to_month"),
    (rf"{_Y}{_AGE}前(?P<q>[二两三四2-4])个?季度?", "to_quarter"),
    (r"前(?P<q>[二两三四2-4])个?季度", "to_quarter"),
    (rf"{_Y}{_AGE}第?[一1]{_TO}第?(?P<q>[二三四2-4])季度?", "to_quarter"),
    (rf"第?[一1](?:季度)?{_TO}第?(?P<q>[二三四2-4])季度", "to_quarter"),
    (rf"{_Y}[-/. ]?q1{_TO}q?(?P<q>[2-4])(?!\d)", "to_quarter"),
    (rf"(?<![a-z])q1{_TO}q?(?P<q>[2-4])[-/.' ]*{_YY}", "to_quarter"),
    (rf"(?<![a-z])q1{_TO}q(?P<q>[2-4])(?!\d)", "to_quarter"),
    (r"(?:for the )?(?P<words>three|six|nine|twelve) months (?:ended|ending|to)(?: \d{1,2}(?:st|nd|rd|th)?)? "
     rf"(?P<name>{_NAME})\.?(?: \d{{1,2}},?)?(?: {_Y})?", "months_ended"),
    (rf"{_Y}[-/. ]?h(?P<h>[12])(?!\d)", "half"),
    (rf"(?<![a-z])h(?P<h>[12])[-/.' ]*{_YY}", "half"),
    (rf"(?<!\d)(?P<h>[12])h[-/.' ]*{_YY}", "half"),
    (rf"{_Y}{_AGE}(?P<c>[上下])半年", "half"),
    (r"(?P<c>[上下])半年", "half"),
    (rf"(?P<e>first|second) half(?: of)?(?: {_YY})?", "half"),
    (r"(?<![a-z\d])h(?P<h>[12])(?![\da-z])|(?<![\da-z])(?P<h2>[12])h(?![\da-z])", "half"),
    (rf"{_Y}[-_/. ]*q(?P<q>[1-4])(?!\d)", "quarter"),
    (r"(?<![\d.])fy ?(?P<y>\d{2})[-_/. ]*q(?P<q>[1-4])(?!\d)", "quarter"),
    (r"(?<![\d.a-z])(?P<y>\d{2})[-_/. ]?q(?P<q>[1-4])(?!\d)", "quarter"),
    (rf"(?<![a-z])q(?P<q>[1-4])[-_/.', ]*{_YY}", "quarter"),
    (rf"(?<!\d)(?P<q>[1-4])q[-_/.', ]*{_YY}", "quarter"),
    (rf"{_Y}{_AGE}第?(?P<q>{_CN}) ?季度?", "quarter"),
    (r"(?<!\d)(?P<y>\d{2})年第?(?P<q>[一二三四1-4])季度?", "quarter"),
    (rf"第(?P<q>{_CN})季度?|(?<![\d十第])(?P<q2>{_CN}|首)季度", "quarter"),
    (rf"(?:the )?(?P<e>first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|qtr)(?: of)?(?:,? {_YY})?", "quarter"),
    (rf"(?:quarter|qtr)\.? ?(?P<q>[1-4])(?!\d)(?:[-/., ]*{_YY})?", "quarter"),
    (r"(?<![a-z\d])q(?P<q>[1-4])(?![\da-z])|(?<![\da-z.])(?P<q2>[1-4])q(?![\da-z])", "quarter"),
    (r"(?<!\d)(?P<y>(?:19|20|21)\d{2})(?:-|/|\.|年)(?P<m>0?[1-9]|1[0-2])(?:-|/|\.|月)(?P<d>[12]\d|3[01]|0?[1-9])"
     r"日?(?!\d)(?: ?00:00:00)?", "day"),
    (rf"(?P<name>{_NAME})\.? (?P<d>[12]\d|3[01]|0?[1-9]),? {_Y}", "day"),
    (rf"(?<!\d)(?P<d>[12]\d|3[01]|0?[1-9])[- ](?P<name>{_NAME})\.?[-, ]+{_YY}", "day"),
    (rf"{_Y}(?:[-/.]|年度?) ?{_M}(?![.\d])月?{_END}", "month"),
    (rf"{_Y}[-_/. ]?m{_M}", "month"),
    (rf"{_Y}年度?(?P<name>{_CHINESE_MONTH}){_END}", "month"),
    (rf"(?<![a-z])(?P<name>{_NAME})\.?[-_/', ]*{_YY}", "month"),
    (rf"{_Y}[-_/', ]*(?P<name>{_NAME}){_NO_WORD}", "month"),
    (rf"(?<![\d])(?P<y>\d{{2}})[-'](?P<name>{_NAME}){_NO_WORD}", "month"),
    (rf"(?<![\d个第.十-])(?P<m>1[0-2]|0?[1-9])月(?!度数){_END}", "month"),
    (rf"(?P<name>(?<![个十]){_CHINESE_MONTH}){_END}", "month"),
    (rf"(?<![a-z])(?P<name>{_NAME}){_NO_WORD}", "bare_name"),
    (rf"(?:full year|fiscal year|year|fy|cy)[-_ ]?{_YY}", "year"),
    (rf"{_Y}(?:年度|财年|会计年度|年全年|年末|年底|年|全年| ?fy| full year)?", "year"),
    (r"(?<!\d)(?P<y>\d{2})年(?![一-鿿])", "year"),
    (r"全年度?|full[- ]year", "whole_year"),
)  # fmt: skip
_TO_DATE = re.compile(
    r"(?<![非不勿无])(?:(?:本年|当年|年初|全年)?累计(?:数|值|额|发生额?)?|年初至今|本年至今|本年数|年累)"
    r"|(?<!not )(?<![a-z])(?:ytd|year[- ]to[- ]date|cumulative(?:ly)?|cum\.?|accumulated)(?![a-z])"
)
_SINGLE = re.compile(
    r"(?:当季度?|本季度?|单季度?|当期|本期)(?:数|值|额|发生额?)?"
    r"|(?<![a-z])(?:qtd|(?:current|this|single|discrete|standalone) (?:quarter|period)|in[- ]quarter"
    r"|for the quarter)(?![a-z])"
)
_ONE_MONTH = re.compile(
    r"(?:当月|本月|单月)(?:数|值|额|发生额?)?|(?<![a-z])(?:mtd|(?:current|this|single) month|for the month)(?![a-z])"
)
_UP_TO = re.compile(r"截[至止](?!当期)|(?<![a-z])as (?:of|at)(?![a-z])")
_AS_OF = re.compile(
    r"截[至止](?:到)?|报告期(?:间)?[:：]?|(?<=季度)[末底]|(?<=季)[末底]"
    r"|(?<![a-z])(?:as (?:of|at)|(?:period|quarter|month|year) (?:ended|ending)|(?<!months )ended|end of)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class PeriodParts:
    """What one text says of a period. ``cumulative``: True for year to date, False for the single period, None unsaid.

    ``index`` of a month is the calendar's. ``day`` is the whole date where one was written; ``monthly``: a value of one
    month, whichever the rest names.
    """

    year: int | None = None
    grain: Grain | None = None
    index: int = 1
    cumulative: bool | None = None
    day: date | None = None
    monthly: bool = False

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
            if self.grain is outer.grain and self.index != outer.index:
                return None
            finer = self if _LENGTH[self.grain or Grain.YEAR] <= _LENGTH[outer.grain or Grain.YEAR] else outer
        cumulative = self.cumulative if self.cumulative is not None else outer.cumulative
        grain = finer.grain or self.grain or outer.grain
        return PeriodParts(year, grain, finer.index, cumulative, finer.day or self.day, self.monthly or outer.monthly)

    def period(self, calendar: FiscalCalendar) -> Period | None:
        """The fiscal period, when a year is known."""
        if self.year is None or not 1900 <= self.year <= 2999:
            return None
        if self.grain is Grain.MONTH:
            return calendar.period_of(date(self.year, self.index, 1), Grain.MONTH)
        return Period(self.year, self.grain or Grain.YEAR, self.index if self.grain else 1)


_LENGTH = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}
NOTHING = PeriodParts()


def contradict(one: PeriodParts, other: PeriodParts, calendar: FiscalCalendar) -> bool:
    """Whether a month lies outside the quarter, or a month or quarter outside the half, that it is said to be in."""
    inner, outer = sorted((one, other), key=lambda parts: _LENGTH.get(parts.grain or Grain.YEAR, 12))
    if inner.grain in (None, Grain.YEAR) or outer.grain in (None, Grain.YEAR) or inner.grain is outer.grain:
        return False
    year = inner.year or outer.year or 2000
    period = replace(inner, year=year).period(calendar)
    return period is not None and -(-period.last_month // _LENGTH[outer.grain or Grain.YEAR]) != outer.index


@dataclass(frozen=True, slots=True)
class PeriodFound:
    """A period and whether the text says that values run from the start of the year."""

    period: Period
    cumulative: bool = False


def plain(text: str) -> str:
    """Half-width, lower case, simplified characters, single blanks."""
    return " ".join(simplified(unicodedata.normalize("NFKC", text)).casefold().split())


def take_period(text: str) -> tuple[PeriodParts, str]:
    """What ``text`` (as ``plain`` gives it) says of a period, and the text without it."""
    parts, rest = NOTHING, text
    if _ONE_MONTH.search(rest):
        rest, parts = _ONE_MONTH.sub(" ", rest), replace(parts, cumulative=False, monthly=True)
    for pattern, cumulative in ((_SINGLE, False), (_TO_DATE, True)):
        if pattern.search(rest):
            rest, parts = pattern.sub(" ", rest), replace(parts, cumulative=cumulative)
    if _UP_TO.search(rest) and parts.cumulative is None:
        parts = replace(parts, cumulative=True)
    rest = _AS_OF.sub(" ", rest)
    for _ in range(2):
        found = next(((match, kind) for pattern, kind in _RULES if (match := pattern.search(rest))), None)
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


def parse_period(content: object, calendar: FiscalCalendar) -> PeriodFound | None:
    """The whole period that a cell's content names by itself, or None.

    ``2026Q3``, ``Q3 2026``, ``3Q26``, ``2026年三季度``, ``2026``, ``2026年上半年``, ``2026-09``, ``Sep-26``,
    ``2026年1-9月`` (to date); a date that ends a fiscal quarter is that quarter, one that opens or ends a month
    the month.
    """
    parts = parts_of(content)
    known = settled(parts, calendar) if parts else None
    period = known.period(calendar) if known else None
    return PeriodFound(period, bool(known and known.cumulative)) if period else None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _read(match: re.Match[str], kind: str) -> PeriodParts:
    said = {name: value for name, value in match.groupdict().items() if value}
    year = _year(said.get("y"))
    month = int(said["m"]) if "m" in said else _MONTHS.get(said.get("name", ""), 0)
    ordinal = said.get("q") or said.get("q2") or said.get("h") or said.get("h2") or ""
    index = _ORDINALS.get(ordinal) or _ENGLISH.get(said.get("e", "")) or {"上": 1, "下": 2}.get(said.get("c", ""), 1)
    made = {
        "to_month": PeriodParts(year, Grain.MONTH, month, cumulative=month > 1),
        "to_quarter": PeriodParts(year, Grain.QUARTER, index, cumulative=True),
        "half": PeriodParts(year, Grain.HALF, index),
        "quarter": PeriodParts(year, Grain.QUARTER, index),
        "month": PeriodParts(year, Grain.MONTH, month),
        "bare_name": PeriodParts(year, Grain.MONTH, month),
        "year": PeriodParts(year),
        "whole_year": PeriodParts(None, Grain.YEAR),
    }
    if kind == "day":
        return _day(year or 0, month, int(said["d"])) or NOTHING
    if kind == "months_ended":
        three = said["words"] == "three"
        grain, index = (Grain.QUARTER, -(-month // 3)) if three else (Grain.MONTH, month)
        return PeriodParts(year, grain, index, cumulative=not three)
    return made[kind]


def _day(year: int, month: int, day: int) -> PeriodParts | None:
    try:
        return PeriodParts(year, Grain.MONTH, month, day=date(year, month, day))
    except ValueError:
        return None
