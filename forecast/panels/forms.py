"""The forms in which ``ds`` may come: integers, quarters, dates. What is read in a form is written on in the same.

A stamp is read as (position, day, last): a position on an endless line, the day of the month and whether that day is
the month's last one. For integers and quarters neighbouring positions are neighbouring quarters; for dates positions
are months, and ``step`` is 3. Integers and quarters have no day: they read as (position, 0, True).
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, Protocol

from kpi.text import Text

MONTH_END: Final = 99  # no day of any month; written as the last day of whatever month it falls into
_FIRST_YEAR, _LAST_YEAR = 1700, 2250  # what timestamps in nanoseconds hold, with room for the horizon
_ROOM: Final = 64

Stamp = tuple[int, int, bool]


class Form(Protocol):
    """One way to write the quarter of a value."""

    @property
    def step(self) -> int:
        """How far apart neighbouring quarters stand."""

    @property
    def name(self) -> Text:
        """What a reader is told to write."""

    def read(self, value: Any) -> Stamp | None:  # a text, an integer or a date, as the file has it
        """The stamp, or None when ``value`` is not written in this form."""

    def write(self, position: int, day: int) -> Any:  # the same
        """The value at ``position``; ``read`` gives the position back."""


@dataclass(frozen=True)
class Integers:
    """``1, 2, 3``: an index, as text or as numbers of a type that ends at ``highest``."""

    as_text: bool = True
    highest: int = 2**53
    step: int = 1

    @property
    def name(self) -> Text:
        """What a reader is told to write."""
        return Text(zh="整数", en="an integer")

    def read(self, value: Any) -> Stamp | None:
        """See :class:`Form`. No sign but a minus, no leading zeros; some room is kept for the horizon."""
        if self.as_text and not re.fullmatch(r"0|-?[1-9][0-9]{0,17}", value):
            return None
        position = int(value)
        return (position, 0, True) if abs(position) <= self.highest - _ROOM else None

    def write(self, position: int, day: int) -> Any:
        """See :class:`Form`."""
        return str(position) if self.as_text else position


@dataclass(frozen=True)
class Quarters:
    """``2026Q3`` and its like; ``template`` has the places ``year`` and ``quarter``."""

    template: str
    step: int = 1

    @property
    def name(self) -> Text:
        """What a reader is told to write."""
        example = self.template.format(year=2026, quarter=3)
        return Text(zh=f"{example} 这样的季度", en=f"a quarter such as {example}")

    def read(self, value: Any) -> Stamp | None:
        """See :class:`Form`."""
        pattern = self.template.format(year=r"(?P<year>[12][0-9]{3})", quarter="(?P<quarter>[1-4])")
        match = re.fullmatch(pattern, value)
        return (int(match["year"]) * 4 + int(match["quarter"]) - 1, 0, True) if match else None

    def write(self, position: int, day: int) -> Any:
        """See :class:`Form`."""
        return self.template.format(year=position // 4, quarter=position % 4 + 1)


def _stamp(day: date) -> Stamp | None:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None
    return day.year * 12 + day.month - 1, day.day, day.day == calendar.monthrange(day.year, day.month)[1]


def _date(position: int, day: int) -> date:
    year, month = position // 12, position % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class WrittenDates:
    """``2026-09-30`` and its like, as text; ``end`` is what follows, such as a midnight."""

    separator: str = "-"
    end: str = ""
    step: int = 3

    @property
    def name(self) -> Text:
        """What a reader is told to write."""
        example = self.write(2026 * 12 + 8, MONTH_END)
        return Text(zh=f"{example} 这样的日期", en=f"a date such as {example}")

    def read(self, value: Any) -> Stamp | None:
        """See :class:`Form`."""
        pattern = self.separator.join(("([0-9]{4})", "([0-9]{2})", "([0-9]{2})")) + re.escape(self.end)
        match = re.fullmatch(pattern, value)
        try:
            return _stamp(date(*map(int, match.groups()))) if match else None
        except ValueError:  # 2026-02-30
            return None

    def write(self, position: int, day: int) -> Any:
        """See :class:`Form`."""
        return f"{_date(position, day):%Y{self.separator}%m{self.separator}%d}{self.end}"


@dataclass(frozen=True)
class Dates:
    """Dates, or timestamps at midnight, of a typed file."""

    timestamps: bool
    step: int = 3

    @property
    def name(self) -> Text:
        """What a reader is told to write."""
        when = f"{_FIRST_YEAR}-{_LAST_YEAR}"
        if self.timestamps:
            return Text(zh=f"零点整的时间戳（{when} 年）", en=f"a timestamp at midnight, years {when}")
        return Text(zh=f"日期（{when} 年）", en=f"a date, years {when}")

    def read(self, value: Any) -> Stamp | None:
        """See :class:`Form`."""
        if not self.timestamps:
            return _stamp(value)
        return _stamp(value.date()) if value.time() == time.min else None

    def write(self, position: int, day: int) -> Any:
        """See :class:`Form`."""
        found = _date(position, day)
        return datetime.combine(found, time.min) if self.timestamps else found


TEXT_FORMS: Final[tuple[Form, ...]] = (
    Integers(),
    *(Quarters(template) for template in ("{year}Q{quarter}", "{year}q{quarter}", "{year}-Q{quarter}")),
    *(Quarters(template) for template in ("{year} Q{quarter}", "Q{quarter} {year}", "{year}年Q{quarter}")),
    *(WrittenDates(separator, end) for separator in "-/" for end in ("", " 00:00:00", "T00:00:00")),
)


def form_of(value: Any, forms: Iterable[Form]) -> Form | None:
    """The first form in which ``value`` is written."""
    return next((form for form in forms if form.read(value) is not None), None)
