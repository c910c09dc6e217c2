"""How the workers of one launch do a run together: the first has the inputs, writes and answers; the others compute."""

import json
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from forecast.arithmetic.workers import Workers
from forecast.recipe import Recipe
from forecast.team import Team, WorkerLost
from forecast.training.fit import Fitted, Named, fit
from forecast.training.leg import NOWHERE, Keeper, Progress, State
from forecast.weights import pack_weights, unpack_weights
from kpi.errors import refuse

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class SharedStates:
    """The first worker's states, which all go on from; only it keeps any."""

    def __init__(self, team: Team, own: Keeper) -> None:
        self.team, self.own = team, own

    def recall(self, leg: str) -> State | None:
        """What the first worker recalls."""
        if self.team.rank == 0:
            state = self.own.recall(leg)
            self.team.send(pack_weights(sorted(state.items())) if state is not None else b"")
            return state
        content = self.team.receive()
        return dict(unpack_weights(content)) if content else None

    def offer(self, leg: str, state: Callable[[], State]) -> None:
        """See :class:`forecast.training.leg.Keeper`."""
        self.own.offer(leg, state)

    def keep(self, leg: str, state: State) -> None:
        """See :class:`forecast.training.leg.Keeper`."""
        self.own.keep(leg, state)


class Crew:
    """The first worker's side. ``train`` is :func:`forecast.training.fit.fit` done by all workers."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.busy = False

    @property
    def size(self) -> int:
        """The number of workers."""
        return self.workers.size if isinstance(self.workers, Team) else 1

    def train(
        self,
        values: Floats,
        present: Mask,
        recipe: Recipe,
        device: str,
        progress: Progress,
        start: Named = (),
        keeper: Keeper = NOWHERE,
    ) -> Fitted:
        """Fit, with whoever is there. Raises Refused when they cannot share this work or one of them is lost."""
        if isinstance(self.workers, Team):
            return self._shared(self.workers, values, present, recipe, device, progress, start, keeper)
        return fit(values, present, recipe, device, progress, start, keeper)

    def _shared(
        self,
        team: Team,
        values: Floats,
        present: Mask,
        recipe: Recipe,
        device: str,
        progress: Progress,
        start: Named,
        keeper: Keeper,
    ) -> Fitted:
        _check(recipe, team)
        self.busy = True
        try:
            team.send(json.dumps(asdict(recipe)).encode())
            team.send(pack_weights([("values", values), ("present", present.astype(np.float64))]))
            team.send(pack_weights(start))
            fitted = fit(values, present, recipe, device, progress, start, SharedStates(team, keeper), team)
        except WorkerLost as problem:
            raise refuse(
                "另一个工作进程中断了，运行停止。再次运行会从最近的检查点继续。",
                "another worker ended, so the run stopped. Run it again to go on from the last checkpoint.",
            ) from problem
        self.busy = False
        return fitted

    def dismiss(self) -> None:
        """Tell the others that there is nothing more to do. In the middle of work they see it by themselves."""
        if isinstance(self.workers, Team) and not self.busy:
            self.workers.send(b"")


def assist(team: Team, device: str) -> None:
    """Another worker's side: help with every training until dismissed. Raises WorkerLost."""
    while about := team.receive():
        recipe = json.loads(about)
        recipe["quantiles"] = tuple(recipe["quantiles"])
        arrays = dict(unpack_weights(team.receive()))
        start = unpack_weights(team.receive())
        shared = SharedStates(team, NOWHERE)
        fit(arrays["values"], arrays["present"] > 0.0, Recipe(**recipe), device, lambda _: None, start, shared, team)


def _check(recipe: Recipe, team: Team) -> None:
    if recipe.numerics != "order_free":
        raise refuse(
            "多个工作进程只能用 order_free 数值方式：其他方式的梯度之和取决于工作进程数。请改用一个进程，"
            "或去掉 --numerics standard。",
            "several workers need order-free numerics: in any other the sums of gradients depend on how many workers "
            "there are. Use one worker, or leave out --numerics standard.",
        )
    if recipe.batch < team.size:
        raise refuse(
            f"{team.size} 个工作进程无法分担每批 {recipe.batch} 行：请减少工作进程，或增大 SCORECAST_FORECAST_BATCH。",
            f"{team.size} workers cannot share batches of {recipe.batch} rows: use fewer workers or a larger "
            "SCORECAST_FORECAST_BATCH.",
        )
