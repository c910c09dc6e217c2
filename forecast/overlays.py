"""Landings that people set beside the forecast: kept apart, with a reason, and counted only once another approved."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, func, insert, select, update

from kpi.errors import refuse
from kpi.facts import canonical_decimal
from kpi.periods import Period
from kpi.store import Store
from kpi.store.forecast_tables import overlay
from kpi.store.types import storable

OVERLAYS: Final = "evidence/overlays.csv"
_COLUMNS: Final = ("id", "kpi", "org_unit", "year_end", "value", "reason", "made_at", "made_by")
_DECISION: Final = ("decided_at", "decided_by", "decision_reason")


class OverlayState(StrEnum):
    """An overlay stands once somebody else than its author approved it, until it is withdrawn."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Overlay(BaseModel):
    """What a person expects of a KPI of an org unit at the end of the year of quarter ``year_end``, in base units.

    The forecast itself is never changed by it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    kpi: str
    org_unit: str
    year_end: Period
    value: Decimal = Field(allow_inf_nan=False)
    reason: str
    made_at: datetime
    made_by: str
    state: OverlayState
    decided_at: datetime | None = None
    decided_by: str | None = None
    decision_reason: str | None = None


class Overlays:
    """The overlays in a store. Each change is one transaction with its audit row."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def propose(self, kpi: str, org_unit: str, year_end: Period, value: Decimal, reason: str, by: str) -> Overlay:
        """Put one forward. Raises Refused without a reason."""
        if not reason.strip():
            raise refuse("人工调整必须写明原因。", "an overlay needs a reason.")
        with self.store.writing(by) as write:
            number = (write.connection.execute(select(func.max(overlay.c.id))).scalar_one() or 0) + 1
            made = Overlay(
                id=number,
                kpi=kpi,
                org_unit=org_unit,
                year_end=year_end,
                value=value,
                reason=storable(reason),
                made_at=write.at,
                made_by=write.name,
                state=OverlayState.PROPOSED,
            )
            columns = made.model_dump(mode="json") | {"value": value, "made_at": made.made_at}
            write.connection.execute(insert(overlay).values(**columns))
            what = f"{kpi} {org_unit} {year_end} = {canonical_decimal(value)}: {reason}"
            write.log("overlay.proposed", f"overlay {number}", what)
        return made

    def approve(self, number: int, reason: str, by: str) -> Overlay:
        """Let one count, in place of an earlier one for the same landing.

        Raises Refused when there is none, it is decided already, or ``by`` is who made it.
        """
        with self.store.writing(by) as write:
            made = _one(write.connection, number)
            if made.state is not OverlayState.PROPOSED:
                raise _decided(made)
            if made.made_by == write.name:
                raise refuse(
                    f"人工调整 {number} 由 {write.name} 提出，须由另一个人批准。",
                    f"overlay {number} was made by {write.name}, so somebody else has to approve it.",
                )
            for earlier in _read(write.connection):
                same = (earlier.kpi, earlier.org_unit, earlier.year_end) == (made.kpi, made.org_unit, made.year_end)
                if same and earlier.state is OverlayState.APPROVED:
                    replaced = f"replaced by overlay {number}"
                    _decide(write.connection, earlier.id, OverlayState.WITHDRAWN, write.at, write.name, replaced)
                    write.log("overlay.withdrawn", f"overlay {earlier.id}", replaced)
            _decide(write.connection, number, OverlayState.APPROVED, write.at, write.name, reason)
            write.log("overlay.approved", f"overlay {number}", reason)
            return _one(write.connection, number)

    def withdraw(self, number: int, reason: str, by: str) -> Overlay:
        """Let one count no longer. Raises Refused when there is none or it was withdrawn before."""
        with self.store.writing(by) as write:
            made = _one(write.connection, number)
            if made.state is OverlayState.WITHDRAWN:
                raise _decided(made)
            _decide(write.connection, number, OverlayState.WITHDRAWN, write.at, write.name, reason)
            write.log("overlay.withdrawn", f"overlay {number}", reason)
            return _one(write.connection, number)

    def every(self) -> list[Overlay]:
        """All of them, oldest first."""
        with self.store.reading() as connection:
            return _read(connection)

    def standing(self) -> list[Overlay]:
        """Those that count now."""
        return [made for made in self.every() if made.state is OverlayState.APPROVED]


def overlays_csv(standing: Iterable[Overlay]) -> bytes:
    """Overlays as a table of a passport, apart from what was computed."""
    out = io.StringIO()
    rows = []
    for made in standing:
        dumped = made.model_dump(mode="json") | {"value": canonical_decimal(made.value)}
        rows.append([str(dumped[name] or "") for name in (*_COLUMNS, *_DECISION)])
    csv.writer(out, lineterminator="\n").writerows([(*_COLUMNS, *_DECISION), *rows])
    return out.getvalue().encode()


def _read(connection: Connection) -> list[Overlay]:
    rows = connection.execute(select(overlay).order_by(overlay.c.id)).mappings()
    return [Overlay.model_validate(dict(row)) for row in rows]


def _one(connection: Connection, number: int) -> Overlay:
    found = next((made for made in _read(connection) if made.id == number), None)
    if found is None:
        raise refuse(f"没有人工调整 {number}。", f"there is no overlay {number}.")
    return found


def _decide(connection: Connection, number: int, state: OverlayState, at: datetime, by: str, reason: str) -> None:
    values = {"state": state, "decided_at": at, "decided_by": by, "decision_reason": storable(reason)}
    connection.execute(update(overlay).where(overlay.c.id == number).values(**values))


def _decided(made: Overlay) -> Exception:
    return refuse(f"人工调整 {made.id} 已处理({made.state})。", f"overlay {made.id} is {made.state} already.")
