import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.checkpoints import Checkpoints
from forecast.networks.use import named_weights
from forecast.recipe import Family, Recipe
from forecast.series import build_panel
from forecast.training.fit import Fitted, build_network, fit
from forecast.training.leg import NOWHERE, Diverged, Keeper, State
from forecast.weights import pack_weights, unpack_weights, weights_digest
from kpi.errors import Refused
from tests.forecast.builders import TINY, catalogue, rows, template

pytestmark = pytest.mark.slow


class Struck(BaseException):
    """The process ends here, without a word to anybody."""


class DiesAfter:
    """Keeps every state, and dies right after the state of that number."""

    def __init__(self, own: Checkpoints, states: int) -> None:
        self.own, self.left = own, states

    def recall(self, leg: str) -> State | None:
        return self.own.recall(leg)

    def offer(self, leg: str, state: Callable[[], State]) -> None:
        self.own.keep(leg, state())
        self.left -= 1
        if self.left == 0:
            raise Struck

    def keep(self, leg: str, state: State) -> None:
        self.own.keep(leg, state)


def recipe(family: Family = "mlp", **change: object) -> Recipe:
    return TINY.model_copy(update={"family": family, "members": 2} | change).recipe


def train(told: Recipe, keeper: Keeper = NOWHERE, progress: Callable[[float], None] = lambda _: None) -> Fitted:
    panel = build_panel(rows(), catalogue(), template())
    return fit(panel.values, panel.present, told, "cpu", progress, keeper=keeper)


def digest(fitted: Fitted) -> tuple[str, bytes]:
    return weights_digest(fitted.weights), fitted.predicted.tobytes() + fitted.validated.tobytes()


@pytest.fixture(scope="module")
def whole() -> tuple[str, bytes]:
    return digest(train(recipe()))


@pytest.mark.parametrize("states", [1, 3, 4, 8, 9, 13, 16, 17])
def test_a_training_struck_down_after_any_step_goes_on_to_the_same_bytes(
    states: int, whole: tuple[str, bytes], tmp_path: Path
) -> None:
    with pytest.raises(Struck):
        train(recipe(), DiesAfter(Checkpoints(tmp_path, 0.0), states))

    assert digest(train(recipe(), Checkpoints(tmp_path, 0.0))) == whole


@pytest.mark.parametrize("family", ["tcn", "gru", "transformer"])
def test_every_family_goes_on_to_the_same_bytes(family: Family, tmp_path: Path) -> None:
    with pytest.raises(Struck):
        train(recipe(family), DiesAfter(Checkpoints(tmp_path, 0.0), 5))

    assert digest(train(recipe(family), Checkpoints(tmp_path, 0.0))) == digest(train(recipe(family)))


def test_a_cancelled_training_keeps_its_last_step_even_when_no_checkpoint_was_due(
    whole: tuple[str, bytes], tmp_path: Path
) -> None:
    def cancel(share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe(), Checkpoints(tmp_path, 1e9), cancel)
    started: list[float] = []

    assert digest(train(recipe(), Checkpoints(tmp_path, 1e9), started.append)) == whole
    assert 0.2 < started[1] < started[-1] == 1.0


def test_a_finished_training_is_not_trained_again(whole: tuple[str, bytes], tmp_path: Path) -> None:
    train(recipe(), Checkpoints(tmp_path, 1e9))
    keeper = DiesAfter(Checkpoints(tmp_path, 1e9), 1)

    assert digest(train(recipe(), keeper)) == whole


def test_a_damaged_or_half_written_checkpoint_costs_time_but_no_bit(whole: tuple[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(Struck):
        train(recipe(), DiesAfter(Checkpoints(tmp_path, 0.0), 6))
    (state,) = tmp_path.glob("*.safetensors")
    content = bytearray(state.read_bytes())
    content[-5] ^= 1
    state.write_bytes(bytes(content))
    (tmp_path / "judged1.json").write_text('{"file": ')

    assert digest(train(recipe(), Checkpoints(tmp_path, 0.0))) == whole


def test_a_checkpoint_is_safetensors_beside_json_and_only_the_last_one_stays(tmp_path: Path) -> None:
    with pytest.raises(Struck):
        train(recipe(), DiesAfter(Checkpoints(tmp_path, 0.0), 6))

    assert sorted(file.name for file in tmp_path.iterdir()) == ["judged0-6.safetensors", "judged0.json"]
    about = json.loads((tmp_path / "judged0.json").read_text())
    state = dict(unpack_weights((tmp_path / about["file"]).read_bytes()))
    assert about["step"] == state["step"][0] == 6
    assert set(state) == {"step", "weights", "first", "second", "left", "check0", "check4"}


def test_checkpoints_come_when_their_time_has_come(tmp_path: Path) -> None:
    now = [0.0]
    kept = Checkpoints(tmp_path, 10.0, lambda: now[0])
    state = DiesAfter(Checkpoints(tmp_path / "other", 0.0), 1)
    with pytest.raises(Struck):
        train(recipe(), state)
    some = state.recall("judged0")
    assert some is not None

    kept.offer("judged0", lambda: some)
    assert not kept.there
    now[0] = 10.0
    kept.offer("judged0", lambda: some)
    assert kept.there


def test_a_checkpoint_that_cannot_be_written_is_refused_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Refused, match=r"file.* Check the disk space"):
        train(recipe(), Checkpoints(tmp_path / "file" / "here", 0.0))


def test_a_training_that_diverges_says_so() -> None:
    with pytest.raises(Diverged, match="judged0"):
        train(recipe(learning_rate=1e300))


def test_a_network_begins_with_weights_that_follow_from_the_recipe() -> None:
    first, again = (pack_weights(named_weights(build_network(recipe(), 1, "cpu"))) for _ in range(2))

    assert first == again
