"""The canonical panel: the component series a scorecard needs, sorted, in float64, with a mask for what is missing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from forecast.breaks import Mend, mend
from kpi.catalogue.models import Catalogue
from kpi.errors import refuse
from kpi.facts import Scenario
from kpi.periods import FiscalCalendar, Grain, Period, quarter_range
from kpi.scorecard.template import ScorecardTemplate

Row = tuple[str, str, Period, Scenario, Decimal]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
CALENDAR_YEARS = FiscalCalendar()


@dataclass(frozen=True)
class SeriesPanel:
    """Own (not rolled up) actual series; ``values`` and ``present`` are (series, quarters), 0.0 where missing.

    ``ids`` are (component, org unit) in ascending order. Decimal ends here: each value is the nearest float64.
    Values before a break that the catalogue states are mended as ``mends`` says; ``reported`` holds values and mask as
    they were before that, None where nothing was mended.
    """

    ids: tuple[tuple[str, str], ...]
    quarters: tuple[Period, ...]
    values: Floats
    present: Mask
    mends: tuple[Mend, ...] = ()
    reported: tuple[Floats, Mask] | None = None

    @property
    def as_reported(self) -> tuple[Floats, Mask]:
        """Values and mask of what was reported or restated, breaks or not: what actual KPIs are made of."""
        return self.reported or (self.values, self.present)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over ids, quarters, values (little-endian float64) and mask, whatever order the rows came in."""
        head = json.dumps({"ids": self.ids, "quarters": [str(q) for q in self.quarters]}, separators=(",", ":"))
        hashed = sha256(head.encode())
        hashed.update(canonical_bytes(self.values))
        hashed.update(self.present.astype(np.uint8).tobytes())
        return hashed.hexdigest()

    def csv(self) -> str:
        """The panel for readers: one line a value, shortest digits that give the same float64 back."""
        lines = ["component,org_unit,quarter,value"]
        for (component, unit), values, present in zip(self.ids, self.values, self.present, strict=True):
            pairs = zip(self.quarters, values.tolist(), present.tolist(), strict=True)
            lines += [f"{component},{unit},{quarter},{value!r}" for quarter, value, there in pairs if there]
        return "\n".join(lines) + "\n"


def canonical_bytes(values: Floats) -> bytes:
    """Little-endian float64 in row order, -0.0 as 0.0. Raises ValueError on NaN and infinity, whose bits vary."""
    if not np.isfinite(values).all():
        raise ValueError("NaN or infinity has no canonical bytes")
    return (values + 0.0).astype("<f8").tobytes()


def kpis_of(template: ScorecardTemplate) -> tuple[str, ...]:
    """The KPIs of a scorecard, gates included, each once, in order."""
    return tuple(dict.fromkeys([entry.kpi for entry in template.entries] + [gate.kpi for gate in template.gates]))


def needed_components(catalogue: Catalogue, template: ScorecardTemplate) -> frozenset[str]:
    """Components whose actual values some KPI of the scorecard reads, through derivations too."""
    versions = [version for kpi in kpis_of(template) for version in catalogue.kpi[kpi].versions]
    terms = [term for version in versions for term in (*version.numerator, *version.denominator)]
    waiting = [term.component for term in terms if term.scenario is None]
    needed: set[str] = set()
    while waiting:
        code = waiting.pop()
        if code not in needed:
            needed.add(code)
            waiting += [term.component for term in catalogue.component[code].derived_from]
    return frozenset(needed)


def build_panel(
    rows: Iterable[Row],
    catalogue: Catalogue,
    template: ScorecardTemplate,
    calendar: FiscalCalendar = CALENDAR_YEARS,
) -> SeriesPanel:
    """The panel of the needed components; a restated value replaces the actual one. Raises Refused when empty."""
    needed = needed_components(catalogue, template)
    stated: dict[tuple[str, str], dict[Scenario, dict[Period, Decimal]]] = {}
    for measure, unit, period, scenario, value in rows:
        if measure not in needed or scenario is Scenario.PLAN or period.grain is not Grain.QUARTER:
            continue
        series = stated.setdefault((measure, unit), {Scenario.ACTUAL: {}, Scenario.RESTATED: {}})
        series[scenario][period] = value
    if not stated:
        raise refuse(
            "快照里没有本记分卡所需的季度实际值，无法预测。请先载入实际数据。",
            "the snapshot holds no quarterly actuals that this scorecard needs, so there is nothing to forecast. "
            "Load actuals first.",
        )
    ids = tuple(sorted(stated))
    reported = [stated[key][Scenario.ACTUAL] | stated[key][Scenario.RESTATED] for key in ids]
    every = [period for series in reported for period in series]
    quarters = tuple(quarter_range(min(every), max(every)))
    mended, mends = [], []
    for component, unit in ids:
        actual, restated = (stated[component, unit][each] for each in (Scenario.ACTUAL, Scenario.RESTATED))
        series_now, done = mend(catalogue.component[component], unit, actual, restated, calendar)
        mended.append(series_now)
        mends += done
    arrays = _arrays(mended, quarters)
    return SeriesPanel(ids, quarters, *arrays, tuple(mends), _arrays(reported, quarters) if mends else None)


def _arrays(known: Sequence[Mapping[Period, Decimal]], quarters: tuple[Period, ...]) -> tuple[Floats, Mask]:
    column = {quarter: index for index, quarter in enumerate(quarters)}
    values = np.zeros((len(known), len(quarters)))
    present = np.zeros((len(known), len(quarters)), dtype=np.bool_)
    for index, series in enumerate(known):
        for period, value in series.items():
            values[index, column[period]] = float(value)
            present[index, column[period]] = True
    return values + 0.0, present
