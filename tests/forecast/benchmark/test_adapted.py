import numpy as np
import pytest

from forecast.benchmark.adapted import Origins, adapted
from forecast.pretrained import Pretrained, load_pretrained
from forecast.windows import Floats, Mask
from kpi.errors import Refused
from kpi.settings import DATA


def climbing(series: int = 5, quarters: int = 24) -> tuple[Floats, Mask]:
    values = 50.0 + np.arange(1.0, series + 1.0)[:, None] * np.arange(quarters) + np.arange(quarters) % 4
    return values, np.ones(values.shape, dtype=np.bool_)


def shipped() -> Pretrained:
    return load_pretrained(DATA / "weights", "order_free", "cpu")


def test_adapting_changes_every_member_and_leaves_the_shipped_weights_alone() -> None:
    network = shipped()
    told: list[float] = []
    found = adapted(network, *climbing(), 2, told.append)

    before, after = dict(network.start.weights), dict(found.start.weights)
    assert before.keys() == after.keys()
    for member in range(network.start.recipe.members):
        name = f"member{member}.entry.weight"
        assert (before[name] != after[name]).any()
    assert told[-1] == 1.0
    assert found.quantiles(*climbing()).shape == (5, 8, 9)


def test_no_window_reaches_past_the_newest_quarter() -> None:
    """Changing the last quarter changes targets alone, and only where a target lies there."""
    values, present = climbing()
    changed = values.copy()
    changed[:, -1] += 1000.0
    for step in range(12):
        one, other = (Origins(each, present, 12, 8, 1, 0).batch(step) for each in (values, changed))
        assert one.features.tobytes() == other.features.tobytes()
        assert one.target[:, :-1].tobytes() == other.target[:, :-1].tobytes()


def test_too_little_history_is_refused() -> None:
    with pytest.raises(Refused, match="too few to adapt"):
        adapted(shipped(), *climbing(quarters=12), 2, lambda _: None)
