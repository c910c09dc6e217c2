"""What a scenario changes, as plain values with one spelling."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator

from forecast.inputs import canonical_json
from kpi.catalogue.models import CODE
from kpi.errors import refuse
from kpi.facts import canonical_decimal
from kpi.periods import Grain, Period

FORMAT: Final = 1
_FIELD, _CHANGE = ".", "~"
_SIGN: Final = {"percent": "p", "value": "v"}


class By(StrEnum):
    """How an amount is meant: as a share of the forecast's median (0.05 is five percent more), or as the value."""

    PERCENT = "percent"
    VALUE = "value"


class Change(BaseModel):
    """One coming quarter of one driver in one org unit.

    ``driver`` is a component's code or, failing that, a KPI's, as in a fact. A ``VALUE`` is in base units.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: str = Field(pattern=CODE)
    org_unit: str = Field(pattern=CODE)
    quarter: Period
    by: By
    amount: Decimal = Field(allow_inf_nan=False, max_digits=30, decimal_places=12)

    @field_validator("quarter")
    @classmethod
    def _is_a_quarter(cls, period: Period) -> Period:
        if period.grain is not Grain.QUARTER:
            raise ValueError(f"{period} is not a quarter such as 2026Q4")
        return period

    @field_serializer("amount")
    def _canonical(self, amount: Decimal) -> str:
        return canonical_decimal(amount)

    @property
    def place(self) -> tuple[str, str, Period]:
        """What is changed."""
        return self.driver, self.org_unit, self.quarter

    def __str__(self) -> str:
        amount = f"{_SIGN[self.by]}{canonical_decimal(self.amount)}"
        return _FIELD.join((self.driver, self.org_unit, str(self.quarter), amount))


Changes = tuple[Change, ...]


def ordered(changes: Iterable[Change]) -> Changes:
    """The one order of changes. Raises Refused when two of them say something of the same quarter."""
    found = tuple(sorted(changes, key=lambda change: change.place))
    for one, other in pairwise(found):
        if one.place == other.place:
            what = f"{one.driver}, {one.org_unit}, {one.quarter}"
            raise refuse(
                f"情景对 {what} 给出了两个不同的设定，请只保留一个。",
                f"the scenario says two things of {what}: keep one of them.",
            )
    return found


def spell(changes: Iterable[Change]) -> str:
    """The changes as an address carries them; the same text for the same changes."""
    return _CHANGE.join(map(str, ordered(changes)))


def read_changes(text: str) -> Changes:
    """What :func:`spell` wrote. Raises ValueError for anything else, Refused as :func:`ordered`."""
    return ordered(_change(each) for each in text.split(_CHANGE) if each)


def _change(text: str) -> Change:
    driver, org_unit, quarter, amount = text.split(_FIELD, 3)
    by = next((by for by, sign in _SIGN.items() if amount.startswith(sign)), "")
    return Change.model_validate(
        {"driver": driver, "org_unit": org_unit, "quarter": quarter, "by": by, "amount": amount[1:]}
    )


def scenario_hash(snapshot_hash: str, run_id: str, changes: Iterable[Change]) -> str:
    """SHA-256 of what decides every number of a scenario: facts, forecast and changes, in whatever order these come."""
    said = [change.model_dump(mode="json") for change in ordered(changes)]
    content = {"format": FORMAT, "snapshot": snapshot_hash, "run": run_id, "changes": said}
    return sha256(canonical_json(content).encode()).hexdigest()
