import math

import pytest
import torch

from forecast.fingerprint import PROMISED, Inexact, check_exact, fingerprint
from tests.forecast.golden_digests import PROMISE


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
