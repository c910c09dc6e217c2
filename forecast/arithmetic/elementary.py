"""exp, log, sigmoid, tanh, softsign: nothing but + - * /, comparisons and integer shifts, one at a time.

IEEE 754 defines each of these to the last bit, so every processor gives the same. Nothing here calls a library's
function, fuses a multiplication with an addition or multiplies by a reciprocal where a division is written.
"""

from typing import Any, Final

import torch
from torch import Tensor
from torch.autograd import Function

_INTEGERS: Final = 1.5 * 2.0**52  # added and taken off again, it rounds to an integer
_LOG2_E: Final = float.fromhex("0x1.71547652b82fep+0")
_EIGHTH_LN2_HIGH: Final = float.fromhex("0x1.62e42feep-4")  # 32 bits: an integer of 11 bits times it is exact
_EIGHTH_LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-36")
_EXP_REACH: Final = 708.0
# 1/2!, ..., 1/6!
_EXP_TERMS: Final = (0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0)
_LN2: Final = float.fromhex("0x1.62e42fefa39efp-1")
_LOG_DEGREE: Final = 11
_SIGMOID_REACH: Final = 40.0


def exp_within(x: Tensor) -> Tensor:
    """``exp(x)`` for ``|x| <= 708``, which the caller has seen to; relative error at most ``2**-40``.

    ``x = k * ln 2 + 8 * r`` with integer k and ``|r| <= ln 2 / 16``. The series of ``exp(r)`` to the sixth power leaves
    ``r**7 / 7! < 6e-14``; raised to the eighth power by three squarings that is ``5e-13 < 2**-40``.
    """
    shifted = (x * _LOG2_E).add_(_INTEGERS)
    whole = shifted - _INTEGERS
    rest = (x * 0.125).sub_(whole * _EIGHTH_LN2_HIGH).sub_(whole.mul_(_EIGHTH_LN2_LOW))
    value = (rest * _EXP_TERMS[-1]).add_(_EXP_TERMS[-2])
    for term in (*_EXP_TERMS[-3::-1], 1.0, 1.0):
        value.mul_(rest).add_(term)
    for _ in range(3):
        value.mul_(value)
    value.view(torch.int64).add_(shifted.view(torch.int64).bitwise_left_shift_(52))
    return value


class _Exp(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        value = exp_within(x.clamp(-_EXP_REACH, _EXP_REACH))
        value = torch.where(x > _EXP_REACH, torch.inf, torch.where(x < -_EXP_REACH, 0.0, value))
        value = torch.where(x.isnan(), x, value)
        ctx.save_for_backward(value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        value: Tensor = ctx.saved_tensors[0]
        return gradients[0] * value


def exp(x: Tensor) -> Tensor:
    """``exp(x)``, relative error at most ``2**-40``; 0 below -708, infinite above 708, NaN for NaN."""
    result: Tensor = _Exp.apply(x)  # type: ignore[no-untyped-call]
    return result


def _log_value(x: Tensor) -> Tensor:
    bits = x.view(torch.int64)
    exponent = (bits >> 52) - 1023
    fraction = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(torch.float64)
    upper = fraction > 1.4142135623730951
    fraction = torch.where(upper, fraction * 0.5, fraction)
    exponent = exponent + upper.to(torch.int64)
    ratio = (fraction - 1.0) / (fraction + 1.0)
    square = ratio * ratio
    series = torch.full_like(x, 1.0 / (2 * _LOG_DEGREE + 1))
    for index in range(_LOG_DEGREE - 1, -1, -1):
        series = series * square + torch.full_like(x, 1.0 / (2 * index + 1))
    return exponent.to(torch.float64) * _LN2 + 2.0 * ratio * series


class _Log(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        tiny = x < 2.0**-1000
        value = _log_value(torch.where(tiny, x * 2.0**200, x)) - tiny.to(x.dtype) * (200.0 * _LN2)
        value = torch.where(x == 0.0, -torch.inf, value)
        value = torch.where(x == torch.inf, x, value)
        return torch.where((x < 0.0) | x.isnan(), torch.nan, value)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        x: Tensor = ctx.saved_tensors[0]
        return gradients[0] / x


def log(x: Tensor) -> Tensor:
    """The natural logarithm: error at most ``2**-50`` of its magnitude or of 1, whichever is larger.

    -inf for 0, infinite for infinity, NaN below 0 and for NaN. ``x = 2**e * f`` with f between ``sqrt(1/2)`` and
    ``sqrt(2)``, and ``log f = 2 atanh((f - 1) / (f + 1))`` by its series; the first term left out is under ``2**-59``.
    """
    result: Tensor = _Log.apply(x)  # type: ignore[no-untyped-call]
    return result


def sigmoid_value(x: Tensor) -> Tensor:
    """``1 / (1 + exp(-x))`` without a gradient; absolute error at most ``2**-40``."""
    bottom = exp_within(x.clamp(-_SIGMOID_REACH, _SIGMOID_REACH).neg_()).add_(1.0)
    return torch.div(bottom.new_ones(()), bottom, out=bottom)


class _Sigmoid(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        value = sigmoid_value(x)
        ctx.save_for_backward(value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        value: Tensor = ctx.saved_tensors[0]
        return gradients[0] * (value * (1.0 - value))


def sigmoid(x: Tensor) -> Tensor:
    """``1 / (1 + exp(-x))``, absolute error at most ``2**-40``; beyond 40 it stays at the value there."""
    result: Tensor = _Sigmoid.apply(x)  # type: ignore[no-untyped-call]
    return result


def tanh_value(x: Tensor) -> Tensor:
    """``2 * sigmoid(2x) - 1`` without a gradient; absolute error at most ``2**-39``."""
    return sigmoid_value(x * 2.0).mul_(2.0).sub_(1.0)


class _Tanh(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        value = tanh_value(x)
        ctx.save_for_backward(value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        value: Tensor = ctx.saved_tensors[0]
        return gradients[0] * (1.0 - value * value)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent; error at most ``2**-39``, absolute and so not small beside a result near 0."""
    result: Tensor = _Tanh.apply(x)  # type: ignore[no-untyped-call]
    return result


def bend(x: Tensor) -> Tensor:
    """Put the softsign ``x / (1 + |x|)`` in the place of ``x``, and give ``1 + |x|``.

    The slope is one over the square of that. Correctly rounded in each of its two operations; never beyond 1 in
    magnitude. It has no gradient of its own.
    """
    bottom = x.abs().add_(1.0)
    x.div_(bottom)
    return bottom
