"""Why something needs somebody, each in one sentence: actual against plan, which way, how far, and the chance."""

from decimal import Decimal

from forecast.attention import Concern, Lack, Need
from kpi.catalogue.models import Kpi
from kpi.periods import Period
from kpi.scorecard.results import GateResult, KpiResult, Value
from kpi.units import Unit
from report.format import Format
from report.words import Words


class Reasons:
    """Writes the reasons of one quarter in one language."""

    def __init__(self, t: Words, fmt: Format, quarter: Period) -> None:
        self.t, self.fmt, self.quarter = t, fmt, quarter

    def sentence(self, concern: Concern, kpi: Kpi, unit: Unit, goal: Value) -> str:
        """Why ``concern`` is one. It is about ``kpi`` with its ``unit``; ``goal`` is the plan of the whole year.

        Raises ValueError where something is unlikely by no landing or against no plan.
        """
        row, relative = concern.about, not kpi.current.denominator
        if isinstance(row, GateResult):
            actual, minimum = self.fmt.value(row.value.amount, unit), self.fmt.value(row.minimum, unit)
            return self.t("attention.gate", actual=actual, minimum=minimum)
        match concern.need:
            case Need.RED:
                return self._red(concern, row, unit, relative)
            case Need.UNLIKELY:
                return self._unlikely(concern, row, unit, relative, goal)
        return self._data(concern, row, unit)

    def _red(self, concern: Concern, row: KpiResult, unit: Unit, relative: bool) -> str:
        actual, plan = row.value.amount, row.target.amount
        chance = concern.landing.chance if concern.landing else None
        words = {
            "actual": self.fmt.value(actual, unit),
            "trend": self._trend(row.on_last_year, unit, relative),
            "chance": "" if chance is None else self.t("attention.chance", chance=self.fmt.chance(chance)),
        }
        if actual is None or plan is None:
            return self.t("attention.red_by_limits", **words)
        if row.attainment.present < row.value.present:  # not all of the actual has a plan beside it
            met = self.fmt.percent(row.attainment.amount)
            return self.t("attention.red_where_planned", attainment=met, **words)
        gap = self._gap(actual, plan, unit, relative)
        return self.t("attention.red_now", plan=self.fmt.value(plan, unit), gap=gap, **words)

    def _unlikely(self, concern: Concern, row: KpiResult, unit: Unit, relative: bool, goal: Value) -> str:
        landing = concern.landing
        if landing is None or goal.amount is None:
            msg = f"{row.kpi}: a chance without a landing or without a plan of the year"
            raise ValueError(msg)
        return self.t(
            "attention.unlikely_now",
            actual=self.fmt.value(row.value.amount, unit),
            chance=self.fmt.chance(landing.chance),
            plan=self.fmt.value(goal.amount, unit),
            expected=self.fmt.value(landing.p50, unit),
            gap=self._gap(Decimal(landing.p50), goal.amount, unit, relative),
        )

    def _data(self, concern: Concern, row: KpiResult, unit: Unit) -> str:
        quarter = self.fmt.period(self.quarter)
        match concern.lack:
            case Lack.LATE if concern.newest:
                return self.t("attention.late", quarter=quarter, newest=self.fmt.period(concern.newest))
            case Lack.PARTIAL:
                actual, value = self.fmt.value(row.value.amount, unit), row.value
                return self.t("attention.partial", actual=actual, present=value.present, expected=value.expected)
            case Lack.NO_PLAN:
                return self.t("attention.no_plan")
        return self.t("attention.never", quarter=quarter)

    def _gap(self, amount: Decimal, plan: Decimal, unit: Unit, relative: bool) -> str:
        """How far from the plan and on which side of it: of amounts as a share of the plan, where it isn't zero."""
        if amount == plan:
            return self.t("attention.on_plan")
        apart, side = amount - plan, "below" if amount < plan else "above"
        share = relative and plan != 0
        text = self.fmt.distance(apart / plan if share else apart, unit, relative=share)
        if text == self.fmt.distance(0, unit, relative=share):
            return self.t(f"attention.just_{side}")
        return self.t(f"attention.{side}", gap=text)

    def _trend(self, change: Value, unit: Unit, relative: bool) -> str:
        if change.amount is None:
            return ""
        text = self.fmt.distance(change.amount, unit, relative)
        if text == self.fmt.distance(0, unit, relative):
            return self.t("attention.level")
        return self.t("attention.up" if change.amount > 0 else "attention.down", change=text)
