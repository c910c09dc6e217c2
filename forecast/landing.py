"""From component paths to what a manager acts on: KPIs, the chance of each status, what the rest of the year must bring
and the scores of objectives, groups and the whole scorecard, all from the same sample paths.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from forecast.inputs import RunInputs
from forecast.kpi_paths import KpiOnScene, KpiPaths
from forecast.paths import Paths, quantile, quantiles
from forecast.records import KpiForecast, ScoreForecast
from forecast.scene import Scene, build_scene
from forecast.series import SeriesPanel, kpis_of
from kpi.catalogue.models import KpiVersion
from kpi.scorecard.arrays import PartScores, entry_scores, part_scores, shares_by_status
from kpi.scorecard.exact import CONTEXT
from kpi.scorecard.results import Value, Window
from kpi.scorecard.status import zones_of, zones_of_part
from kpi.scorecard.template import Entry, ScorecardTemplate

Floats = NDArray[np.float64]
WINDOWS = (Window.QUARTER, Window.YTD, Window.YEAR, Window.ROLLING4)
SCORED = (Window.QUARTER, Window.YTD, Window.YEAR)
_FAN = {"p2_5": 0.025, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p97_5": 0.975}


@dataclass(frozen=True)
class Landings:
    """What the sample paths say of KPIs and of scores."""

    kpis: tuple[KpiForecast, ...]
    scores: tuple[ScoreForecast, ...]


def land(inputs: RunInputs, series: SeriesPanel, paths: Paths, progress: Callable[[float], None]) -> Landings:
    """A row for every KPI of the scorecard, org unit, forecast quarter and window that has a value, and for every
    objective, group and total that has a score (rolling quarters have none)."""
    with localcontext(CONTEXT):  # the scorecard's own
        return land_scene(build_scene(inputs, series, paths), inputs.template, progress)


def land_scene(scene: Scene, template: ScorecardTemplate, progress: Callable[[float], None]) -> Landings:
    """As :func:`land`, on a scene."""
    rows: list[KpiForecast] = []
    scores: dict[Window, dict[str, Floats]] = {window: {} for window in SCORED}
    missing = np.full((*scene.shape[:2], len(scene.ahead)), np.nan)
    entries = {entry.kpi: entry for entry in template.entries}
    codes = kpis_of(template)
    for position, code in enumerate(codes):
        kpi, entry = KpiOnScene(scene, code), entries.get(code)
        for window in WINDOWS:
            found = kpi.paths(window)
            if found is not None:
                rows += _kpi_rows(kpi, entry, template, window, found)
            if entry is not None and window in SCORED:
                scores[window][code] = missing if found is None else _scores(entry, template, found)
        scene.panel.cache.clear()
        progress((position + 1) / len(codes))
    parts = ((window, part) for window in SCORED for part in part_scores(scores[window], template))
    return Landings(tuple(rows), tuple(_score_rows(scene, template, parts)))


def _scores(entry: Entry, template: ScorecardTemplate, found: KpiPaths) -> Floats:
    return entry_scores(entry, template, found.values, found.reached, found.grown)


def _most(drawn: Floats) -> Floats | None:
    """The numbers among ``drawn``, if most are: no number is more honest than one from a few paths."""
    numbers = drawn[~np.isnan(drawn)]
    return numbers if 2 * len(numbers) > len(drawn) else None


def _kpi_rows(
    kpi: KpiOnScene, entry: Entry | None, template: ScorecardTemplate, window: Window, found: KpiPaths
) -> Iterator[KpiForecast]:
    for row, unit in enumerate(kpi.scene.panel.tree.units):
        for at, quarter in enumerate(kpi.scene.ahead):
            values = _most(found.values[:, row, at])
            if values is None:
                continue
            version, same, goal = kpi.version(quarter), _most(found.same[:, row, at]), found.goals[row][at]
            needed, expected = Value(), None
            if window is Window.YEAR:
                needed, expected = kpi.run_rate(unit, quarter, values)
            green, amber, red = _statuses(entry, template, version, values, same, goal.amount)
            yield KpiForecast(
                kpi=kpi.view.kpi.code,
                org_unit=unit,
                period=quarter,
                window=window,
                **fan(values),
                chance=None if same is None else chance_of(same, goal.amount, version),
                green=green,
                amber=amber,
                red=red,
                needed=None if needed.amount is None else float(needed.amount),
                expected=expected,
                reason=needed.reason,
            )


def fan(drawn: Floats) -> dict[str, float]:
    """The percentiles of (sample,) that a forecast keeps, by their names."""
    return dict(zip(_FAN, quantiles(drawn, tuple(_FAN.values())).tolist(), strict=True))


def chance_of(drawn: Floats, target: Decimal | None, version: KpiVersion) -> float | None:
    """The share of paths that meet the target: at least it, at most it, or inside the full band around it."""
    zones = zones_of(target, version.direction, version.bands)
    return None if zones is None else shares_by_status(drawn, zones)[0]


def _statuses(
    entry: Entry | None,
    template: ScorecardTemplate,
    version: KpiVersion,
    values: Floats,
    same: Floats | None,
    target: Decimal | None,
) -> tuple[float | None, float | None, float | None]:
    """The chances of green, amber and red: limits of its own are for the value, those around a target for the value
    over the same cells."""
    judged = values if entry is not None and entry.limits is not None else same
    if entry is None or judged is None:
        return None, None, None
    zones = zones_of(target, version.direction, version.bands, entry.limits, template.amber_share)
    return (None, None, None) if zones is None else shares_by_status(judged, zones)


def _score_rows(
    scene: Scene, template: ScorecardTemplate, parts: Iterable[tuple[Window, PartScores]]
) -> Iterator[ScoreForecast]:
    zones = zones_of_part(template)
    for window, part in parts:
        for row, unit in enumerate(scene.panel.tree.units):
            for at, quarter in enumerate(scene.ahead):
                scores = _most(part.scores[:, row, at])
                if scores is None:
                    continue
                green, amber, red = shares_by_status(scores, zones)
                p10, p50, p90 = quantiles(scores, (0.1, 0.5, 0.9)).tolist()
                yield ScoreForecast(
                    kind=part.kind,
                    code=part.code,
                    org_unit=unit,
                    period=quarter,
                    window=window,
                    p10=p10,
                    p50=p50,
                    p90=p90,
                    green=green,
                    amber=amber,
                    red=red,
                    coverage=float(quantile(part.coverage[:, row, at], 0.5)),
                )
