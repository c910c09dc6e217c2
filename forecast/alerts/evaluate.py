"""Judges rules by what one run and its snapshot say: a pure function of plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from forecast.alerts.rules import (
    ChanceBelow,
    ChanceFell,
    DataMissing,
    Key,
    Occasion,
    RedLikely,
    Rule,
    StatusFor,
)
from forecast.records import KpiForecast
from kpi.periods import Grain, Period
from kpi.scorecard.results import Status

Subject = tuple[str, str]  # KPI, org unit
_WORST_FIRST = {Status.RED: (Status.RED,), Status.AMBER: (Status.RED, Status.AMBER)}


@dataclass(frozen=True)
class Seen:
    """What rules look at. ``newest`` is the last quarter with any actual; ``landings`` those of the year still open.

    ``statuses`` is each quarter alone, by KPI, org unit and quarter, with None where there is no value; ``units`` are
    in the order of the organisation, the head office first, and ``kpis`` in that of the scorecard.
    """

    snapshot_id: int
    newest: Period
    kpis: tuple[str, ...]
    units: tuple[str, ...]
    landings: Mapping[Subject, KpiForecast]
    statuses: Mapping[tuple[str, str, Period], Status | None]

    @property
    def year(self) -> Period:
        """The fiscal year still open: that of the first quarter without actuals."""
        return Period(self.newest.shift(1).year, Grain.YEAR)


@dataclass(frozen=True)
class Judgement:
    """Where rules hold, and where nothing can be told because a number is missing; elsewhere they don't hold."""

    occasions: tuple[Occasion, ...]
    untold: frozenset[Key] = field(default_factory=frozenset)


def units_of(rule: Rule, units: Sequence[str]) -> tuple[str, ...]:
    """The org units that ``rule`` is about, of ``units`` with the head office first."""
    if rule.units == "all":
        return tuple(units)
    return tuple(units[:1]) if rule.units == "head_office" else tuple(unit for unit in units if unit in rule.units)


def evaluate(rules: Mapping[int, Rule], seen: Seen, before: Mapping[Subject, KpiForecast]) -> Judgement:
    """Hold every rule (by its number) against what is ``seen``; ``before`` are the landings of the same year by the
    newest run of an earlier snapshot.

    Limits are compared before any rounding: a chance of exactly the limit is not below it.
    """
    found, untold = [], set()
    for occasion, holds in _judged(rules, seen, before):
        if holds is None:
            untold.add(occasion.key)
        elif holds:
            found.append(occasion)
    return Judgement(tuple(found), frozenset(untold))


def _judged(
    rules: Mapping[int, Rule], seen: Seen, before: Mapping[Subject, KpiForecast]
) -> Iterator[tuple[Occasion, bool | None]]:
    for number, rule in rules.items():
        for unit in units_of(rule, seen.units):
            for kpi in seen.kpis:
                if not rule.kpis or kpi in rule.kpis:
                    yield _judge(number, rule, kpi, unit, seen, before)


def _judge(
    number: int, rule: Rule, kpi: str, unit: str, seen: Seen, before: Mapping[Subject, KpiForecast]
) -> tuple[Occasion, bool | None]:
    """The occasion that there would be, and whether it is one; None where nothing can be told."""
    landing, earlier = seen.landings.get((kpi, unit)), before.get((kpi, unit))
    chance = None if landing is None else landing.chance
    occasion = Occasion(rule_id=number, rule=rule, kpi=kpi, org_unit=unit, period=seen.year)
    match rule:
        case ChanceBelow():
            low = None if chance is None else _exact(chance) < rule.limit
            return occasion.model_copy(update={"chance": chance}), low
        case ChanceFell():
            last = None if earlier is None else earlier.chance
            fell = None if chance is None or last is None else _exact(last) - _exact(chance) >= rule.limit
            turn = f"snapshot {seen.snapshot_id}"  # another fall in the next snapshot is another matter
            return occasion.model_copy(update={"chance": chance, "before": last, "turn": turn}), fell
        case RedLikely():
            red = None if landing is None else landing.red
            likely = None if red is None else _exact(red) >= rule.limit
            return occasion.model_copy(update={"chance": red}), likely
        case StatusFor():
            return occasion.model_copy(update={"period": seen.newest}), _status_for(rule, kpi, unit, seen)
        case DataMissing():
            return occasion.model_copy(update={"period": seen.newest}), _missing(kpi, unit, seen)


def _exact(share: float) -> Decimal:
    """The share as it is written: 0.6 is then not below 0.6, and 0.7 less 0.6 is 0.1."""
    return Decimal(repr(share))


def _status_for(rule: StatusFor, kpi: str, unit: str, seen: Seen) -> bool | None:
    quarters = (seen.newest.shift(-back) for back in range(rule.quarters))
    marks = [seen.statuses.get((kpi, unit, quarter)) for quarter in quarters]
    told = [mark for mark in marks if mark not in (None, Status.NONE)]
    if any(mark not in _WORST_FIRST[rule.colour] for mark in told):
        return False
    return True if len(told) == len(marks) else None


def _missing(kpi: str, unit: str, seen: Seen) -> bool:
    now, last_year = (seen.statuses.get((kpi, unit, seen.newest.shift(-back))) for back in (0, 4))
    return now is None and last_year is not None
