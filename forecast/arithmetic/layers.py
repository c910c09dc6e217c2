"""Steps of a network in order-free arithmetic, each one function with its own gradient: few passes over memory."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from forecast.arithmetic.elementary import exp_within, sigmoid_value, tanh_value
from forecast.arithmetic.grid import (
    anchor,
    fixed_anchor,
    largest_magnitude,
    product_bits,
    round_to_grid,
    sum_bits,
    to_grid,
)
from forecast.arithmetic.products import exact_total
from forecast.arithmetic.roots import square_root
from forecast.arithmetic.weights import weight_on_grid
from forecast.arithmetic.workers import ALONE, Workers


class _Softmax(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        raised = exp_within((x - x.amax(-1, keepdim=True)).clamp_(min=-708.0))
        # Every term is at most 1, and the largest is 1: one fixed grid for all rows.
        whole = to_grid(raised, fixed_anchor(1.0, sum_bits(x.shape[-1]))).sum(-1, keepdim=True)
        value = raised.div_(whole)
        ctx.save_for_backward(value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (value,) = ctx.saved_tensors
        return (gradients[0] - exact_total(gradients[0] * value, -1)).mul_(value)


def softmax(x: Tensor) -> Tensor:
    """The softmax over the last axis; relative error at most ``2**-39`` for every share above ``2**-50``.

    Shares under ``exp(-708)`` of the largest come out as if they stood there. A row with NaN or with +inf is NaN.
    """
    result: Tensor = _Softmax.apply(x)  # type: ignore[no-untyped-call]
    return result


class _Standardise(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, floor: float) -> Tensor:
        share = 1.0 / x.shape[-1]
        centred = x - exact_total(x, -1) * share
        variance = exact_total(centred * centred, -1) * share + floor
        spread = square_root(variance)
        value = centred.div_(spread)
        ctx.save_for_backward(value, spread)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        value, spread = ctx.saved_tensors
        (gradient,) = gradients
        share = 1.0 / value.shape[-1]
        along = exact_total(gradient * value, -1) * share
        level = exact_total(gradient, -1) * share
        return (gradient - level).sub_(value * along).div_(spread), None


def standardise(x: Tensor, floor: float = 1e-5) -> Tensor:
    """``(x - mean) / sqrt(variance + floor)`` over the last axis: layer normalisation without gain and shift.

    Mean and variance are exact sums of numbers rounded to ``53 - ceil(log2 n)`` bits of the largest.
    """
    result: Tensor = _Standardise.apply(x, floor)  # type: ignore[no-untyped-call]
    return result


class _Taps(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: int, dilation: int) -> Tensor:
        ctx.kernel, ctx.dilation = kernel, dilation
        steps = x.shape[1]
        padded = torch.cat([x.new_zeros(x.shape[0], (kernel - 1) * dilation, x.shape[2]), x], 1)
        return torch.cat([padded[:, tap * dilation : tap * dilation + steps] for tap in range(kernel)], 2)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = gradients
        count, steps, width = gradient.shape
        width //= ctx.kernel
        back = (ctx.kernel - 1) * ctx.dilation
        padded = gradient.new_zeros(count, back + steps, width)
        for tap in range(ctx.kernel):
            at = tap * ctx.dilation
            padded[:, at : at + steps].add_(gradient[:, :, tap * width : (tap + 1) * width])
        return padded[:, back:], None, None


def taps(x: Tensor, kernel: int, dilation: int) -> Tensor:
    """(rows, steps, channels) -> (rows, steps, kernel * channels): each step beside its ``kernel - 1`` earlier ones.

    Steps before the first are zero, so nothing later is seen: a causal convolution is a linear map of this. The
    gradient adds the taps in a fixed order, oldest first.
    """
    result: Tensor = _Taps.apply(x, kernel, dilation)  # type: ignore[no-untyped-call]
    return result


class _Recurrence(Function):
    """A gated recurrent unit from its projected inputs; the loop and its gradient are written out."""

    @staticmethod
    def forward(ctx: Any, projected: Tensor, weight: Tensor, bias: Tensor, workers: Workers) -> Tensor:
        rows, steps, width = projected.shape[0], projected.shape[1], weight.shape[1]
        on_grid = weight_on_grid(weight)
        at = fixed_anchor(1.0, product_bits(width))
        bias = bias + 0.0
        state = projected.new_zeros(rows, width)
        states = projected.new_empty(rows, steps, width)
        gates, candidates, hidden_parts = [], [], []
        for step in range(steps):
            now = projected[:, step]
            recalled = (to_grid(state, at) @ on_grid.t()).add_(bias)
            gate = sigmoid_value(now[:, : 2 * width] + recalled[:, : 2 * width])
            part = recalled[:, 2 * width :]
            candidate = tanh_value((gate[:, :width] * part).add_(now[:, 2 * width :]))
            state = (state - candidate).mul_(gate[:, width:]).add_(candidate)
            states[:, step] = state
            gates.append(gate)
            candidates.append(candidate)
            hidden_parts.append(part)
        ctx.save_for_backward(states, on_grid, *gates, *candidates, *hidden_parts)
        ctx.workers = workers
        return states

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        states, on_grid, *kept = ctx.saved_tensors
        rows, steps, width = states.shape
        gates, candidates, parts = kept[:steps], kept[steps : 2 * steps], kept[2 * steps :]
        (outer,) = gradients
        before = torch.cat([states.new_zeros(rows, 1, width), states[:, :-1]], 1)
        for_projected = states.new_empty(rows, steps, 3 * width)
        for_recalled = states.new_empty(rows, steps, 3 * width)
        bits = product_bits(3 * width)
        carried = states.new_zeros(rows, width)
        for step in range(steps - 1, -1, -1):
            gate, candidate = gates[step], candidates[step]
            reset, update = gate[:, :width], gate[:, width:]
            slope = outer[:, step] + carried
            now = for_projected[:, step]
            for_reset, for_update, for_candidate = now.split([width, width, width], 1)
            torch.mul(slope, 1.0 - update, out=for_candidate).mul_(1.0 - candidate * candidate)
            torch.mul(for_candidate, parts[step], out=for_reset)
            torch.mul(slope, before[:, step] - candidate, out=for_update)
            now[:, : 2 * width].mul_(gate).mul_(1.0 - gate)
            recalled = for_recalled[:, step].copy_(now)
            recalled[:, 2 * width :].mul_(reset)
            rounded = to_grid(recalled, anchor(largest_magnitude(recalled, 1), bits))
            carried = (slope * update).add_(rounded @ on_grid)
        workers: Workers = ctx.workers
        flat = for_recalled.reshape(rows * steps, 3 * width)
        bits = product_bits(workers.rows(len(flat)))
        round_to_grid(flat, anchor(workers.maximum(largest_magnitude(flat).reshape(1)), bits))
        earlier = round_to_grid(before.reshape(rows * steps, width), fixed_anchor(1.0, bits))
        return for_projected, (flat.t() @ earlier).add_(0.0), flat.sum(0).add_(0.0), None


def recurrence(projected: Tensor, weight: Tensor, bias: Tensor, workers: Workers = ALONE) -> Tensor:
    """The states (rows, steps, width) of a gated recurrent unit that starts at zero.

    ``projected`` (rows, steps, 3 * width) is the input times its weights plus bias, in the order reset, update,
    candidate; ``weight`` (3 * width, width) and ``bias`` (3 * width,) belong to the state. The equations are those of
    ``torch.nn.GRU``. A state never leaves [-1, 1], so all of them share one grid.
    """
    result: Tensor = _Recurrence.apply(projected, weight, bias, workers)  # type: ignore[no-untyped-call]
    return result
