"""What a forecaster said of a panel, and how long it took."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from forecast.network import Network
from forecast.simple.methods import Method
from forecast.windows import Floats, Mask
from kpi.errors import refuse

INTERVALS = (80, 95)  # per cent
_MIDDLE = 0.5


@dataclass(frozen=True)
class Prediction:
    """``point`` (series, horizon); ``intervals``: lower and upper ends of that shape by per cent, none if none given.

    ``cpu_seconds`` of processor time for all series, None where nobody measured.
    """

    point: Floats
    intervals: Mapping[int, tuple[Floats, Floats]] = field(default_factory=dict)
    cpu_seconds: float | None = None


Forecaster = Callable[[Floats, Mask, int], Prediction]


def measured(forecaster: Forecaster, values: Floats, present: Mask, horizon: int) -> Prediction:
    """What it predicts, with its processor time."""
    before = time.process_time()
    prediction = forecaster(values, present, horizon)
    return replace(prediction, cpu_seconds=time.process_time() - before)


def by_method(method: Method) -> Forecaster:
    """A simple method, which gives no intervals."""
    return lambda values, present, horizon: Prediction(method(values, present, horizon))


def by_network(network: Network) -> Forecaster:
    """A network: its median, and the intervals whose two ends are among its quantiles."""

    def predict(values: Floats, present: Mask, horizon: int) -> Prediction:
        if horizon > network.horizon:
            raise refuse(
                f"数据要求预测 {horizon} 个季度，网络最多预测 {network.horizon} 个。",
                f"the panel asks for {horizon} quarters ahead; the network gives {network.horizon} at most.",
            )
        quantiles = network.quantiles(values, present)[:, :horizon]
        at = {level: quantiles[:, :, index] for index, level in enumerate(network.levels)}
        ends = {percent: ((100 - percent) / 200, (100 + percent) / 200) for percent in INTERVALS}
        intervals = {percent: (at[low], at[high]) for percent, (low, high) in ends.items() if {low, high} <= at.keys()}
        return Prediction(at[_MIDDLE], intervals)

    return predict
