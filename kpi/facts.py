"""Facts: one value with the cell it came from."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

from kpi.periods import Period


class Scenario(StrEnum):
    """Which world a fact belongs to. ``restated`` replaces ``actual`` wherever both stand."""

    ACTUAL = "actual"
    PLAN = "plan"
    RESTATED = "restated"


class CellOfOrigin(BaseModel):
    """Where a fact stood and what was done to it on the way in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workbook: str = Field(description="SHA-256 of the workbook's bytes, hexadecimal")
    sheet: str
    cell: str = Field(description="A1 address")
    text: str = Field(description="the content as it stood there")
    conversions: tuple[str, ...] = Field(default=(), description="e.g. '万元 -> 元', in the order applied")


class FactKey(BaseModel):
    """What a fact is about.

    ``measure`` is a component's code. A KPI's code stands there when the workbook gives a finished ratio:
    as ``plan`` it is that KPI's target, as ``actual`` a reported value, which is never added to anything.
    ``period`` is a quarter, or a year for an annual plan that the scorecard phases over the quarters.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    org_unit: str
    period: Period
    scenario: Scenario

    def __str__(self) -> str:
        return f"{self.measure}|{self.org_unit}|{self.period}|{self.scenario}"


class Fact(BaseModel):
    """One value in base units (yuan, pieces, days; a rate as a share: 0.62, not 62), exact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: FactKey
    value: Decimal = Field(allow_inf_nan=False)
    origin: CellOfOrigin


def canonical_decimal(value: Decimal) -> str:
    """The one spelling of a number: plain digits, no exponent, no trailing zeros, no negative zero."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def content_hash(facts: Iterable[Fact]) -> str:
    """SHA-256 over what the facts say (keys and values, not origins), whatever their order."""
    lines = sorted(f"{fact.key}|{canonical_decimal(fact.value)}" for fact in facts)
    return sha256("\n".join(lines).encode()).hexdigest()
