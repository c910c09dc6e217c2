"""Adam with arithmetic that IEEE 754 defines. torch.sqrt on a CPU is up to one unit off and differs by processor."""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import Parameter


def square_root(values: Tensor) -> Tensor:
    """The correctly rounded float64 square root of finite values >= 0, by + - * / and integer shifts alone.

    Scaled by an even power of two so that nothing over- or underflows, guessed by halving the exponent, refined by
    Newton to within one unit, then settled exactly: with r = x - y*y (exact, Dekker) and g the gap to the neighbour,
    the root lies beyond the midpoint upwards iff r > y*g, downwards iff r <= -y*g (all are multiples of g*g).
    """
    tiny, huge = values < 2.0**-700, values > 2.0**700
    one = torch.ones_like(values)
    up = torch.where(tiny, one * 2.0**400, torch.where(huge, one * 2.0**-400, one))
    down = torch.where(tiny, one * 2.0**-200, torch.where(huge, one * 2.0**200, one))
    zero = values == 0.0
    scaled = torch.where(zero, one, values * up)
    root = ((scaled.view(torch.int64) >> 1) + (1023 << 51)).view(torch.float64)
    for _ in range(4):
        root = 0.5 * (root + scaled / root)
    bits = root.view(torch.int64)
    above, below = (bits + 1).view(torch.float64), (bits - 1).view(torch.float64)
    rest = _exact_rest(scaled, root)
    rounded = torch.where(rest > root * (above - root), above, root)
    rounded = torch.where(rest <= -(root * (root - below)), below, rounded)
    return torch.where(zero, torch.zeros_like(values), rounded * down)


def _exact_rest(value: Tensor, root: Tensor) -> Tensor:
    """``value - root * root`` without rounding, for a root within one unit of the true one."""
    wide = root * 134217729.0
    high = wide - (wide - root)
    low = root - high
    product = root * root
    error = ((high * high - product) + 2.0 * (high * low)) + low * low
    return (value - product) - error


class Adam:
    """Adam with bias correction by running products, over all parameters as one flat vector."""

    def __init__(
        self,
        parameters: Iterable[Parameter],
        learning_rate: float,
        decay_first: float = 0.9,
        decay_second: float = 0.99,
        epsilon: float = 1e-6,
    ) -> None:
        self.parameters = list(parameters)
        self.learning_rate, self.epsilon = learning_rate, epsilon
        self.decay_first, self.decay_second = decay_first, decay_second
        self.left_first, self.left_second = 1.0, 1.0
        size = sum(parameter.numel() for parameter in self.parameters)
        self.first = torch.zeros(size, dtype=torch.float64, device=self.parameters[0].device)
        self.second = torch.zeros_like(self.first)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter once along its gradient, then forget the gradients."""
        gradient = torch.cat([p.grad.reshape(-1) for p in self.parameters if p.grad is not None])
        self.left_first *= self.decay_first
        self.left_second *= self.decay_second
        self.first = self.decay_first * self.first + (1.0 - self.decay_first) * gradient
        self.second = self.decay_second * self.second + (1.0 - self.decay_second) * (gradient * gradient)
        mean = self.first * (1.0 / (1.0 - self.left_first))
        spread = square_root(self.second * (1.0 / (1.0 - self.left_second)))
        move = self.learning_rate * (mean / (spread + self.epsilon))
        at = 0
        for parameter in self.parameters:
            parameter.sub_(move[at : at + parameter.numel()].reshape(parameter.shape))
            parameter.grad = None
            at += parameter.numel()
