"""What this machine's arithmetic gives, probe by probe, so that a difference between two machines can be explained.

Each probe is a fixed computation on fixed numbers; its digest says whether two machines agree on that operation. Only
the probes called ``order_free`` are promised to be the same everywhere. Takes well under a second.
"""

import math
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from forecast.arithmetic import elementary, layers, products, roots
from forecast.draws import FINGERPRINT, dyadic, stream
from forecast.numerics import gated_recurrence

Floats = NDArray[np.float64]
Fingerprint = dict[str, str]

PROMISED: Final = "order_free."
_SIZE = 96
_DIGITS = 12


class Inexact(Exception):
    """The device does not multiply float64 numbers exactly where IEEE 754 says that it must."""


def fingerprint(device: str) -> Fingerprint:
    """A short digest by the name of the probe. Torch's probes run on ``device``, the others on the processor."""
    a, b = (torch.from_numpy(_drawn(member)).to(device) for member in (0, 1))
    found = {name: _digest(probe()) for name, probe in _numpy_probes(_drawn(0), _drawn(1)).items()}
    with torch.no_grad():
        for name, probe in (_torch_probes(a, b) | _order_free_probes(a, b)).items():
            found[name] = _digest(probe().to("cpu", torch.float64).numpy())
    return dict(sorted(found.items()))


def check_exact(device: str) -> None:
    """Compare a product on ``device`` with integer arithmetic. Raises Inexact when a single bit is off.

    It would be where a library quietly takes fewer bits, as emulations of float64 on a GPU may.
    """
    whole = stream(1, FINGERPRINT, 2).integers(-(1 << 22), 1 << 22, size=(2, _SIZE, _SIZE), dtype=np.int64)
    x, y = (torch.from_numpy(part.astype(np.float64)).to(device) for part in whole)
    if not np.array_equal((x @ y).cpu().numpy().astype(np.int64), whole[0] @ whole[1]):
        raise Inexact(device)


def _drawn(member: int) -> Floats:
    return dyadic(stream(1, FINGERPRINT, member), (_SIZE, _SIZE), bits=52)


def _digest(values: object) -> str:
    return sha256(np.ascontiguousarray(values, dtype="<f8").tobytes()).hexdigest()[:_DIGITS]


def _numpy_probes(a: Floats, b: Floats) -> dict[str, Callable[[], object]]:
    size = np.abs(a) + 0.5
    return {
        "libm.exp": lambda: [math.exp(value) for value in a[0]],
        "libm.log": lambda: [math.log(value) for value in size[0]],
        "libm.pow": lambda: [math.pow(value, 1.7) for value in size[0]],
        "numpy.dot": lambda: a @ b,
        "numpy.exp": lambda: np.exp(a),
        "numpy.log": lambda: np.log(size),
        "numpy.power": lambda: size**1.7,
        "numpy.sqrt": lambda: np.sqrt(size),
        "numpy.sum": lambda: a.sum(1),
    }


def _torch_probes(a: Tensor, b: Tensor) -> dict[str, Callable[[], Tensor]]:
    probes: dict[str, Callable[[], Tensor]] = {}
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        x, y = a.to(dtype), b.to(dtype)
        one_by_one: dict[str, Callable[[], Tensor]] = {
            "conv1d": partial(_convolution, x, y),
            "exp": partial(torch.exp, x),
            "gru": partial(_recurrence, x, y),
            "layer_norm": partial(functional.layer_norm, x, (_SIZE,)),
            "log": partial(torch.log, x.abs() + 0.5),
            "mm": partial(torch.mm, x, y),
            "softmax": partial(functional.softmax, x, 1),
            "sqrt": partial(torch.sqrt, x.abs()),
            "sum": partial(torch.sum, x, 1),
            "tanh": partial(torch.tanh, x),
            "divide": partial(torch.divide, x, 3.0),
        }
        probes |= {f"torch.{probe}.{name}": act for probe, act in one_by_one.items()}
    return probes


def _convolution(x: Tensor, y: Tensor) -> Tensor:
    return functional.conv1d(x.reshape(4, 24, _SIZE), y[:48].reshape(64, 24, 3))


def _recurrence(x: Tensor, y: Tensor) -> Tensor:
    by_input, by_state = y[:48, :32].contiguous(), y[48:, :16].contiguous()
    bias = y[0, :48].contiguous()
    return gated_recurrence(x[:, :32].reshape(12, 8, 32), (by_input, by_state, bias, bias), False)


def _order_free_probes(a: Tensor, b: Tensor) -> dict[str, Callable[[], Tensor]]:
    probes: dict[str, Callable[[], Tensor]] = {
        "exp": partial(elementary.exp, a),
        "linear": partial(products.linear, a, b),
        "log": partial(elementary.log, a.abs() + 0.5),
        "sigmoid": partial(elementary.sigmoid, a),
        "softmax": partial(layers.softmax, a),
        "square_root": partial(roots.square_root, a.abs()),
        "standardise": partial(layers.standardise, a),
        "tanh": partial(elementary.tanh, a),
        "total": partial(products.total, a),
    }
    return {PROMISED + name: act for name, act in probes.items()}
