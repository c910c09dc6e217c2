"""Units of measure and the exact conversion between what a workbook shows and what is stored."""

from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kpi.text import Text


class Dimension(StrEnum):
    """What is counted. Values are stored in the base unit named here."""

    MONEY = "money"  # yuan
    COUNT = "count"  # one
    SHARE = "share"  # one: 0.62 stands for 62 %
    SHARE_CHANGE = "share_change"  # one: the difference of two shares, shown in percentage points
    DAYS = "days"
    HOURS = "hours"
    SCORE = "score"
    AREA = "area"  # square metre


class Unit(BaseModel):
    """A unit of measure: ``value in base units = value shown * factor``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    dimension: Dimension
    factor: Decimal = Field(gt=0, description="base units in one of this unit; a power of ten keeps it exact")
    name: Text
    synonyms: tuple[str, ...] = ()

    def to_base(self, shown: Decimal) -> Decimal:
        """The stored value of a number shown in this unit."""
        return shown * self.factor

    def from_base(self, stored: Decimal) -> Decimal:
        """The number to show for a stored value."""
        return stored / self.factor


class UnitTable(BaseModel):
    """All units of measure by code; a spelling belongs to one unit only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: tuple[Unit, ...]

    @model_validator(mode="after")
    def _spellings_are_unique(self) -> Self:
        owners: dict[str, str] = {}
        for unit in self.units:
            for spelling in self._spellings(unit):
                owner = owners.setdefault(spelling, unit.code)
                if owner != unit.code:
                    raise ValueError(f"unit spelling {spelling!r} belongs to both {owner} and {unit.code}")
        return self

    @staticmethod
    def _spellings(unit: Unit) -> set[str]:
        return {text.casefold() for text in (unit.code, unit.name.zh, unit.name.en, *unit.synonyms)}

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """Unit by code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _by_spelling(self) -> dict[str, Unit]:
        return {spelling: unit for unit in self.units for spelling in self._spellings(unit)}

    def __getitem__(self, code: str) -> Unit:
        return self.by_code[code]

    def find(self, spelling: str) -> Unit | None:
        """The unit written as ``spelling`` (code, name or synonym, in any case), if any."""
        return self._by_spelling.get(spelling.strip().casefold())
