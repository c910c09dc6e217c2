from collections.abc import Callable
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import Parameter

from forecast.networks import adam
from forecast.networks.adam import Adam


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def moved(steps: int, parameters: list[Parameter], step_of: Callable[[], None]) -> list[Tensor]:
    """The parameters after ``steps`` steps along drawn gradients."""
    for step in range(steps):
        for number, parameter in enumerate(parameters):
            parameter.grad = drawn(10 * step + number, *parameter.shape)
        step_of()
    return [parameter.detach() for parameter in parameters]


def ours_step(parameters: list[Parameter]) -> Callable[[], None]:
    return partial(Adam(parameters).step, 0.01)


def parameters() -> list[Parameter]:
    return [Parameter(drawn(number, *shape)) for number, shape in enumerate([(7, 3), (5,), (2, 2)])]


@given(st.integers(min_value=1, max_value=40))
def test_the_size_of_a_block_changes_no_bit(block: int) -> None:
    ours, blocked = parameters(), parameters()
    whole = moved(3, ours, ours_step(ours))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adam, "BLOCK", block)
        parts = moved(3, blocked, ours_step(blocked))

    assert all(torch.equal(one, other) for one, other in zip(whole, parts, strict=True))


def test_the_way_is_that_of_torchs_adam() -> None:
    ours, theirs = parameters(), parameters()

    found = moved(20, ours, ours_step(ours))
    optimizer = torch.optim.Adam(theirs, 0.01, betas=(0.9, 0.99), eps=1e-6)
    wanted = moved(20, theirs, optimizer.step)

    for one, other in zip(found, wanted, strict=True):
        assert (one - other).abs().max() <= 1e-11


def test_gradients_are_forgotten_and_a_parameter_without_one_stays() -> None:
    touched, alone = (Parameter(drawn(seed, 3)) for seed in (1, 2))
    before = alone.detach().clone()
    touched.grad = drawn(3, 3)

    Adam([touched, alone]).step(0.01)

    assert touched.grad is None
    assert torch.equal(alone.detach(), before)
