"""What others need of a trained forecaster of quarterly series. Needs only numpy."""

from typing import Protocol

from forecast.windows import Floats, Mask


class Network(Protocol):
    """A trained forecaster of quarterly series."""

    @property
    def levels(self) -> tuple[float, ...]:
        """The probabilities of its quantiles, rising, 0.5 among them."""

    @property
    def horizon(self) -> int:
        """Quarters ahead, at most."""

    @property
    def context(self) -> int:
        """The newest quarters that it sees."""

    @property
    def digest(self) -> str:
        """SHA-256 of the weights."""

    def quantiles(self, values: Floats, present: Mask) -> Floats:
        """(series, horizon, level) from (series, quarters), the newest quarter last, in the units of ``values``.

        Never falling from level to level. Raises ValueError for a series with fewer than
        :data:`forecast.windows.SHORTEST` values among the quarters that it sees.
        """
