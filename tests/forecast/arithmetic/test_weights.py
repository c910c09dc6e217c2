"""Weights kept on their grid are never those of before."""

from threading import Thread

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from forecast.arithmetic.products import linear
from forecast.arithmetic.weights import fixed_weights, weight_on_grid


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


CHANGES = st.lists(st.sampled_from(["use", "add", "copy", "part", "data", "forget"]), max_size=12)


@torch.no_grad()
@given(CHANGES)
def test_whatever_happens_to_weights_the_newest_are_used(changes: list[str]) -> None:
    x, weight = drawn(1, 3, 5), drawn(2, 4, 5)

    with fixed_weights():
        for number, change in enumerate(changes):
            if change == "add":
                weight.add_(0.25)
            elif change == "copy":
                weight.copy_(drawn(number, 4, 5))
            elif change == "part":
                weight[1, 2] = number
            elif change == "data":
                weight.data = drawn(number, 4, 5)
            elif change == "forget":
                weight = drawn(number, 4, 5)  # it may get the id of the one before, if nobody holds that
            kept = linear(x, weight)
            assert torch.equal(kept, linear(x, weight.clone()))


@torch.no_grad()
def test_weights_are_rounded_once_inside_and_anew_outside() -> None:
    weight = drawn(3, 4, 5)

    with fixed_weights():
        assert weight_on_grid(weight) is weight_on_grid(weight)
    assert weight_on_grid(weight) is not weight_on_grid(weight)


def test_a_training_inside_keeps_nothing() -> None:
    weight = drawn(4, 4, 5)

    with fixed_weights():
        assert weight_on_grid(weight) is not weight_on_grid(weight)


@torch.no_grad()
def test_another_thread_keeps_its_own() -> None:
    weight, theirs = drawn(5, 4, 5), []

    with fixed_weights():
        ours = weight_on_grid(weight)
        thread = Thread(target=lambda: theirs.append(weight_on_grid(weight)))
        thread.start()
        thread.join()

    assert theirs[0] is not ours
    assert torch.equal(theirs[0], ours)


@torch.no_grad()
def test_what_was_kept_is_gone_after_an_error() -> None:
    weight = drawn(6, 4, 5)

    with pytest.raises(RuntimeError), fixed_weights():
        linear(drawn(1, 3, 6), weight)

    assert weight_on_grid(weight) is not weight_on_grid(weight)
