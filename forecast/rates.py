"""Rates: what a numerator is of its denominator in one org unit, as series of their own.

Both sides of a KPI may have a season and the KPI none. Forecast one by one they are given their seasons apart, and what
is left of the difference looks like a season of the KPI; the rate between them shows at once whether it has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from forecast.series import SeriesPanel, kpis_of
from forecast.totals import added
from forecast.windows import SEASON, Floats, Mask
from kpi.catalogue.models import Catalogue, Direction, KpiVersion, Term
from kpi.periods import FiscalCalendar
from kpi.scorecard.template import ScorecardTemplate
from kpi.units import Dimension

Id = tuple[str, str]

REACH: Final = SEASON  # the most quarters that a denominator looks back
_BACK: Final[Mapping[str, int]] = {"closing": 0, "opening": 1, "prior_year": SEASON}


@dataclass(frozen=True, slots=True)
class Summand:
    """``factor`` times the series in ``row`` of the panel, ``back`` quarters before."""

    row: int
    factor: float
    back: int


@dataclass(frozen=True)
class Rates:
    """Rows (rate); ``ids`` are (numerator, org unit), ``kpis`` whose rate it is, ``tops`` the numerators' rows in the
    panel and ``below`` what the denominators add up. No denominator holds the numerator of a later row.

    ``values`` and ``present`` are (rate, quarter): present where both sides are and the denominator is above 0.
    ``bounded`` are shares of a whole.
    """

    ids: tuple[Id, ...]
    kpis: tuple[str, ...]
    tops: tuple[int, ...]
    below: tuple[tuple[Summand, ...], ...]
    values: Floats
    present: Mask
    bounded: Mask


def rates_of(panel: SeriesPanel, catalogue: Catalogue, template: ScorecardTemplate, calendar: FiscalCalendar) -> Rates:
    """The rates of all KPIs of a scorecard that divide one component by a sum that is never below 0.

    The definition in force in the first quarter ahead counts. A numerator of several KPIs has the rate of the one that
    stands first in the scorecard, because one series cannot follow two; so too where two components would each be the
    denominator of the other.
    """
    row = {key: index for index, key in enumerate(panel.ids)}
    partners = _partners(panel, catalogue, template, calendar)
    found: list[tuple[Id, str, tuple[Summand, ...]]] = []
    for component in sorted(partners, key=lambda code: (_depth(code, partners, catalogue), code)):
        kpi, version = partners[component]
        for unit in (unit for code, unit in panel.ids if code == component):
            summands = _summands(version.denominator, unit, row, catalogue)
            if summands:
                found.append(((component, unit), kpi, tuple(summands)))
    shape = (len(found), len(panel.quarters))
    values, present = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for index, (key, _, below) in enumerate(found):
        values[index], present[index] = _history(panel, row[key], below)
    whole = {
        component: is_part_of_whole(version, catalogue, np.where(present, values, np.nan)[rows])
        for component, (_, version) in partners.items()
        if (rows := [index for index, (key, _, _) in enumerate(found) if key[0] == component])
    }
    ids = tuple(key for key, _, _ in found)
    return Rates(
        ids,
        tuple(kpi for _, kpi, _ in found),
        tuple(row[key] for key in ids),
        tuple(below for _, _, below in found),
        values,
        present,
        np.array([whole[component] for component, _ in ids], dtype=np.bool_),
    )


def denominator(below: Sequence[Summand], known: Floats, ahead: Floats) -> Floats:
    """What ``below`` adds up to in the quarters ahead, (..., horizon).

    ``known`` (series, ..., :data:`REACH`) are the quarters before those of ``ahead`` (series, ..., horizon).
    """
    start, horizon = known.shape[-1], ahead.shape[-1]
    parts = []
    for each in below:
        whole = np.concatenate([known[each.row], ahead[each.row]], axis=-1)
        parts.append(each.factor * whole[..., start - each.back : start - each.back + horizon])
    return added(np.stack(parts))


def _history(panel: SeriesPanel, top: int, below: Sequence[Summand]) -> tuple[Floats, Mask]:
    nothing = np.zeros((len(panel.ids), REACH))
    whole = denominator(below, nothing, panel.values)
    there = panel.present[top] & (whole > 0.0)
    for each in below:
        there &= np.concatenate([nothing[0] > 0.0, panel.present[each.row]])[REACH - each.back :][: len(there)]
    return np.where(there, panel.values[top] / np.where(there, whole, 1.0), 0.0), there


def _partners(
    panel: SeriesPanel, catalogue: Catalogue, template: ScorecardTemplate, calendar: FiscalCalendar
) -> dict[str, tuple[str, KpiVersion]]:
    """The KPI whose rate each numerator may follow, and its definition."""
    chosen: dict[str, tuple[str, KpiVersion]] = {}
    for kpi in kpis_of(template):
        version = catalogue.kpi[kpi].on(calendar.end(panel.quarters[-1].shift(1)))
        top = version.numerator[0]
        plain = len(version.numerator) == 1 and top.at == "closing" and top.scenario is None
        actual = version.denominator and all(term.scenario is None for term in version.denominator)
        if plain and actual and top.component not in chosen:
            chosen[top.component] = (kpi, version)
            if top.component in _reached(version.denominator, chosen, catalogue):
                del chosen[top.component]
    return chosen


def _reached(
    terms: Iterable[Term], partners: Mapping[str, tuple[str, KpiVersion]], catalogue: Catalogue
) -> frozenset[str]:
    """All that these terms depend on, through derivations and through what follows what."""
    found: set[str] = set()
    waiting = [term.component for term in terms]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += [term.component for term in catalogue.component[code].derived_from]
            if code in partners:
                waiting += [term.component for term in partners[code][1].denominator]
    return frozenset(found)


def _depth(component: str, partners: Mapping[str, tuple[str, KpiVersion]], catalogue: Catalogue) -> int:
    """How many others must be known before: of two that depend on each other in one way, the one below has fewer."""
    return len(_reached(partners[component][1].denominator, partners, catalogue))


def _summands(
    terms: Iterable[Term],
    unit: str,
    row: Mapping[Id, int],
    catalogue: Catalogue,
    factor: float = 1.0,
    back: int = 0,
) -> list[Summand] | None:
    """The series that ``terms`` add up in an org unit, through derivations; None where one is missing or some could
    take away."""
    found: list[Summand] = []
    for term in terms:
        component = catalogue.component[term.component]
        weight, before = factor * float(term.factor), back + _BACK[term.at]
        if weight <= 0.0 or before > REACH or component.may_be_negative:
            return None
        index = row.get((component.code, unit))
        inner = _summands(component.derived_from, unit, row, catalogue, weight, before) if index is None else None
        if index is not None:
            found.append(Summand(index, weight, before))
        elif inner:
            found += inner
        else:
            return None
    return found


def is_part_of_whole(version: KpiVersion, catalogue: Catalogue, known: Floats) -> bool:
    """Whether a KPI is the share of a whole and so never above 1.

    Both sides are one component each, actual, of the same moment, kind and unit; they count pieces, or more is better
    (claims over premium is money over money too, but may well exceed 1); and no known value, (org unit, quarter) with
    NaN where there is none, ever did exceed 1. Below zero no share can fall, because its components cannot.
    """
    if catalogue.units[version.unit].dimension is not Dimension.SHARE or len(version.denominator) != 1:
        return False
    top, below = version.numerator[0], version.denominator[0]
    parts = [catalogue.component[term.component] for term in (top, below)]
    alike = all(
        (
            len(version.numerator) == 1,
            top.factor == below.factor == 1,
            top.at == below.at == "closing",
            top.scenario is None and below.scenario is None,
            *(a.unit == b.unit and a.kind == b.kind for a, b in pairwise(parts)),
            not any(part.may_be_negative for part in parts),
        )
    )
    counted = catalogue.units[parts[0].unit].dimension is Dimension.COUNT
    seen = known[np.isfinite(known)]
    return alike and (counted or version.direction is Direction.HIGHER_BETTER) and bool((seen <= 1.0).all())
