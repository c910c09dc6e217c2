"""The network families: one code for both numerics. Needs only torch and numpy."""

from collections.abc import Callable, Mapping
from typing import Final

from torch import nn

from forecast.networks.gru import Recurrent
from forecast.networks.mlp import Perceptron
from forecast.networks.parts import Shape
from forecast.networks.tcn import TemporalConvolution
from forecast.networks.transformer import Transformer
from forecast.numerics import Numerics
from forecast.recipe import Family

FAMILIES: Final[Mapping[Family, Callable[[Numerics, Shape], nn.Module]]] = {
    "mlp": Perceptron,
    "tcn": TemporalConvolution,
    "gru": Recurrent,
    "transformer": Transformer,
}
