"""New facts beside the approved ones: what a person who knows the series would stop at.

Every check is robust: it compares with medians of the series' own past, never with a mean that one bad value moves.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from statistics import median

from kpi.catalogue.models import Catalogue
from kpi.facts import Fact, FactKey, Scenario, canonical_decimal
from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.periods import Grain, Period

_JUMP = 500
_FEWEST, _FEWEST_FOR_OUTLIERS = 4, 8
_FAR = Decimal(8)
_PER_DEVIATION = Decimal("1.4826")  # a normal distribution's standard deviation in median absolute deviations
_LEAST_SPREAD = Decimal("0.02")
_NEAR = (Decimal("0.8"), Decimal("1.25"))
_MOST = 100


def check_history(facts: Iterable[Fact], history: Mapping[FactKey, Decimal], catalogue: Catalogue) -> list[Finding]:
    """Findings on facts that don't go with the approved values of their series; none for what is approved as it is."""
    if not history:
        return []
    series: dict[tuple[str, str, bool], dict[Period, Decimal]] = {}
    for key, value in history.items():
        if key.period.grain is Grain.QUARTER and key.scenario is not Scenario.RESTATED:
            series.setdefault((key.measure, key.org_unit, key.scenario is Scenario.PLAN), {})[key.period] = value
    found: list[Finding] = []
    plans: list[Fact] = []
    for fact in facts:
        approved = history.get(fact.key)
        if approved == fact.value:
            continue
        if fact.key.scenario is Scenario.PLAN and approved is not None:
            plans.append(fact)
        past = series.get((fact.key.measure, fact.key.org_unit, fact.key.scenario is Scenario.PLAN), {})
        if fact.key.period.grain is Grain.QUARTER and len(found) < _MOST:
            found += _against(fact, past, catalogue)
    if plans:
        first = plans[0]
        old = canonical_decimal(history[first.key])
        found.append(finding("plan_changed", cell_of(first), old=old, count=str(len(plans))))
    return found


def cell_of(fact: Fact) -> Cell:
    """The cell that a fact stands in."""
    letters = fact.origin.cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return Cell(fact.origin.sheet, int(fact.origin.cell[len(letters) :]), column, fact.origin.text)


def _against(fact: Fact, past: Mapping[Period, Decimal], catalogue: Catalogue) -> Iterator[Finding]:
    """At most one finding on a fact, the likeliest reason first."""
    before = {period: value for period, value in past.items() if period < fact.key.period}
    sizes = [abs(value) for value in before.values() if value]
    if len(sizes) < _FEWEST or not fact.value:
        return
    usual = median(sizes)
    times = abs(fact.value) / usual
    component = catalogue.component.get(fact.key.measure)
    if times >= _JUMP or times <= 1 / Decimal(_JUMP):
        yield finding("unit_jump", cell_of(fact), usual=_rounded(usual), times=_times(times))
    elif fact.value < 0 <= min(before.values()):
        yield finding("sign_changed", cell_of(fact), usual=_rounded(usual))
    elif component is not None and component.kind == "flow" and _is_to_date(fact, before, usual):
        yield finding("looks_like_year_to_date", cell_of(fact), usual=_rounded(usual))
    elif (allowed := _usual_range(fact, before)) and not allowed[0] <= fact.value <= allowed[1]:
        yield finding("outlier", cell_of(fact), low=_rounded(allowed[0]), high=_rounded(allowed[1]))


def _is_to_date(fact: Fact, before: Mapping[Period, Decimal], usual: Decimal) -> bool:
    """Whether a quarter's value is about what the year so far and a usual quarter add up to."""
    quarter = fact.key.period
    earlier = [before.get(Period.quarter(quarter.year, index)) for index in range(1, quarter.index)]
    known = [value for value in earlier if value is not None]
    if not known or len(known) < len(earlier):
        return False
    same = [value for period, value in before.items() if period.index == quarter.index]
    typical = median(same) if same else usual
    expected = sum(known, Decimal(0)) + typical
    return expected > 0 and _NEAR[0] <= fact.value / expected <= _NEAR[1] and fact.value > typical * Decimal("1.6")


def _usual_range(fact: Fact, before: Mapping[Period, Decimal]) -> tuple[Decimal, Decimal] | None:
    """Where the value would lie by the changes on the year before that the series is used to."""
    changes = [value - before[year_ago] for period, value in before.items() if (year_ago := period.shift(-4)) in before]
    anchor = before.get(fact.key.period.shift(-4))
    if anchor is None or len(changes) < _FEWEST_FOR_OUTLIERS:
        return None
    middle = median(changes)
    spread = median(abs(change - middle) for change in changes) * _PER_DEVIATION
    spread = max(spread, abs(anchor) * _LEAST_SPREAD)
    return anchor + middle - _FAR * spread, anchor + middle + _FAR * spread


def _rounded(value: Decimal) -> str:
    digits = max(0, 3 - value.adjusted())
    return f"{value:,.{min(digits, 6)}f}"


def _times(times: Decimal) -> str:
    return f"{times:,.0f}" if times >= 1 else f"1/{1 / times:,.0f}"
