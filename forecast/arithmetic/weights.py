"""Weights on their grid, rounded once where the same ones are used for many predictions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import torch
from torch import Tensor

from forecast.arithmetic.grid import anchor, largest_magnitude, product_bits, to_grid


class _Kept(NamedTuple):
    """A weight as it was: as long as it and its numbers are held, no other has its id or their address."""

    weight: Tensor
    numbers: Tensor
    version: int
    on_grid: Tensor

    def is_still(self, weight: Tensor) -> bool:
        """Whether nothing was written to ``weight`` since, and its numbers are where they were."""
        return self.version == weight._version and self.numbers.data_ptr() == weight.data_ptr()


_kept: ContextVar[dict[int, _Kept] | None] = ContextVar("kept", default=None)


@contextmanager
def fixed_weights() -> Iterator[None]:
    """While inside, a weight used without gradients is rounded at its first use only, and again once it has changed.

    Seen are changes in place and other numbers put there; not what is written behind torch's back, through
    ``weight.data`` or numpy.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def weight_on_grid(weight: Tensor) -> Tensor:
    """``weight`` (outputs, inputs) on the grid of its largest number, with bits enough for sums over either side."""
    kept = _kept.get()
    if kept is None or torch.is_grad_enabled():
        return _rounded(weight)
    found = kept.get(id(weight))
    if found is None or not found.is_still(weight):
        found = _Kept(weight, weight.detach(), weight._version, _rounded(weight))
        kept[id(weight)] = found
    return found.on_grid


def _rounded(weight: Tensor) -> Tensor:
    return to_grid(weight, anchor(largest_magnitude(weight), product_bits(max(weight.shape))))
