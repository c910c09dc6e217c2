from typing import get_args

import numpy as np
import pytest
import torch
from torch import nn

from forecast.config import ForecastConfig
from forecast.draws import BATCHES, dyadic, stream
from forecast.networks import FAMILIES
from forecast.networks.draws import initialise
from forecast.networks.parts import Shape
from forecast.networks.use import named_weights, pinball, predict
from forecast.numerics import Numerics, OrderFree, Standard
from forecast.recipe import Family
from forecast.weights import pack_weights, unpack_weights
from tests.forecast.golden import LEVELS, SHAPE, data, digests
from tests.forecast.golden_digests import GOLDEN

every_family = pytest.mark.parametrize("family", get_args(Family))


def made(family: Family, numerics: Numerics | None = None, shape: Shape = SHAPE) -> nn.Module:
    network = FAMILIES[family](numerics or OrderFree(), shape)
    initialise(network, seed=7, member=0)
    return network


def moved(network: nn.Module, size: float = 1.0) -> nn.Module:
    """All weights drawn anew, the last layers too."""
    with torch.no_grad():
        for position, (_, parameter) in enumerate(sorted(network.named_parameters())):
            parameter.copy_(torch.from_numpy(dyadic(stream(position, BATCHES), tuple(parameter.shape)) * size))
    return network


def test_the_configuration_offers_every_family_and_both_numerics() -> None:
    assert set(get_args(ForecastConfig.model_fields["family"].annotation)) == set(FAMILIES)
    assert set(get_args(ForecastConfig.model_fields["numerics"].annotation)) == {OrderFree.name, Standard.name}


@every_family
def test_a_short_training_gives_the_golden_bytes(family: Family) -> None:
    found = digests(family, {})

    assert (found["weights"][:16], found["forecast"][:16]) == GOLDEN[family]


@every_family
def test_the_order_of_rows_and_the_size_of_a_batch_change_nothing(family: Family) -> None:
    assert digests(family, {"backwards": True, "rows": 7}) == digests(family, {"rows": 200})


@every_family
def test_an_untrained_network_forecasts_the_base(family: Family) -> None:
    predicted = predict(made(family), data()[0])

    assert (predicted[:, :, SHAPE.quantiles // 2] == 0.0).all()


@every_family
def test_quantiles_never_cross_however_wild_the_weights(family: Family) -> None:
    predicted = predict(moved(made(family), 8.0), data()[0])

    assert (np.diff(predicted, axis=2) >= 0.0).all()
    assert np.ptp(predicted[:, :, 1]) > 1.0


@every_family
def test_the_same_parameters_say_nearly_the_same_in_standard_numerics(family: Family) -> None:
    features = data()[0]
    record = predict(moved(made(family), 0.5), features)

    for dtype, tolerance in ((torch.float64, 2e-4), (torch.float32, 4e-4)):
        standard = predict(moved(made(family, Standard(dtype)), 0.5), features)
        assert np.abs(standard - record).max() <= tolerance * np.abs(record).max()


@every_family
def test_gradients_are_nearly_those_of_standard_numerics(family: Family) -> None:
    features, target = (torch.from_numpy(part[:40]) for part in data())

    def slopes(numerics: Numerics) -> list[torch.Tensor]:
        network = moved(made(family, numerics), 0.25)
        loss = pinball(network(features), target, torch.ones_like(target), LEVELS, target.numel())
        return list(torch.autograd.grad(loss, [value for _, value in sorted(network.named_parameters())]))

    for ours, theirs in zip(slopes(OrderFree()), slopes(Standard()), strict=True):
        assert (ours - theirs).abs().max() <= 1e-3 * theirs.abs().max() + 1e-9


@every_family
def test_every_parameter_is_used_exactly_once_in_a_pass(family: Family) -> None:
    """Its gradient is one exact sum, so the parts of several workers may be added."""
    network = made(family)
    features, target = (torch.from_numpy(part[:5]) for part in data())
    uses = {name: 0 for name, _ in network.named_parameters()}
    loss = pinball(network(features), target, torch.ones_like(target), LEVELS, target.numel())

    for node in _nodes(loss.grad_fn):
        for name, parameter in network.named_parameters():
            uses[name] += sum(1 for after, _ in node.next_functions if getattr(after, "variable", None) is parameter)

    assert set(uses.values()) == {1}


def _nodes(start: object) -> list[torch.autograd.graph.Node]:
    seen: dict[int, torch.autograd.graph.Node] = {}
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if isinstance(node, torch.autograd.graph.Node) and id(node) not in seen:
            seen[id(node)] = node
            waiting.extend(after for after, _ in node.next_functions)
    return list(seen.values())


def test_a_transformer_of_odd_width_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        made("transformer", shape=Shape(41, 8, 4, 3, 25, 1))


def test_initial_weights_do_not_depend_on_numerics_and_differ_by_member() -> None:
    first, standard = (named_weights(made("mlp", numerics)) for numerics in (OrderFree(), Standard()))
    other = FAMILIES["mlp"](OrderFree(), SHAPE)
    initialise(other, seed=7, member=1)

    assert pack_weights(first) == pack_weights(standard)
    assert pack_weights(first) != pack_weights(named_weights(other))


def test_weights_come_back_from_their_bytes() -> None:
    weights = named_weights(made("gru"))

    again = unpack_weights(pack_weights(weights))

    assert [name for name, _ in again] == [name for name, _ in weights]
    assert all((before == after).all() for (_, before), (_, after) in zip(weights, again, strict=True))


@every_family
@pytest.mark.parametrize("numerics", [OrderFree(), Standard()])
def test_nothing_to_predict_is_no_error(family: Family, numerics: Numerics) -> None:
    assert predict(made(family, numerics), data()[0][:0]).shape == (0, SHAPE.horizon, SHAPE.quantiles)


@every_family
def test_a_prediction_is_that_of_the_newest_weights(family: Family) -> None:
    features = data()[0]
    features.flags.writeable = False
    network = made(family)
    before = predict(network, features)

    after = predict(moved(network), features)

    assert (after == predict(moved(made(family)), features)).all()
    assert (after != before).any()


@every_family
def test_a_prediction_keeps_rounded_weights_without_a_change(family: Family) -> None:
    features = torch.from_numpy(data()[0])
    network = moved(made(family))

    with torch.no_grad():
        rounded_anew = network(features).numpy()

    assert (predict(network, data()[0], 64) == rounded_anew).all()


def test_a_short_pretraining_on_simulated_series_gives_the_golden_bytes() -> None:
    found = digests("simulated", {})

    assert (found["weights"][:16], found["forecast"][:16]) == GOLDEN["simulated"]
