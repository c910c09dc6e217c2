"""The one table: a line for each forecaster."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from forecast import metrics
from forecast.benchmark.panel import BenchmarkPanel
from forecast.benchmark.prediction import INTERVALS, Prediction
from forecast.windows import Floats


@dataclass(frozen=True)
class Line:
    """Means over the series; NaN where no series can be measured.

    ``coverage`` (a share) and ``msis`` by per cent, for the intervals that were given.
    """

    name: str
    smape: float
    mase: float
    owa: float
    coverage: Mapping[int, float]
    msis: Mapping[int, float]
    cpu_seconds: float | None

    @property
    def json(self) -> dict[str, object]:
        """For programs: null where there is no figure."""
        msis = {percent: _known(value) for percent, value in self.msis.items()}
        scaled = {"mase": _known(self.mase), "owa": _known(self.owa), "msis": msis}
        return asdict(self) | scaled


def table(predictions: Mapping[str, Prediction], base: Prediction, panel: BenchmarkPanel) -> tuple[Line, ...]:
    """A line for each prediction, the best OWA first; ``base`` (Naive2) is what OWA compares with."""
    sizes = {name: _sizes(each.point, panel) for name, each in predictions.items()}
    by = _sizes(base.point, panel)
    lines = [
        Line(
            name=name,
            smape=sizes[name][0],
            mase=sizes[name][1],
            owa=metrics.owa(*sizes[name], *by),
            coverage={
                percent: _mean(metrics.coverage(panel.actual, *ends)) for percent, ends in each.intervals.items()
            },
            msis={percent: _msis(ends, panel, percent) for percent, ends in each.intervals.items()},
            cpu_seconds=each.cpu_seconds,
        )
        for name, each in predictions.items()
    ]
    return tuple(sorted(lines, key=lambda line: (math.isnan(line.owa), line.owa, line.name)))


def unmeasured(panel: BenchmarkPanel) -> int:
    """How many series repeat their history year by year, so that they count in no scaled figure."""
    return int(np.isnan(panel.scale).sum())


def _sizes(point: Floats, panel: BenchmarkPanel) -> tuple[float, float]:
    return _mean(metrics.smape(panel.actual, point)), _mean(metrics.mase(panel.actual, point, panel.scale))


def _msis(ends: tuple[Floats, Floats], panel: BenchmarkPanel, percent: int) -> float:
    return _mean(metrics.msis(panel.actual, *ends, panel.scale, percent / 100))


def _mean(by_series: Floats) -> float:
    """Over the series that can be measured."""
    measured = by_series[~np.isnan(by_series)]
    return float(measured.mean()) if len(measured) else math.nan


def _known(figure: float) -> float | None:
    return None if math.isnan(figure) else figure


_HEADINGS = ("", "sMAPE", "MASE", "OWA", *(f"{name}{level}" for level in INTERVALS for name in ("in", "MSIS")), "CPU s")


def as_text(lines: tuple[Line, ...]) -> str:
    """The table with aligned columns; blank where there is no figure. ``in80`` is the coverage in per cent."""
    rows = [_HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_HEADINGS))]
    aligned = [[row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows]
    return "\n".join("  ".join(cells).rstrip() for cells in aligned)


def _cells(line: Line) -> tuple[str, ...]:
    intervals = []
    for percent in INTERVALS:
        given = percent in line.coverage
        intervals += [f"{line.coverage[percent]:.1%}", _figure(line.msis[percent])] if given else ["", ""]
    spent = "" if line.cpu_seconds is None else f"{line.cpu_seconds:.2f}"
    return (line.name, _figure(line.smape), _figure(line.mase), _figure(line.owa), *intervals, spent)


def _figure(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"
