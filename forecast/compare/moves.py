"""How each forecast moved from one run to another, and forecasts that only one of them has."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from math import inf

from pydantic import BaseModel, ConfigDict

from forecast.compare.changes import Cause
from forecast.compare.evidence import Evidence, Level, Place
from forecast.compare.split import Part, Step, difference, parts
from forecast.records import KpiForecast
from forecast.series import kpis_of
from forecast.track_record import Judged, PastRun, judge
from kpi.periods import Grain, Period
from kpi.scorecard.panel import Panel


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Model):
    """A forecast in base units; ``chance`` is that of meeting the target, None without one."""

    p10: float
    p50: float
    p90: float
    chance: float | None


class Move(_Model):
    """A forecast that both runs made; ``period`` is a quarter alone, or the year of a landing.

    ``parts`` add up to ``change`` and ``chance_parts`` to ``chance_change``; None before the move was split, and of a
    chance that one of the runs has not.
    """

    kpi: str
    org_unit: str
    period: Period
    old: Said
    new: Said
    parts: tuple[Part, ...] | None
    chance_parts: tuple[Part, ...] | None

    @property
    def change(self) -> Decimal:
        """How far P50 moved."""
        return difference(self.old.p50, self.new.p50)

    @property
    def chance_change(self) -> Decimal | None:
        """How far the chance moved."""
        if self.old.chance is None or self.new.chance is None:
            return None
        return difference(self.old.chance, self.new.chance)

    @property
    def size(self) -> float:
        """The move of P50 in widths of the older run's P10 to P90: 1 is a whole interval, whatever the unit."""
        change, width = float(abs(self.change)), self.old.p90 - self.old.p10
        if not change:
            return 0.0
        return change / width if width > 0 else inf


class Why(StrEnum):
    """Why only one run has a forecast."""

    KPI = "kpi"  # the other's scorecard lacks the KPI
    ORG_UNIT = "org_unit"  # the other's organisation lacks the org unit
    OVER = "over"  # the period was over when the newer run was made
    BEYOND = "beyond"  # the other did not look so far ahead
    NO_VALUE = "no_value"  # the other has no value there


class Alone(_Model):
    """Forecasts of a KPI that only the newer or only the older run has."""

    newer: bool
    why: Why
    kpi: str
    org_units: tuple[str, ...]
    periods: tuple[Period, ...]


def moves(old: Evidence, new: Evidence, steps: Sequence[Step] | None) -> tuple[Move, ...]:
    """Every forecast that both made, the largest moves first; split when ``steps`` are all there."""
    common = (place for place in old.forecasts if place in new.forecasts)
    found = [_move(place, old.forecasts[place], new.forecasts[place], steps) for place in common]
    return tuple(sorted(found, key=lambda move: (-move.size, move.kpi, move.org_unit, str(move.period))))


def _move(place: Place, old: KpiForecast, new: KpiForecast, steps: Sequence[Step] | None) -> Move:
    kpi, unit, period = place
    chance_parts = None
    if steps is not None and old.chance is not None and new.chance is not None:
        chance_parts = parts(old.chance, _values(steps, place, lambda row: row.chance))
    return Move(
        kpi=kpi,
        org_unit=unit,
        period=period,
        old=_said(old),
        new=_said(new),
        parts=None if steps is None else parts(old.p50, _values(steps, place, lambda row: row.p50)),
        chance_parts=chance_parts,
    )


def _values(
    steps: Iterable[Step], place: Place, of: Callable[[KpiForecast], float | None]
) -> list[tuple[Cause, float | None]]:
    found = []
    for step in steps:
        row = (step.level or {}).get(place)
        found.append((step.cause, None if row is None else of(row)))
    return found


def _said(row: KpiForecast) -> Said:
    return Said(p10=row.p10, p50=row.p50, p90=row.p90, chance=row.chance)


def alone(old: Evidence, new: Evidence, came: Iterable[Judged]) -> tuple[Alone, ...]:
    """Forecasts that one of the runs has not, with the reason, but for those that are held beside what ``came``."""
    known = {(each.kpi, each.org_unit, each.period) for each in came}
    groups: dict[tuple[bool, Why, str], list[Place]] = {}
    for newer, mine, other in ((False, old, new), (True, new, old)):
        for place in mine.forecasts:
            if place not in other.forecasts and place not in known:
                groups.setdefault((newer, _why(place, mine, other), place[0]), []).append(place)
    return tuple(
        Alone(
            newer=newer,
            why=why,
            kpi=kpi,
            org_units=tuple(dict.fromkeys(unit for _, unit, _ in found)),
            periods=tuple(sorted({period for _, _, period in found})),
        )
        for (newer, why, kpi), found in groups.items()
    )


def _why(place: Place, mine: Evidence, other: Evidence) -> Why:
    kpi, unit, period = place
    if kpi not in kpis_of(other.inputs.template):
        return Why.KPI
    if unit not in other.inputs.organisation.by_code:
        return Why.ORG_UNIT
    if period in other.periods:
        return Why.NO_VALUE
    return Why.OVER if _end(period) < first_quarter(other.forecasts) else Why.BEYOND


def first_quarter(level: Level) -> Period:
    """The first quarter that was not known; the last possible one when nothing is forecast."""
    quarters = (period for _, _, period in level if period.grain is Grain.QUARTER)
    return min(quarters, default=Period.quarter(2999, 4))


def _end(period: Period) -> Period:
    return period.quarters()[-1]


def what_came(old: Evidence, new: Evidence) -> tuple[Judged, ...]:
    """The older run's forecasts of periods that were over when the newer was made, beside the newer run's facts."""
    first, inputs = first_quarter(new.forecasts), new.inputs
    over = [row for (_, _, period), row in old.forecasts.items() if _end(period) < first]
    if not over:
        return ()
    panel = Panel.build(inputs.rows, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    run = PastRun(
        run_id=old.run_id,
        snapshot_id=old.snapshot_id,
        started_at=old.started_at,
        first=first_quarter(old.forecasts),
        passport="",
    )
    return judge(run, over, panel, old.inputs.catalogue)
