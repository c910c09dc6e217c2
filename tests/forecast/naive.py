"""A forecaster for tests of everything around the network: the value of a year ago, with a spread from its misses."""

from typing import Final

import numpy as np

from forecast.levels import Floats
from forecast.windows import Mask

SEASON: Final = 4
# Half widths in units of the usual miss; those of a normal distribution, to a digit.
_WIDTHS: Final = np.array([-2.0, -1.6, -1.3, -0.7, 0.0, 0.7, 1.3, 1.6, 2.0])


class SeasonalNaive:
    """Works like the network: newest quarter last, and at least five of them."""

    levels = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
    horizon = 8
    context = 40
    digest = "0" * 64

    def quantiles(self, values: Floats, present: Mask) -> Floats:
        """(series, horizon, level) from (series, quarters)."""
        if bool((present.sum(1) <= SEASON).any()):
            raise ValueError("a series needs 5 values")
        both = present[:, SEASON:] & present[:, :-SEASON]
        misses = np.where(both, np.abs(values[:, SEASON:] - values[:, :-SEASON]), 0.0)
        usual = misses.sum(1) / both.sum(1)
        middle = np.concatenate([values[:, -SEASON:]] * 2, axis=1)
        years_ahead = np.arange(self.horizon) // SEASON + 1
        spread = usual[:, None, None] * years_ahead[:, None] * _WIDTHS
        quantiles: Floats = middle[:, :, None] + spread
        return quantiles


def load_pretrained(*_: object) -> SeasonalNaive:
    """In the place of the loader of the real network."""
    return SeasonalNaive()
