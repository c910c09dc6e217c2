import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from forecast.checkpoints import Checkpoints
from forecast.networks.use import named_weights
from forecast.pretrained import ABOUT, WEIGHTS, Start, load_pretrained, read_about, read_start, write_start
from forecast.training.leg import NOWHERE, Keeper
from forecast.training.pretrain import SHIPPED, Pretraining, Simulated, pretrain_member, rate_of
from forecast.windows import Floats
from kpi.errors import Refused
from kpi.settings import DATA

SMALL = Pretraining(replace(SHIPPED.recipe, steps=6, check_every=3, batch=24, width=8, blocks=1, members=2, context=12))


def trained(told: Pretraining = SMALL, member: int = 0, keeper: Keeper = NOWHERE) -> tuple[bytes, dict[int, str]]:
    network, chain = pretrain_member(told, member, "cpu", lambda _: None, keeper)
    return b"".join(values.tobytes() for _, values in named_weights(network)), chain


def small_start(folder: Path) -> Start:
    networks = [pretrain_member(SMALL, member, "cpu", lambda _: None)[0] for member in range(2)]
    named = tuple((f"member{m}.{name}", values) for m, n in enumerate(networks) for name, values in named_weights(n))
    return write_start(folder, SMALL, named, {"member0": {3: "digest"}})


def test_a_member_comes_out_the_same_twice_and_another_differs() -> None:
    assert trained() == trained()
    assert trained()[0] != trained(member=1)[0]


def test_the_chain_names_the_weights_at_every_check() -> None:
    assert list(trained()[1]) == [0, 3, 6]


def test_a_part_of_the_training_has_the_beginning_of_the_chain() -> None:
    _, chain = pretrain_member(SMALL, 0, "cpu", lambda _: None, until=3)

    assert chain == {step: digest for step, digest in trained()[1].items() if step <= 3}


def test_an_interrupted_pretraining_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(share: float) -> None:
        raise Stop

    keeper = Checkpoints(tmp_path, 0.0)
    with pytest.raises(Stop):
        pretrain_member(SMALL, 0, "cpu", stop, keeper)

    assert trained(keeper=keeper) == trained()


def test_batches_follow_from_the_step_alone() -> None:
    forwards, backwards = Simulated(SMALL, 0), Simulated(SMALL, 0)
    there = [forwards.batch(step).features.tobytes() for step in (0, 1, 2, 3)]
    back = [backwards.batch(step).features.tobytes() for step in (3, 2, 1, 0)]

    assert there == back[::-1]
    assert len(set(there)) == 4


def test_the_learning_rate_rises_and_then_falls_to_nothing() -> None:
    recipe = replace(SHIPPED.recipe, steps=1000, learning_rate=1.0)
    rates = [rate_of(recipe, step) for step in (0, 50, 99, 500, 999)]

    assert rates[0] < rates[1] < rates[2] > rates[3] > rates[4] > 0.0


def test_the_shipped_weights_begin_with_the_steps_that_are_stated() -> None:
    """The whole training takes an hour; its first steps must come out on every machine."""
    torch.set_num_threads(1)
    _, chain = pretrain_member(SHIPPED, 0, "cpu", lambda _: None, until=10)

    stated = read_about(DATA / "weights")["chain"]["member0"]
    assert {str(step): digest for step, digest in chain.items()} == {step: stated[step] for step in ("0", "10")}


def test_the_shipped_weights_are_those_of_the_recipe() -> None:
    about = read_about(DATA / "weights")

    assert about["pretraining"] == json.loads(json.dumps(SHIPPED.as_dict()))
    assert read_start(DATA / "weights").digest == about["weights"]
    assert (DATA / "weights" / WEIGHTS).stat().st_size < 4_000_000


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    small_start(tmp_path)
    content = bytearray((tmp_path / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (tmp_path / WEIGHTS).write_bytes(content)

    with pytest.raises(Refused, match=r"was changed\. Restore the file"):
        read_start(tmp_path)


@pytest.mark.parametrize("missing", [WEIGHTS, ABOUT])
def test_missing_weights_are_refused_with_what_to_do(tmp_path: Path, missing: str) -> None:
    small_start(tmp_path)
    (tmp_path / missing).unlink()

    with pytest.raises(Refused, match="python -m forecast pretrain"):
        read_start(tmp_path)


def growing(series: int = 6, quarters: int = 30) -> Floats:
    time = np.arange(quarters, dtype=np.float64)
    season = np.array([5.0, -3.0, 1.0, -3.0])[np.arange(quarters) % 4]
    values: Floats = 100.0 + (np.arange(series)[:, None] + 1.0) * (time + season)[None, :]
    return values


def test_quantiles_never_cross_and_are_the_same_in_any_batch() -> None:
    model = load_pretrained(DATA / "weights", "order_free", "cpu")
    values = growing()
    present = np.ones(values.shape, dtype=np.bool_)
    found = model.quantiles(values, present)

    assert found.shape == (6, model.horizon, len(model.levels))
    assert (np.diff(found, axis=2) > 0.0).all()
    assert found[2:3].tobytes() == model.quantiles(values[2:3], present[2:3]).tobytes()


def test_a_series_that_never_moved_stays_where_it_is() -> None:
    model = load_pretrained(DATA / "weights", "order_free", "cpu")

    assert (model.quantiles(np.full((1, 20), 7.0), np.ones((1, 20), dtype=np.bool_)) == 7.0).all()


def test_too_few_points_are_refused() -> None:
    model = load_pretrained(DATA / "weights", "order_free", "cpu")
    present = np.zeros((1, 20), dtype=np.bool_)
    present[0, -4:] = True

    with pytest.raises(ValueError, match="fewer than 5"):
        model.quantiles(np.arange(20.0)[None, :], present)


def test_both_numerics_forecast_nearly_the_same() -> None:
    values = growing()
    present = np.ones(values.shape, dtype=np.bool_)
    one, other = (
        load_pretrained(DATA / "weights", way, "cpu").quantiles(values, present) for way in ("order_free", "standard")
    )

    assert one == pytest.approx(other, rel=1e-5)
