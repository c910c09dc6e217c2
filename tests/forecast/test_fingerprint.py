import math

import pytest
import torch

from forecast.fingerprint import PROMISED, Inexact, check_exact, fingerprint

PROMISE = {
    "exp": "6fb0bf41d402",
    "linear": "417aa1f42522",
    "log": "4a5e40fcc645",
    "sigmoid": "3f9c952b2361",
    "softmax": "5c2e07ce5227",
    "square_root": "a1aa26a47676",
    "standardise": "8261e5ac7d43",
    "tanh": "16e8e3a375af",
    "total": "fd507052675a",
}


def test_a_machine_gives_the_same_fingerprint_again_with_every_probe_in_it() -> None:
    found = fingerprint("cpu")

    assert found == fingerprint("cpu")
    assert 30 <= len(found) <= 50
    assert {name.partition(".")[0] for name in found} == {"libm", "numpy", "torch", "order_free"}


def test_the_promised_probes_are_the_same_on_every_machine() -> None:
    found = {name.removeprefix(PROMISED): bits for name, bits in fingerprint("cpu").items() if PROMISED in name}

    assert found == PROMISE


def test_a_device_that_multiplies_exactly_passes() -> None:
    check_exact("cpu")


def test_a_product_that_loses_one_bit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = torch.Tensor.__matmul__
    monkeypatch.setattr(torch.Tensor, "__matmul__", lambda a, b: exact(a, b).float().double())

    with pytest.raises(Inexact):
        check_exact("cpu")


def test_another_arithmetic_gives_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint("cpu")
    monkeypatch.setattr(math, "exp", lambda x: 1.0 + x)

    after = fingerprint("cpu")

    assert [name for name in before if before[name] != after[name]] == ["libm.exp"]
