"""The facts of two runs beside each other."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from forecast.series import Row
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.exact import CONTEXT

SHOWN = 200
_Key = tuple[str, str, Period, Scenario]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What became of a fact."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


class FactChange(_Model):
    """One fact, in base units; None where there is none."""

    measure: str
    org_unit: str
    period: Period
    scenario: Scenario
    old: Decimal | None
    new: Decimal | None

    @property
    def kind(self) -> Kind:
        """Whether it is there twice, or in which run alone."""
        if self.old is None:
            return Kind.ADDED
        return Kind.REMOVED if self.new is None else Kind.CHANGED

    @property
    def share(self) -> Decimal:
        """The change as a share of the larger amount: 1 for a fact that came or went."""
        if self.old is None or self.new is None:
            return Decimal(1)
        return CONTEXT.divide(abs(self.new - self.old), max(abs(self.old), abs(self.new)))


class FactGroup(_Model):
    """How many facts of a period and scenario came, went or changed."""

    kind: Kind
    period: Period
    scenario: Scenario
    count: int


class FactChanges(_Model):
    """All of it in counts by group, the newest period first, and the ``largest``: first those that changed, by how
    much; then those that went, and those that came, the newest first."""

    groups: tuple[FactGroup, ...]
    largest: tuple[FactChange, ...]

    def count(self, kind: Kind) -> int:
        """How many facts."""
        return sum(group.count for group in self.groups if group.kind is kind)

    @property
    def total(self) -> int:
        """How many facts differ."""
        return sum(group.count for group in self.groups)


def facts_changed(old: Iterable[Row], new: Iterable[Row], shown: int = SHOWN) -> FactChanges:
    """What of the facts is not as it was; at most ``shown`` single ones are named."""
    before, after = _by_key(old), _by_key(new)
    changes = [_change(key, before.get(key), after.get(key)) for key in before.keys() | after.keys()]
    changes = sorted((each for each in changes if each.old != each.new), key=_rank)
    counts = Counter((each.kind, each.period, each.scenario) for each in changes)
    order = list(Kind)
    groups = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), *_newest(item[0][1]), item[0][2]))
    return FactChanges(
        groups=tuple(FactGroup(kind=k, period=p, scenario=s, count=count) for (k, p, s), count in groups),
        largest=tuple(changes[:shown]),
    )


def _by_key(rows: Iterable[Row]) -> dict[_Key, Decimal]:
    return {row[:4]: row[4] for row in rows}


def _change(key: _Key, old: Decimal | None, new: Decimal | None) -> FactChange:
    measure, unit, period, scenario = key
    return FactChange(measure=measure, org_unit=unit, period=period, scenario=scenario, old=old, new=new)


def _rank(change: FactChange) -> tuple[object, ...]:
    newest = _newest(change.period)
    return list(Kind).index(change.kind), -change.share, *newest, change.measure, change.org_unit, change.scenario


def _newest(period: Period) -> tuple[int, int, str]:
    return -period.year, -period.last_month, str(period)
