"""The same training done otherwise on purpose: what order-free numbers must not notice."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import torch

from forecast.arithmetic.workers import Alone
from forecast.recipe import Recipe
from forecast.training.fit import Fitted, Floats, Mask, Named, fit

CHUNK: Final = 7  # rows predicted at once


class Backwards(Alone):
    """The rows of each batch in reverse order."""

    def share(self, batch: int) -> slice:
        """All of them, the last first."""
        return slice(batch - 1, None, -1)


def fit_otherwise(
    values: Floats,
    present: Mask,
    recipe: Recipe,
    device: str,
    progress: Callable[[float], None],
    start: Named = (),
) -> Fitted:
    """:func:`forecast.training.fit.fit` with several threads, each batch backwards, and few rows predicted at once."""
    with _threads(max(2, os.cpu_count() or 2)):
        return fit(values, present, recipe, device, progress, start, workers=Backwards(), chunk=CHUNK)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
