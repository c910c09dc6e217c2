"""Fiscal periods. A fiscal year has four quarters and may start in any month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import core_schema


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


PERIODS_PER_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2, Grain.YEAR: 1}
_PATTERN = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2]))?")
_ORDER = {Grain.MONTH: 0, Grain.QUARTER: 1, Grain.HALF: 2, Grain.YEAR: 3}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A fiscal month, quarter, half or year: ``2026-09``, ``2026Q3``, ``2026H1``, ``2026``.

    ``index`` counts from 1 inside the fiscal year; months are fiscal too (month 1 opens the year).
    Periods sort by the month they end in, the shorter first.
    """

    year: int
    grain: Grain = Grain.YEAR
    index: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.index <= PERIODS_PER_YEAR[self.grain]:
            raise ValueError(f"a fiscal year has no {self.grain} {self.index}")
        if not 1900 <= self.year <= 2999:
            raise ValueError(f"{self.year} is not a fiscal year between 1900 and 2999")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period that ``text`` names in the canonical spelling above. Raises ValueError."""
        match = _PATTERN.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a period such as 2026Q3, 2026H1, 2026 or 2026-09")
        year = int(match["year"])
        for grain in (Grain.QUARTER, Grain.HALF, Grain.MONTH):
            if match[grain.value]:
                return cls(year, grain, int(match[grain.value]))
        return cls(year)

    @classmethod
    def quarter(cls, year: int, index: int) -> Self:
        """Quarter ``index`` of fiscal year ``year``."""
        return cls(year, Grain.QUARTER, index)

    def __str__(self) -> str:
        match self.grain:
            case Grain.QUARTER:
                return f"{self.year}Q{self.index}"
            case Grain.HALF:
                return f"{self.year}H{self.index}"
            case Grain.MONTH:
                return f"{self.year}-{self.index:02d}"
        return str(self.year)

    @property
    def last_month(self) -> int:
        """The number of the last fiscal month inside, 1 to 12."""
        return self.index * 12 // PERIODS_PER_YEAR[self.grain]

    @property
    def ordinal(self) -> int:
        """Position on an endless line of periods of the same grain; neighbours differ by 1."""
        return self.year * PERIODS_PER_YEAR[self.grain] + self.index - 1

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return self._key < other._key

    @property
    def _key(self) -> tuple[int, int, int]:
        return self.year, self.last_month, _ORDER[self.grain]

    def shift(self, steps: int) -> "Period":
        """The period ``steps`` later (earlier when negative), of the same grain."""
        year, index = divmod(self.ordinal + steps, PERIODS_PER_YEAR[self.grain])
        return Period(year, self.grain, index + 1)

    def quarters(self) -> tuple["Period", ...]:
        """The quarters inside; for a month the quarter around it."""
        last = -(-self.last_month // 3)
        count = max(1, 4 // PERIODS_PER_YEAR[self.grain])
        return tuple(Period.quarter(self.year, last - count + 1 + step) for step in range(count))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        parse = core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(str(value))
        )
        return core_schema.json_or_python_schema(
            json_schema=core_schema.chain_schema([core_schema.str_schema(), parse]),
            python_schema=parse,
            serialization=core_schema.to_string_ser_schema(),
        )


def quarter_range(first: Period, last: Period) -> Iterator[Period]:
    """Every quarter from ``first`` to ``last``, both included."""
    for steps in range(last.ordinal - first.ordinal + 1):
        yield first.shift(steps)


class FiscalCalendar(BaseModel):
    """Which months a fiscal year covers.

    ``first_month`` is the calendar month that opens the year; ``named_after`` says which calendar year lends
    its number: the one the fiscal year starts in or the one it ends in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_month: int = Field(default=1, ge=1, le=12)
    named_after: Literal["start", "end"] = "start"

    def start(self, period: Period) -> date:
        """The first calendar day of ``period``."""
        months = 12 // PERIODS_PER_YEAR[period.grain]
        year = period.year - (self.named_after == "end" and self.first_month > 1)
        years, month = divmod(self.first_month - 1 + (period.index - 1) * months, 12)
        return date(year + years, month + 1, 1)

    def end(self, period: Period) -> date:
        """The last calendar day of ``period``."""
        return self.start(period.shift(1)) - timedelta(days=1)

    def period_of(self, day: date, grain: Grain = Grain.QUARTER) -> Period:
        """The period of ``grain`` that contains ``day``."""
        years, month = divmod(day.year * 12 + day.month - self.first_month, 12)
        year = years + (self.named_after == "end" and self.first_month > 1)
        return Period(year, grain, month * PERIODS_PER_YEAR[grain] // 12 + 1)
