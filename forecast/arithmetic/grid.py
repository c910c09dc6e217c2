"""Numbers rounded to a common power-of-two grid, so that sums of them are exact and their order is of no account.

Let ``p`` be a power of two with ``|x| <= 2p`` for every ``x`` of a row, and ``u = p * 2**(1 - bits)``. Rounding to the
nearest multiple of ``u`` leaves ``x = k * u`` with an integer ``|k| <= 2**bits``. Float64 holds every integer up to
``2**53``, so

- a sum of ``n`` such numbers is exact in every partial sum when ``bits + ceil(log2 n) <= 53`` (:func:`sum_bits`);
- a sum of ``n`` products of two such numbers is exact when ``2 * bits + ceil(log2 n) <= 53`` (:func:`product_bits`),
  with or without fused multiply-add.

Exact partial sums are the same in any order, split, thread count and library.

The rounding is ``(x + s) - s`` with ``s = 1.5 * 2**(53 - bits) * p``. The sum stays between ``2**(53 - bits) * p`` and
twice that as long as ``bits <= 51``; the spacing of float64 there is ``u``, so the addition itself rounds to the grid
(half to even) and the subtraction is exact. Both are single IEEE 754 operations.

At the edges: a row whose largest magnitude lies under ``2**-400`` is rounded to the grid of ``2**-400``, so subnormal
numbers become zero; a row that holds NaN, an infinity or a magnitude of ``2**401`` or more becomes NaN throughout;
``-0.0`` becomes ``0.0``. So neither a product of two grids (``>= 2**-900``) nor a sum (``<= 2**900``) leaves the range
of normal numbers.
"""

from typing import Final

import torch
from torch import Tensor

MANTISSA: Final = 53
MOST_BITS: Final = 51
LONGEST_PRODUCT: Final = 1 << 21  # 16 bits are left of each factor; longer ones would be too coarse to be of use
SMALLEST: Final = 2.0**-400
LARGEST: Final = 2.0**400

_EXPONENT: Final = 0x7FF0000000000000


def ceil_log2(count: int) -> int:
    """The smallest ``e`` with ``2**e >= count``, for ``count >= 1``."""
    return (count - 1).bit_length()


def product_bits(length: int) -> int:
    """Bits of each factor that keep a sum of ``length`` products exact: 24 at 32, 23 at 128, 22 at 512, 16 at most.

    Raises ValueError for a length under 1 or over :data:`LONGEST_PRODUCT`.
    """
    if not 1 <= length <= LONGEST_PRODUCT:
        raise ValueError(f"a product of order-free numbers has 1 to {LONGEST_PRODUCT} terms, not {length}")
    return (MANTISSA - ceil_log2(length)) // 2


def sum_bits(count: int) -> int:
    """Bits that keep a sum of ``count`` numbers exact; 51 at most, because the rounding itself needs two."""
    if count < 1:
        raise ValueError("a sum needs at least one term")
    return min(MOST_BITS, MANTISSA - ceil_log2(count))


def largest_magnitude(values: Tensor, dim: tuple[int, ...] | int | None = None) -> Tensor:
    """The largest ``|x|`` over ``dim`` (kept, with length 1), NaN where there is one; a maximum has no rounding.

    Made of the largest and the least number, because ``|x|`` of all would have to be written somewhere first.
    """
    if dim is None:
        return torch.maximum(values.amax(), -values.amin()).abs_()
    return torch.maximum(values.amax(dim, keepdim=True), -values.amin(dim, keepdim=True)).abs_()


def anchor(largest: Tensor, bits: int) -> Tensor:
    """The number ``s`` that rounds, by ``(x + s) - s``, everything of at most ``largest`` in magnitude to ``bits``."""
    power = (largest.view(torch.int64) & _EXPONENT).view(torch.float64)
    power = torch.where(power > LARGEST, torch.nan, power.clamp(min=SMALLEST))
    return power * (1.5 * 2.0 ** (MANTISSA - bits))


def fixed_anchor(bound: float, bits: int) -> float:
    """:func:`anchor` for numbers known to lie in ``[-bound, bound]``, ``bound`` a power of two. One bit finer."""
    return 0.75 * bound * 2.0 ** (MANTISSA - bits)


def to_grid(values: Tensor, at: Tensor | float) -> Tensor:
    """``values`` rounded to the grid of the anchor ``at``, which broadcasts against them."""
    return (values + at).sub_(at)


def round_to_grid(values: Tensor, at: Tensor | float) -> Tensor:
    """:func:`to_grid` in the place of ``values``, for numbers that nobody else needs."""
    return values.add_(at).sub_(at)
