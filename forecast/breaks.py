"""Breaks of a history that the catalogue states: what of the older values a forecast may learn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Literal

from kpi.catalogue.models import Component
from kpi.periods import FiscalCalendar, Period
from kpi.text import Text

Values = Mapping[Period, Decimal]
_EXACT = Context(prec=34)


@dataclass(frozen=True, slots=True)
class Mend:
    """What was done to ``quarters`` values of a series before ``first``, the first quarter of the new meaning.

    ``ratio`` is what they were multiplied by, None where they were cut.
    """

    component: str
    org_unit: str
    first: Period
    how: Literal["cut", "bridged"]
    quarters: int
    ratio: Decimal | None
    reason: Text

    def as_dict(self) -> dict[str, object]:
        """As the passport writes it."""
        return {
            "component": self.component,
            "org_unit": self.org_unit,
            "first_quarter": str(self.first),
            "how": self.how,
            "quarters": self.quarters,
            "ratio": None if self.ratio is None else str(self.ratio),
            "reason": self.reason.model_dump(),
        }


def mend(
    component: Component, org_unit: str, actual: Values, restated: Values, calendar: FiscalCalendar
) -> tuple[dict[Period, Decimal], list[Mend]]:
    """The comparable values of one series and what was done to it; a restated value is comparable as it stands."""
    values, done = dict(actual), []
    for each in component.breaks:
        first = calendar.period_of(each.effective_from)
        older = [quarter for quarter in values if quarter < first]
        touched = sum(quarter not in restated for quarter in older)
        ratio = _ratio(values, restated, older) if each.how == "bridge" else None
        for quarter in older:
            if ratio is None:
                del values[quarter]
            else:
                values[quarter] = _EXACT.multiply(values[quarter], ratio)
        if touched:
            how: Literal["cut", "bridged"] = "cut" if ratio is None else "bridged"
            done.append(Mend(component.code, org_unit, first, how, touched, ratio, each.reason))
    return values | dict(restated), done


def _ratio(values: Values, restated: Values, older: list[Period]) -> Decimal | None:
    """Restated over reported, added where both stand; None where none do or a sum is not above 0."""
    both = [quarter for quarter in older if quarter in restated]
    with localcontext(_EXACT):
        above, below = (sum((each[quarter] for quarter in both), Decimal(0)) for each in (restated, values))
        return above / below if above > 0 and below > 0 else None
