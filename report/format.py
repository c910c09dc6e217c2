"""Numbers, dates and periods as people write them: 万 and 亿 in Chinese, thousand and million in English."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import NumberPattern, parse_pattern

from kpi.periods import Grain, Period
from kpi.text import Language
from kpi.units import Dimension, Unit

NOTHING = "—"
_SMALL = Decimal("0.02")  # shares below it are shown with one digit more
_MOST_DIGITS = 4
HALVES_UP = Context(prec=400, rounding=ROUND_HALF_UP)  # digits enough for whatever a workbook or a float can hold
Number = Decimal | float | int
_SUFFIX = {
    Dimension.DAYS: {"zh": "{} 天", "en": "{} days"},
    Dimension.HOURS: {"zh": "{} 小时", "en": "{} hours"},
    Dimension.SCORE: {"zh": "{} 分", "en": "{} points"},
    Dimension.AREA: {"zh": "{} 平方米", "en": "{} m²"},
    Dimension.MONEY: {"zh": "{}元", "en": "¥{}"},
}
_LOCALES = {"zh": Locale.parse("zh_Hans_CN"), "en": Locale.parse("en_GB")}
STEPS: dict[Language, tuple[tuple[int, str], ...]] = {
    "zh": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
    "en": ((10**12, "T"), (10**9, "B"), (10**6, "M")),
}
"""From which size on amounts are shortened, the largest first, and the word for it."""


def plain(text: str) -> str:
    """``text`` with every sign escaped that Markdown would take for markup; for words from workbooks and people."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def enough_digits(amount: Number, digits: int = 1) -> int:
    """The fewest digits after the point, from ``digits`` to four, that do not write ``amount`` as nought."""
    size = abs(Decimal(str(amount)))
    halves = ((n, Decimal(5).scaleb(-n - 1)) for n in range(digits, _MOST_DIGITS))
    return next((n for n, half in halves if not size or size >= half), _MOST_DIGITS)


def around(dimension: Dimension, language: Language) -> tuple[str, str]:
    """What stands before and after a number of ``dimension``; nothing for a count or a share."""
    before, after = _SUFFIX.get(dimension, {}).get(language, "{}").split("{}")
    return before, after


@lru_cache(maxsize=100)
def _pattern(text: str) -> tuple[NumberPattern, Decimal]:
    """A pattern of Babel's, and one of the last digit that it shows."""
    found = parse_pattern(text)
    return found, Decimal(1).scaleb(-found.frac_prec[1] - found.scale)


@lru_cache(maxsize=50_000)
def _applied(amount: Decimal, pattern: str, language: Language) -> str:
    """Zero has no sign: two that are equal cannot be told apart here."""
    with localcontext(HALVES_UP):
        return str(_pattern(pattern)[0].apply(amount or 0, _LOCALES[language]))


def _written(amount: Number, pattern: str, language: Language) -> str:
    """``amount`` by a pattern of Babel's, halves rounded up as in spreadsheets, where Babel would round them to even.
    Kept, because a page writes hundreds of numbers and most of them again and again; rounded before, because most
    differ only in digits that nobody sees."""
    exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    rounded = HALVES_UP.quantize(exact, _pattern(pattern)[1])
    return _applied(rounded or exact, pattern, language)  # what is rounded to nought keeps its sign


@dataclass(frozen=True)
class Format:
    """Formats for one language. Every method takes stored base units and returns text for the eye."""

    language: Language

    @property
    def locale(self) -> Locale:
        """The Babel locale."""
        return _LOCALES[self.language]

    def value(self, amount: Number | None, unit: Unit) -> str:
        """``amount`` (base units) in the way of its dimension; a dash when there is none."""
        if amount is None:
            return NOTHING
        match unit.dimension:
            case Dimension.SHARE:
                return self.percent(amount, 2 if -_SMALL < amount < _SMALL else 1)
            case Dimension.SHARE_CHANGE:
                return self.points(amount)
            case Dimension.COUNT:
                return self.number(amount)
            case Dimension.MONEY:
                size: Number = -amount if amount < 0 else amount
                return self._signed(amount, _SUFFIX[unit.dimension][self.language].format(self.number(size)))
        return _SUFFIX[unit.dimension][self.language].format(self.decimal(amount, 1))

    def exact(self, amount: Number | None, unit: Unit) -> str:
        """``amount`` (base units) not shortened, to four digits after the point: for showing a calculation."""
        if amount is None:
            return NOTHING
        if unit.dimension in {Dimension.SHARE, Dimension.SHARE_CHANGE}:
            return self.exact_percent(amount)
        size: Number = -amount if amount < 0 else amount
        suffix = _SUFFIX.get(unit.dimension, {}).get(self.language, "{}")
        return self._signed(amount, suffix.format(self.decimal(size, 4)))

    def exact_percent(self, amount: Number | None) -> str:
        """A share as percent to four digits after the point."""
        return NOTHING if amount is None else f"{self.decimal(amount * 100, 4)}%"

    def change(self, amount: Number | None, unit: Unit, relative: bool) -> str:
        """A change with its sign: relative as percent, otherwise a difference (of shares in percentage points).

        One that is not none has the digits that tell it from none.
        """
        if amount is None:
            return NOTHING
        sign = "+" if amount > 0 else "-" if amount < 0 else ""
        return sign + self._apart(amount, unit, relative, enough_digits)

    def distance(self, amount: Number, unit: Unit, relative: bool) -> str:
        """How far two amounts are apart, without a sign, otherwise as :meth:`change`; too little is written as none."""
        return self._apart(amount, unit, relative, lambda _: 1)

    def _apart(self, amount: Number, unit: Unit, relative: bool, digits: Callable[[Number], int]) -> str:
        size: Number = -amount if amount < 0 else amount
        if relative:
            return self.percent(size, digits(size * 100))
        match unit.dimension:
            case Dimension.SHARE | Dimension.SHARE_CHANGE:
                return self._in_points(size, digits(size * 100))
            case Dimension.MONEY | Dimension.COUNT:
                return self.value(size, unit)
        return _SUFFIX[unit.dimension][self.language].format(self.decimal(size, digits(size)))

    def part(self, amount: Number, unit: Unit) -> str:
        """A part of a change with its sign and, where those are few, a digit more than the change itself has."""
        match unit.dimension:
            case Dimension.SHARE | Dimension.SHARE_CHANGE:
                return self.points(amount, 2)
            case Dimension.MONEY | Dimension.COUNT:
                return self.change(amount, unit, relative=False)
        return self._plus(amount, _SUFFIX[unit.dimension][self.language].format(self.decimal(amount, 2)))

    def number(self, amount: Number) -> str:
        """A plain number, shortened above 10 000 (万) or 1 000 000 (M), two digits after the point."""
        exact = Decimal(str(amount))
        step, word = self._step(abs(exact))
        if not word:
            return self.decimal(amount, 0 if abs(exact) >= 1000 else 2)
        with localcontext(HALVES_UP):
            step, word = self._step(round(abs(exact) / step, 2) * step)  # 99 999 999 is 1亿, not 10000万
            return self.decimal(exact / step, 2) + word

    def _step(self, size: Number) -> tuple[int, str]:
        return next(((step, word) for step, word in STEPS[self.language] if size >= step), (1, ""))

    def decimal(self, amount: Number, digits: int) -> str:
        """``amount`` with at most ``digits`` after the point."""
        return _written(amount, "#,##0" + "." * bool(digits) + "#" * digits, self.language)

    def score(self, amount: Number | None, digits: int = 1) -> str:
        """A score with so many digits, always shown so that columns line up."""
        return NOTHING if amount is None else _written(amount, "#,##0." + "0" * digits, self.language)

    def percent(self, amount: Number | None, digits: int = 1) -> str:
        """A share (0.62) as percent."""
        pattern = "#,##0" + "." * bool(digits) + "0" * digits + "%"
        return NOTHING if amount is None else _written(amount, pattern, self.language)

    def weight(self, amount: Number) -> str:
        """A weight: percent without needless digits."""
        return _written(amount, "0.##%", self.language)

    def points(self, amount: Number, digits: int = 1) -> str:
        """A difference of shares in percentage points, with its sign."""
        return self._plus(amount, self._in_points(amount, enough_digits(amount * 100, digits)))

    def difference(self, amount: Number | None) -> str:
        """A difference of scores with its sign."""
        return NOTHING if amount is None else self._plus(amount, self.score(amount, enough_digits(amount)))

    def axis(self, top: float, unit: Unit) -> tuple[bool, float, str]:
        """How an axis up to ``top`` is labelled: as percent or not, divided by what, followed by what."""
        divisor, suffix = self._step(top)
        return unit.dimension in {Dimension.SHARE, Dimension.SHARE_CHANGE}, float(divisor), suffix

    def chance(self, share: float | None) -> str:
        """A probability, never a bare 0 % or 100 %: paths that all agree do not make the coming quarters certain."""
        if share is None:
            return NOTHING
        if share < 0.01:
            return "<1%"
        return ">99%" if share > 0.99 else self.percent(share, 0)

    def period(self, period: Period) -> str:
        """``2026年第3季度`` or ``2026 Q3``."""
        match period.grain, self.language:
            case Grain.QUARTER, "zh":
                return f"{period.year}年第{period.index}季度"
            case Grain.QUARTER, _:
                return f"Q{period.index} {period.year}"
            case Grain.YEAR, "zh":
                return f"{period.year}年"
        return str(period)

    def moment(self, at: datetime) -> str:
        """A time stamp in UTC, to the minute."""
        return f"{format_datetime(at, 'yyyy-MM-dd HH:mm', locale=self.locale)} UTC"

    def moment_in(self, at: datetime, zone: ZoneInfo) -> str:
        """A time stamp as clocks in ``zone`` show it, to the minute, with the zone's name."""
        return f"{format_datetime(at, 'yyyy-MM-dd HH:mm', tzinfo=zone, locale=self.locale)} {zone.key}"

    def duration(self, seconds: float) -> str:
        """A length of time in seconds or minutes and seconds."""
        minutes, rest = divmod(round(seconds), 60)
        if self.language == "zh":
            return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"

    def size(self, count: int) -> str:
        """A file size in KB or MB."""
        return f"{self.decimal(count / 1e6, 1)} MB" if count >= 1e6 else f"{self.decimal(count / 1e3, 0)} KB"

    def _in_points(self, share: Number, digits: int) -> str:
        number = self.score(share * 100, digits)
        return f"{number} {'百分点' if self.language == 'zh' else 'pp'}"

    def _signed(self, amount: Number, text: str) -> str:
        return f"-{text}" if amount < 0 else text

    def _plus(self, amount: Number, text: str) -> str:
        return f"+{text}" if amount > 0 else text
