"""A KPI of one org unit in two quarters: how it changed, whether for the better, and who moved most."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from kpi.catalogue.models import Direction
from kpi.periods import Period
from kpi.scorecard.exact import CONTEXT, WIDE, divide
from kpi.scorecard.growth import growth
from kpi.scorecard.line import reached_by
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Value, Window
from kpi.scorecard.values import KpiView


def window_between(window: Window, before: Period, now: Period) -> Window:
    """The window in which two quarters may be held beside each other: years to date of different length may not, so
    such quarters are taken alone."""
    return Window.QUARTER if window is Window.YTD and before.index != now.index else window


@dataclass(frozen=True, slots=True)
class Move:
    """Values and attainments of one KPI in one org unit, before and now.

    ``change`` is relative for amounts and a plain difference otherwise (shares differ in points). Where a new
    definition came between, neither a change nor an improvement is told.
    """

    kpi: str
    org_unit: str
    direction: Direction
    before: Value
    now: Value
    change: Value
    reached_before: Value
    reached: Value

    @property
    def improvement(self) -> Value:
        """Attainment now less attainment before: better when positive, whatever the direction of the KPI."""
        if self.change.reason is Reason.BREAK:
            return Value(reason=Reason.BREAK)
        now, before = self.reached.amount, self.reached_before.amount
        if now is None or before is None:
            return Value(reason=self.reached.reason or self.reached_before.reason)
        return Value(WIDE.subtract(now, before))

    @property
    def better(self) -> int | None:
        """1 for a change to the better, -1 to the worse, 0 for none; None where no change is told.

        By the direction of the KPI; where best is to be on target, by what that means for the attainment.
        """
        if self.change.amount is None:
            return None
        if self.direction is Direction.ON_TARGET:
            improved = self.improvement.amount
            return None if improved is None else _sign(improved)
        rising = _sign(self.change.amount)
        return rising if self.direction is Direction.HIGHER_BETTER else -rising

    @property
    def size(self) -> Decimal | None:
        """The change as a share of the value before, without sign; None against zero and where no change is told."""
        if self.change.amount is None or self.now.amount is None or not self.before.amount:
            return None
        return abs(divide(WIDE.subtract(self.now.amount, self.before.amount), self.before.amount))


def _sign(amount: Decimal) -> int:
    return (amount > 0) - (amount < 0)


def moves(
    panel: Panel, kpis: Iterable[str], org_units: Iterable[str], before: Period, now: Period, window: Window
) -> Iterator[Move]:
    """The move of every KPI in every org unit, KPI by KPI, each over :func:`window_between`.

    Raises KeyError for an unknown KPI or org unit.
    """
    units, over = tuple(org_units), window_between(window, before, now)
    for code in kpis:
        view = KpiView(panel, panel.catalogue.kpi[code])
        for unit in units:
            with localcontext(CONTEXT):  # as in the scorecard: 40 digits
                yield _move(view, unit, before, now, over)


def _move(view: KpiView, org_unit: str, before: Period, now: Period, over: Window) -> Move:
    old, new = view.value(org_unit, before, over), view.value(org_unit, now, over)
    version = view.version_at(now)
    broken = view.breaks_between(before, now)
    return Move(
        kpi=view.kpi.code,
        org_unit=org_unit,
        direction=version.direction,
        before=old,
        now=new,
        change=Value(reason=Reason.BREAK) if broken else growth(new, old, relative=not version.denominator),
        reached_before=reached_by(view.version_at(before), *view.comparison(org_unit, before, over)),
        reached=reached_by(version, *view.comparison(org_unit, now, over)),
    )


@dataclass(frozen=True)
class Ranking:
    """Moves by what they mean for the attainment: ``best`` and ``worst`` with the greatest first, how many stayed
    where they were, and how many were left out, by reason."""

    best: tuple[Move, ...]
    worst: tuple[Move, ...]
    steady: int
    left_out: Mapping[Reason, int]

    @property
    def total(self) -> int:
        """How many moves there are in all."""
        return len(self.best) + len(self.worst) + self.steady + sum(self.left_out.values())


def ranked(given: Iterable[Move]) -> Ranking:
    """Who improved and who fell back most. Those without an attainment in both quarters are counted, not ranked;
    equals keep their order."""
    told: list[tuple[Decimal, Move]] = []
    left_out: Counter[Reason] = Counter()
    for move in given:
        improved = move.improvement
        if improved.amount is None:
            left_out[improved.reason or Reason.NO_DATA] += 1
        else:
            told.append((improved.amount, move))
    best = sorted((each for each in told if each[0] > 0), key=lambda each: -each[0])
    worst = sorted((each for each in told if each[0] < 0), key=lambda each: each[0])
    steady = len(told) - len(best) - len(worst)
    return Ranking(tuple(move for _, move in best), tuple(move for _, move in worst), steady, dict(left_out))
