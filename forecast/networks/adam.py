"""Adam with arithmetic that IEEE 754 defines: torch's own takes torch.sqrt, which differs by processor."""

from collections.abc import Iterable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import Parameter

from forecast.arithmetic.roots import nearly_root
from forecast.arithmetic.workers import ALONE, Workers

Floats = NDArray[np.float64]

BLOCK = 1 << 15  # numbers that a processor's nearest memory holds while it goes over them some twenty times

_ROOT_STEPS = 3


class Adam:
    """Adam over all parameters as one flat vector, with bias correction by running products.

    The root of the second moment is right to 2e-12 of itself. ``workers`` add their gradients first, in one exchange.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        workers: Workers = ALONE,
        decay_first: float = 0.9,
        decay_second: float = 0.99,
        epsilon: float = 1e-6,
    ) -> None:
        self.parameters = list(parameters)
        self.epsilon, self.workers = epsilon, workers
        self.decay_first, self.decay_second = decay_first, decay_second
        self.left_first, self.left_second = 1.0, 1.0
        size = sum(parameter.numel() for parameter in self.parameters)
        like = self.parameters[0]
        self.first = torch.zeros(size, dtype=like.dtype, device=like.device)
        self.second = torch.zeros_like(self.first)
        self.gradient = torch.zeros_like(self.first)

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Move every parameter once along its gradient, then forget the gradients."""
        torch.cat([_gradient(parameter) for parameter in self.parameters], out=self.gradient)
        self.gradient = self.workers.total(self.gradient)
        self.left_first *= self.decay_first
        self.left_second *= self.decay_second
        block = BLOCK if self.gradient.device.type == "cpu" else len(self.gradient)
        for start in range(0, len(self.gradient), block):
            part = slice(start, start + block)
            self._turn_into_move(self.gradient[part], self.first[part], self.second[part], learning_rate)
        at = 0
        for parameter in self.parameters:
            parameter.sub_(self.gradient[at : at + parameter.numel()].view(parameter.shape))
            parameter.grad = None
            at += parameter.numel()

    def _turn_into_move(self, gradient: Tensor, first: Tensor, second: Tensor, learning_rate: float) -> None:
        """Bring the moments up to date and put the way to go in the place of ``gradient``."""
        second.mul_(self.decay_second).add_((gradient * gradient).mul_(1.0 - self.decay_second))
        first.mul_(self.decay_first).add_(gradient.mul_(1.0 - self.decay_first))
        spread = nearly_root((second * (1.0 / (1.0 - self.left_second))).double(), _ROOT_STEPS)
        torch.mul(first, 1.0 / (1.0 - self.left_first), out=gradient)
        gradient.div_(spread.add_(self.epsilon).to(gradient.dtype)).mul_(learning_rate)

    def state(self) -> dict[str, Floats]:
        """The moments and how much of their start is left in them, as float64."""
        moments = {"first": self.first, "second": self.second}
        found = {name: moment.to("cpu", torch.float64).numpy().copy() for name, moment in moments.items()}
        return found | {"left": np.array([self.left_first, self.left_second])}

    def restore(self, state: Mapping[str, Floats]) -> None:
        """Go on from what :meth:`state` gave."""
        self.first.copy_(torch.from_numpy(state["first"]))
        self.second.copy_(torch.from_numpy(state["second"]))
        self.left_first, self.left_second = state["left"].tolist()


def _gradient(parameter: Parameter) -> Tensor:
    """The gradient, flat; zeros for a parameter that the loss did not touch."""
    if parameter.grad is None:
        return torch.zeros_like(parameter).reshape(-1)
    return parameter.grad.reshape(-1)
