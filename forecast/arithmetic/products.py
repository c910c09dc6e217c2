"""Matrix products and sums whose every partial sum is exact, with gradients made in the same way."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from forecast.arithmetic.elementary import bend
from forecast.arithmetic.grid import (
    anchor,
    fixed_anchor,
    largest_magnitude,
    product_bits,
    round_to_grid,
    sum_bits,
    to_grid,
)
from forecast.arithmetic.weights import weight_on_grid
from forecast.arithmetic.workers import ALONE, Workers


def exact_total(values: Tensor, dim: int) -> Tensor:
    """The sum over ``dim`` (kept, with length 1), on the grid of its largest term; not differentiable by itself.

    Relative to the largest magnitude the error is at most ``n * 2**-bits`` with ``bits = 53 - ceil(log2 n)``, 51 at
    most.
    """
    at = anchor(largest_magnitude(values, dim), sum_bits(values.shape[dim]))
    return to_grid(values, at).sum(dim, keepdim=True).add_(0.0)


class _Total(Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, dim: int) -> Tensor:
        ctx.shape = values.shape
        return exact_total(values, dim)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0].expand(ctx.shape), None


def total(values: Tensor, dim: int = -1) -> Tensor:
    """The differentiable sum over ``dim``, which stays with length 1. See :func:`exact_total` for the error."""
    result: Tensor = _Total.apply(values, dim)  # type: ignore[no-untyped-call]
    return result


class _Linear(Function):
    """``x @ weight.T + bias`` for x (rows, inputs), weight (outputs, inputs), bias (outputs,), bent or not."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, bound: float, workers: Workers, bent: bool
    ) -> Tensor:
        largest = None if bound else largest_magnitude(x, 1)
        on_grid = weight_on_grid(weight)
        rounded = _rows_on_grid(x, bound, largest)
        result = _raw(rounded, on_grid, bias)
        bottom = bend(result) if bent else None
        # Where both passes take the same bits of a bounded number, they share its rounding.
        shared = largest is None and product_bits(x.shape[1]) == product_bits(workers.rows(len(x)))
        ctx.save_for_backward(rounded if shared else x, on_grid, largest, bottom)
        ctx.bound, ctx.workers, ctx.has_bias, ctx.shared = bound, workers, bias is not None, shared
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None, None, None]:
        (gradient,) = gradients
        x, on_grid, largest, bottom = ctx.saved_tensors
        workers: Workers = ctx.workers
        rows = workers.rows(len(x))
        if bottom is not None:
            gradient = (gradient / bottom).div_(bottom)
        at_x: Tensor | float
        steepest = largest_magnitude(gradient).reshape(1)
        if largest is not None:
            both = workers.maximum(torch.cat([steepest, largest.amax().reshape(1)]))
            steepest, at_x = both[:1], anchor(both[1:], product_bits(rows))
        else:
            steepest, at_x = workers.maximum(steepest), fixed_anchor(ctx.bound, product_bits(rows))
        # One rounding serves both products: bits enough for the longer of the two sums.
        at = anchor(steepest, product_bits(max(rows, on_grid.shape[0])))
        gradient = to_grid(gradient, at) if bottom is None else round_to_grid(gradient, at)
        for_x = (gradient @ on_grid).add_(0.0) if ctx.needs_input_grad[0] else None
        for_weight = (gradient.t() @ (x if ctx.shared else to_grid(x, at_x))).add_(0.0)
        for_bias = gradient.sum(0).add_(0.0) if ctx.has_bias else None
        return for_x, for_weight, for_bias, None, None, None


def _rows_on_grid(x: Tensor, bound: float, largest: Tensor | None) -> Tensor:
    bits = product_bits(x.shape[1])
    return to_grid(x, fixed_anchor(bound, bits) if largest is None else anchor(largest, bits))


def _raw(rounded: Tensor, on_grid: Tensor, bias: Tensor | None) -> Tensor:
    return (rounded @ on_grid.t()).add_(0.0 if bias is None else bias + 0.0)


def linear(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    bound: float = 0.0,
    workers: Workers = ALONE,
    bent: bool = False,
) -> Tensor:
    """``x @ weight.T + bias`` over the last axis: x (..., inputs), weight (outputs, inputs), bias (outputs,).

    Each row of ``x`` has a grid of its own, so a row's result does not depend on the rows beside it. ``bound``, a power
    of two, says that no ``|x|`` is larger; then all rows share one grid and need no look at their magnitude. Against
    exact arithmetic the error of an element is at most ``inputs * 2**-(b - 1) * max|row| * max|weight|`` with
    ``b = product_bits(max(inputs, outputs))``, and for the bias one float64 rounding. ``bent`` gives the softsign of
    all that, in its place.

    Gradients of ``weight`` and ``bias`` are sums over all rows of all ``workers``, each worker's part an exact multiple
    of one common grid: the parts may be added in any order. A parameter may therefore be used only once in a network.
    """
    flat = x.reshape(-1, x.shape[-1])
    result: Tensor
    if torch.is_grad_enabled():
        result = _Linear.apply(flat, weight, bias, bound, workers, bent)  # type: ignore[no-untyped-call]
    else:
        rounded = _rows_on_grid(flat, bound, None if bound else largest_magnitude(flat, 1))
        result = _raw(rounded, weight_on_grid(weight), bias)
        if bent:
            bend(result)
    return result.reshape(*x.shape[:-1], weight.shape[0])


class _Product(Function):
    """``a @ b`` for stacks of matrices (stack, m, k) and (stack, k, n)."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        bits = product_bits(max(a.shape[1], a.shape[2], b.shape[2]))
        a, b = (to_grid(part, anchor(largest_magnitude(part, (1, 2)), bits)) for part in (a, b))
        ctx.save_for_backward(a, b)
        ctx.bits = bits
        return torch.bmm(a, b).add_(0.0)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        a, b = ctx.saved_tensors
        gradient = to_grid(gradients[0], anchor(largest_magnitude(gradients[0], (1, 2)), ctx.bits))
        for_a = torch.bmm(gradient, b.transpose(1, 2)).add_(0.0)
        for_b = torch.bmm(a.transpose(1, 2), gradient).add_(0.0)
        return for_a, for_b


def product(a: Tensor, b: Tensor) -> Tensor:
    """``a @ b`` for stacks of matrices, (stack, m, k) @ (stack, k, n) -> (stack, m, n), neither of them a parameter.

    Every matrix of a stack has a grid of its own. The error of an element is at most
    ``k * 2**-(bits - 1) * max|a| * max|b|`` with ``bits = product_bits(max(m, k, n))``.
    """
    result: Tensor = _Product.apply(a, b)  # type: ignore[no-untyped-call]
    return result
