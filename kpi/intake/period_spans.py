"""Spans of several months or quarters as people write them: 7-9月, Jul-Sep, six months ended 30 June, Q2-Q3."""

import re
from calendar import monthrange
from typing import NamedTuple

from kpi.intake.period_rules import AGE, END, MONTH_NAME, MONTHS, NO_COUNT, TO, YEAR, YEAR_SHORT, year_of


class Span(NamedTuple):
    """The calendar months ``first`` to ``last`` of which the last lies in ``year``, or quarters of a year.

    ``said``: ``range`` two ends, ``ended`` a length and an end, ``first`` a length from the start of the year,
    ``year`` a whole year up to its last month, ``quarters`` two quarters.
    """

    said: str
    year: int | None
    first: int
    last: int

    @property
    def length(self) -> int:
        """How many months or quarters it has."""
        return (self.last - self.first) % 12 + 1


_COUNTED = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_COUNTS = {
    **{word: number for number, word in enumerate(_COUNTED, 2)},
    **dict(zip("两二三四五六七八九十", (2, *range(2, 11)), strict=True)),
    "十一": 11,
    "十二": 12,
}
_Y4 = r"(?:19|20|21)\d{2}"
_M1, _M2 = r"(?P<m1>1[0-2]|0?[1-9])", r"(?P<m2>1[0-2]|0?[1-9])"
_MM1, _MM2 = r"(?P<m1>1[0-2]|0[1-9])", r"(?P<m2>1[0-2]|0[1-9])"
_TH = r"(?:st|nd|rd|th)?"
_COUNT = rf"(?P<count>{'|'.join(_COUNTED)}|1[0-2]|[2-9])"
_COUNT_ZH = r"(?P<count>十[一二]?|[两二三四五六七八九]|1[0-2]|[2-9])"
_DAY1, _DAY2 = r"(?P<d1>\d{1,2})", r"(?P<d2>\d{1,2})"
_QUARTER1, _QUARTER2 = r"(?P<q1>[1-4一二三四])", r"(?P<q2>[1-4一二三四])"
_ENDED = r"(?:ended|ending|to)"
_UP_TO = rf"{_ENDED}(?: {_DAY2}{_TH})? (?P<n2>{MONTH_NAME})(?![a-z])\.?(?: (?P<d3>\d{{1,2}})(?!\d),?)?(?:,? {YEAR})?"
_MAY_SPAN = re.compile(r"[-–—~至到止]|个月|month|year|quarter|qtr|through| to ")
_SPANS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"(?<!\d)(?P<y1>{_Y4})年 ?{_M1}月(?:{_DAY1}日)?{TO}(?:{YEAR}年)? ?{_M2}月(?:{_DAY2}日)?"
         rf"{NO_COUNT}{END}", "range"),
        (rf"{YEAR}{AGE}{_M1}{TO}{_M2}月{NO_COUNT}{END}", "range"),
        (rf"(?<![\d./-])(?P<y1>{_Y4})(?P<s>[-/.]){_M1}(?:(?P=s){_DAY1})?{TO}(?P<y>{_Y4})"
         rf"(?P=s){_M2}(?:(?P=s){_DAY2})?(?![\d/])", "range"),
        (rf"(?<!\d)(?P<y1>{_Y4}){_MM1}{TO}(?P<y>{_Y4}){_MM2}(?!\d)", "range"),
        (rf"{YEAR}[./]{_MM1}(?:-|–|—|~|至|到){_MM2}(?![\d./-])", "range"),
        (rf"{YEAR}-{_MM1}(?:~|至|到){_MM2}(?![\d./-])", "range"),
        (rf"(?<![\d个第.-]){_M1}(?:月(?:{_DAY1}日)?)?{TO}{_M2}月(?:{_DAY2}日)?{NO_COUNT}{END}", "range"),
        (rf"(?<![a-z])(?:{_DAY1}{_TH} )?(?P<n1>{MONTH_NAME})\.?(?: (?P<y1>{_Y4})|[-'](?P<yy1>\d{{2}})(?!\d))?{TO}"
         rf"(?:{_DAY2}{_TH} )?(?P<n2>{MONTH_NAME})(?![a-z])\.?(?:[-_/', ]*{YEAR_SHORT})?", "range"),
        (rf"(?<![a-z])(?P<n1>{MONTH_NAME})\.? {_DAY1}{_TH}(?:, ?(?P<y1>{_Y4}))?{TO}"
         rf"(?P<n2>{MONTH_NAME})\.? {_DAY2}{_TH}(?!\d)(?:,? {YEAR})?", "range"),
        (rf"(?<![a-z\d])(?:for the )?{_COUNT}[- ]months?(?: period)? {_UP_TO}", "ended"),
        (rf"(?<![a-z])(?:for the )?(?P<quarter>quarter|qtr)(?: period)? {_UP_TO}", "ended"),
        (rf"(?<![a-z])(?:for the )?(?P<half>half)[- ]year(?: period)? {_UP_TO}", "ended"),
        (rf"(?<![a-z-])(?:for the )?(?:financial |fiscal )?year {_UP_TO}", "year"),
        (r"(?<![a-z\d])(?:[a-z]{3,9}|\d{1,2})[- ]months?(?: period)? (?:ended|ending)(?![a-z])", "unclear"),
        (rf"(?:截[至止]到?)?(?:{YEAR}年)?(?<!\d){_M2}月(?:{_DAY2}日)?[止的]{_COUNT_ZH}个月(?:期间)?", "ended"),
        (rf"(?:截[至止]到?)?(?:{YEAR}年)?(?<!\d){_M2}月(?:{_DAY2}日)?止(?P<quarter>季度)(?:期间)?", "ended"),
        (rf"(?:截[至止]到?)?(?:{YEAR}年)?(?<!\d){_M2}月(?:{_DAY2}日)?止(?P<half>半年)度?(?:期间)?", "ended"),
        (rf"(?:截[至止]到?)?(?:{YEAR}年)?(?<!\d){_M2}月(?:{_DAY2}日)?止(?:会计)?年度", "year"),
        (rf"(?<![a-z])(?:the )?first {_COUNT} months(?: of| in)?(?![a-z])(?:,? {YEAR_SHORT})?", "first"),
        (rf"(?<![\w.-])(?P<count>three|six|nine|twelve|3|6|9|12)[- ]months?,? {YEAR}", "first"),
        (rf"{YEAR} (?P<count>three|six|nine|twelve|3|6|9|12)[- ]months?(?! (?:ended|ending|to))(?![a-z])", "first"),
        (rf"(?:{YEAR}{AGE})?(?<![提之以])[前头首]{_COUNT_ZH}个月", "first"),
        (rf"{YEAR}{AGE}[ ,]*q{_QUARTER1}{TO}q?{_QUARTER2}q?(?![\d.])", "quarters"),
        (rf"(?<![\d.a-z])(?:fy ?)?(?P<yy>\d{{2}})年?[-_/. ]?q{_QUARTER1}{TO}q?{_QUARTER2}q?(?![\d.])", "quarters"),
        (rf"{YEAR}[-/. ]?{_QUARTER1}q{TO}{_QUARTER2}q(?!\d)", "quarters"),
        (rf"(?<![a-z\d])q{_QUARTER1}{TO}q?{_QUARTER2}[-/.,' ]*{YEAR_SHORT}", "quarters"),
        (rf"(?<![a-z\d.]){_QUARTER1}q?{TO}{_QUARTER2}q[-/.,' ]*{YEAR_SHORT}", "quarters"),
        (rf"(?<![a-z\d])q{_QUARTER1}{TO}q?{_QUARTER2}q?(?![\d\w.])", "quarters"),
        (rf"(?<![a-z\d.]){_QUARTER1}q{TO}{_QUARTER2}q(?![\d\w])", "quarters"),
        (rf"(?:{YEAR}{AGE})?第?(?<![\d.十]){_QUARTER1}(?:季度?)?{TO}第?{_QUARTER2}季度?", "quarters"),
    )
)  # fmt: skip


def span_in(text: str) -> tuple[re.Match[str], Span | None] | None:
    """The first span that ``text`` names and where; None in its place when it looks like one and can't be."""
    for pattern, said in _SPANS if _MAY_SPAN.search(text) else ():
        match = pattern.search(text)
        if match is not None:
            return match, _read({name: value for name, value in match.groupdict().items() if value}, said)
    return None


def _read(found: dict[str, str], said: str) -> Span | None:
    if said == "unclear":
        return None
    year = year_of(found.get("y") or found.get("yy") or found.get("y1") or found.get("yy1"))
    if said == "quarters":
        first, last = (int(found[q]) if found[q].isascii() else "一二三四".index(found[q]) + 1 for q in ("q1", "q2"))
        return Span(said, year, first, last) if first < last else None
    count = _count(found)
    if said == "first":
        return Span(said, year, 1, count)
    last = int(found["m2"]) if "m2" in found else MONTHS[found["n2"]]
    if not _ends(year, last, found.get("d2") or found.get("d3")):
        return None
    if said != "range":
        return Span(said, year, (last - (12 if said == "year" else count)) % 12 + 1, last)
    first = int(found["m1"]) if "m1" in found else MONTHS[found["n1"]]
    begins = year_of(found.get("y1") or found.get("yy1")) or year
    months = 12 * ((year or 0) - (begins or 0)) + last - first
    return Span(said, year, first, last) if found.get("d1", "1").lstrip("0") == "1" and 0 <= months < 12 else None


def _count(found: dict[str, str]) -> int:
    word = found.get("count", "")
    if word.isascii() and word.isdigit():
        return int(word)
    return _COUNTS.get(word) or (3 if "quarter" in found else 6)


def _ends(year: int | None, month: int, day: str | None) -> bool:
    """Whether a day, if one is said, is the last of its month."""
    return day is None or int(day) == monthrange(year or 2000, month)[1] or (year is None and (month, day) == (2, "28"))
