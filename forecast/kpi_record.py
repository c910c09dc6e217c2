"""How near forecasts of a KPI itself were: at each past origin the next quarter, by what was known there.

The components are those that would have been shown at the origin (:func:`forecast.backtest.as_shown`), put together by
the scorecard's own rules; what came and last year's value cover the very same cells. Values before a break are mended
as the forecaster saw them. Portable to the bit.
"""

from collections.abc import Iterator
from decimal import localcontext

import numpy as np

from forecast.inputs import RunInputs
from forecast.kpi_paths import KpiOnScene
from forecast.nearness import KpiPast
from forecast.scene import scene_of_past
from forecast.series import SeriesPanel, kpis_of
from forecast.windows import Floats, Mask, Windows
from kpi.scorecard.exact import CONTEXT
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import QUARTERS


def kpi_record(inputs: RunInputs, panel: SeriesPanel, said: tuple[Floats, Mask]) -> tuple[KpiPast, ...]:
    """A row for every KPI, org unit and newest quarters for which both sides have a value, the oldest quarter first.

    ``said`` are :func:`next_quarters`: (origin, series), the newest origin last, and where there is anything.
    """
    if not len(said[0]):
        return ()
    with localcontext(CONTEXT):  # the scorecard's own
        scene = scene_of_past(inputs, panel, *said)
        return tuple(row for code in kpis_of(inputs.template) for row in _rows(KpiOnScene(scene, code), len(said[0])))


def _rows(kpi: KpiOnScene, origins: int) -> Iterator[KpiPast]:
    values, panel = kpi.values(Window.QUARTER), kpi.scene.panel
    first = len(panel.quarters) - origins
    for row, unit in enumerate(panel.tree.units):
        for origin in range(origins):
            at = first + origin
            quarter, earlier = panel.quarters[at], panel.quarters[at].shift(-QUARTERS)
            said, actual = float(values[1 + origin, row, at]), float(values[0, row, at])
            if np.isnan(said) or np.isnan(actual):
                continue
            broken = kpi.view.breaks_between(earlier, quarter)
            naive = float("nan") if broken or at < QUARTERS else float(values[0, row, at - QUARTERS])
            yield KpiPast(kpi.view.kpi.code, unit, quarter, said, actual, None if np.isnan(naive) else naive)


def next_quarters(panel: SeriesPanel, windows: Windows, shown: Floats, may_be_negative: Mask) -> tuple[Floats, Mask]:
    """(origin, series): the next quarter as it would have been shown at each validation origin in base units, and
    whether anything was known of the series there. ``shown`` is the median (window, horizon) around base."""
    origins = [origin for origin in sorted(set(windows.origin.tolist())) if origin + 1 < len(panel.quarters)]
    said, there = np.zeros((len(origins), len(panel.ids))), np.zeros((len(origins), len(panel.ids)), np.bool_)
    ahead = windows.in_units(np.where(windows.moves[:, None], shown, 0.0))[:, 0]
    for position, origin in enumerate(origins):
        rows = windows.origin == origin
        at = windows.series[rows]
        said[position, at] = ahead[rows]
        there[position, at] = panel.present[at, : origin + 1].any(1)
    return np.where(may_be_negative, said, np.maximum(said, 0.0)) + 0.0, there
