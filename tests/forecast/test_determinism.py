import json
import os
import subprocess
import sys

import pytest

from forecast.determinism import GUARD, UNSET, check_switches, required_switches, sealed_environment
from kpi.errors import Refused


@pytest.mark.parametrize("name", sorted(required_switches()))
def test_any_switch_that_reads_back_otherwise_refuses_the_run_and_is_named(name: str) -> None:
    found = required_switches() | {name: "something else"}

    with pytest.raises(Refused, match="refused") as refusal:
        check_switches(found)

    assert name in refusal.value.message.en
    assert name in refusal.value.message.zh


def test_order_free_numbers_need_no_particular_instructions() -> None:
    found = required_switches() | {"torch.cpu_capability": "DEFAULT", "numpy.dispatch": "", "env.MKL_CBWR": None}

    check_switches(found, "order_free")
    with pytest.raises(Refused, match="MKL_CBWR"):
        check_switches(found, "standard")


def test_a_switch_that_was_not_read_back_refuses_the_run() -> None:
    found = required_switches()
    del found["torch.threads"]

    with pytest.raises(Refused, match=r"torch\.threads"):
        check_switches(found)


def test_the_sealed_environment_replaces_wrong_values_and_drops_harmful_ones() -> None:
    sealed = sealed_environment(
        {"OMP_NUM_THREADS": "8", "PYTHONHASHSEED": "random", UNSET[0]: "BF16", "HOME": "/h"}, "order_free"
    )

    assert sealed["OMP_NUM_THREADS"] == "1"
    assert sealed["PYTHONHASHSEED"] == "0"
    assert UNSET[0] not in sealed
    assert sealed["HOME"] == "/h"
    assert sealed[GUARD] == "order_free"
    assert "MKL_CBWR" not in sealed


@pytest.mark.slow
def test_in_a_sealed_process_every_switch_reads_back_as_required() -> None:
    code = "import json, torch; from forecast.determinism import enforce; print(json.dumps(enforce(torch, 'standard')))"
    environment = sealed_environment({"OMP_NUM_THREADS": "4"}, "standard")

    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)
    assert {name: found[name] for name in required_switches()} == required_switches()


@pytest.mark.slow
def test_an_unsealed_process_is_refused() -> None:
    code = "import torch; from forecast.determinism import enforce; enforce(torch, 'order_free')"

    done = subprocess.run(
        [sys.executable, "-c", code], env={"OMP_NUM_THREADS": "2"}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "env.OMP_NUM_THREADS should be '1' but reads '2'" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("numerics", "branch"), [("order_free", None), ("standard", "COMPATIBLE")])
def test_a_command_starts_again_only_for_what_its_numerics_need(numerics: str, branch: str | None) -> None:
    """The instructions that make standard numbers repeatable are slow; order-free ones must not pay for them."""
    code = (
        "import os, sys; from forecast.determinism import seal, seal_for; seal(); "
        f"seal_for('{numerics}'); print(os.environ.get('MKL_CBWR'), os.environ['OMP_NUM_THREADS'])"
    )
    environment = {name: value for name, value in os.environ.items() if name not in {GUARD, "MKL_CBWR"}}

    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.split() == [str(branch), "1"]
