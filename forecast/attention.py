"""What needs somebody: KPIs that are red, KPIs that are green and yet unlikely to land, data that is missing or late.

Pure rules over the scorecards of one org unit and the landings of the run shown beside them. No KPI is named twice:
what is red is not also said to be unlikely, and what is either is not also said to be incomplete.

The order is by kind, and inside each kind by what the total loses. A gate that fails comes before everything, because
no score makes up for it. Then what is red now, by the points that the total lacks because of it: its share of what
has a score times how far its own is below that of a KPI on target. Then what is green and unlikely to land, by its
weight times the chance of missing; and data, by its weight times the part that is missing. Points and chances are not
set off against each other: a fact comes before an expectation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import GateResult, KpiResult, Reason, Scorecard, Status
from kpi.scorecard.status import score_on_target
from kpi.scorecard.template import ScorecardTemplate

UNLIKELY = 0.5
"""A green KPI is named when its chance of meeting the year's plan is below this: a miss is likelier than a hit."""
_ZERO, _ONE = Decimal(0), Decimal(1)


class Need(StrEnum):
    """Why a KPI is named, the most pressing first."""

    RED = "red"
    UNLIKELY = "unlikely"
    DATA = "data"


class Lack(StrEnum):
    """What is wrong with the data.

    LATE: there is no value, though there was one at this time of last year or only since. NEVER: there was none in all
    the quarters looked at. PARTIAL: some cells are still to come. NO_PLAN: there is nothing to judge the value by.
    """

    LATE = "late"
    NEVER = "never"
    PARTIAL = "partial"
    NO_PLAN = "no_plan"


@dataclass(frozen=True, slots=True)
class Concern:
    """One KPI and why it is named. ``about`` is its row of the card, or the gate that fails.

    ``share`` is its weight in the total, ``loss`` what it is ordered by inside its kind, for RED points of the total
    (both are 0 for a gate, which has no weight); ``newest`` is the last quarter with a value where it is LATE.
    """

    need: Need
    about: KpiResult | GateResult
    share: Decimal = _ZERO
    loss: Decimal = _ZERO
    landing: KpiForecast | None = None
    lack: Lack | None = None
    newest: Period | None = None

    @property
    def kpi(self) -> str:
        """The code of the KPI."""
        return self.about.kpi


def attention(
    cards: Sequence[Scorecard], template: ScorecardTemplate, landings: Mapping[str, KpiForecast], company: bool
) -> tuple[Concern, ...]:
    """What needs somebody in the org unit of ``cards``, the most important first.

    ``cards`` are the quarters up to the one looked at, the oldest first, five or more so that the same quarter last
    year is among them; ``group_of`` gives the group of each objective, ``landings`` the year-end of each KPI. Only of
    the whole ``company`` is every KPI of the scorecard expected; other org units report what is theirs. Raises
    IndexError without any card.
    """
    now = cards[-1]
    par = score_on_target(template)
    gates = [Concern(Need.RED, gate) for gate in now.gates if gate.holds is False]
    named = {gate.kpi for gate in gates}
    found = []
    for row in now.kpis:
        share, landing = share_of_total(row, template), landings.get(row.kpi)
        concern = _red(row, share, par, landing) or _unlikely(row, share, landing) or _data(row, share, cards, company)
        if concern and row.kpi not in named:
            found.append(concern)
    order = list(Need)
    return (*gates, *sorted(found, key=lambda each: (order.index(each.need), -each.loss, -each.share)))


def share_of_total(row: KpiResult, template: ScorecardTemplate) -> Decimal:
    """The weight of ``row`` in the total score by the template, whatever else is missing."""
    return row.weight * template.group[template.objective[row.objective].group].weight


def _red(row: KpiResult, share: Decimal, par: Decimal, landing: KpiForecast | None) -> Concern | None:
    if row.status is not Status.RED:
        return None
    short = _ZERO if row.score.amount is None else max(_ZERO, par - row.score.amount)
    return Concern(Need.RED, row, share, row.effective_weight * short, landing)


def _unlikely(row: KpiResult, share: Decimal, landing: KpiForecast | None) -> Concern | None:
    chance = landing.chance if landing else None
    if row.status is not Status.GREEN or chance is None or chance >= UNLIKELY:
        return None
    return Concern(Need.UNLIKELY, row, share, share * Decimal(1 - chance), landing)


def _data(row: KpiResult, share: Decimal, cards: Sequence[Scorecard], company: bool) -> Concern | None:
    value = row.value
    if value.reason is Reason.NO_DATA:
        return _missing(row, share, cards, company)
    if Reason.NO_PLAN in (value.reason, row.score.reason):
        return Concern(Need.DATA, row, share, share, lack=Lack.NO_PLAN)
    if value.amount is not None and value.present < value.expected:
        part = Decimal(value.expected - value.present) / value.expected
        return Concern(Need.DATA, row, share, share * part, lack=Lack.PARTIAL)
    return None


def _missing(row: KpiResult, share: Decimal, cards: Sequence[Scorecard], company: bool) -> Concern | None:
    """A value that is not there, unless it never was, or comes at another time of the year, as surveys do."""
    quarter = cards[-1].quarter
    known = [card.quarter for card in cards[:-1] if _has(card, row.kpi)]
    if not known:
        return Concern(Need.DATA, row, share, share, lack=Lack.NEVER) if company or row.value.expected else None
    last_year = quarter.shift(-4)
    if last_year in known or min(known) > last_year:
        return Concern(Need.DATA, row, share, share, lack=Lack.LATE, newest=max(known))
    return None


def _has(card: Scorecard, kpi: str) -> bool:
    return any(row.kpi == kpi and row.value.amount is not None for row in card.kpis)
