"""What training is told. Needs nothing else."""

from dataclasses import dataclass
from typing import Literal

NumericsName = Literal["order_free", "standard"]
Family = Literal["mlp", "tcn", "gru", "transformer"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """See :class:`forecast.config.ForecastConfig`, which describes each of these and checks it."""

    numerics: NumericsName
    family: Family
    seed: int
    horizon: int
    context: int
    width: int
    blocks: int
    members: int
    steps: int
    check_every: int
    batch: int
    learning_rate: float
    validation_origins: int
    quantiles: tuple[float, ...]

    @property
    def checks(self) -> tuple[int, ...]:
        """The steps at which the network is looked at."""
        return tuple(range(0, self.steps + 1, self.check_every))
