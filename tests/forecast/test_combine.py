import numpy as np
import pytest

from forecast.choice import choose, middle_of
from forecast.combine import SIMPLEST_FIRST, Record, candidates, combined_median, enough_targets, preferred, records
from forecast.simple.methods import SIMPLE
from forecast.training.fit import judged, seen_by
from tests.forecast.builders import TINY
from tests.forecast.unfitted import panel_of, unfitted, walks

EQUAL = dict.fromkeys(SIMPLEST_FIRST, 1.0)


def record(**losses: float) -> Record:
    return Record({name: losses.get(name, loss) for name, loss in EQUAL.items()}, 8, 36)


@pytest.mark.parametrize(
    ("losses", "chosen"),
    [
        ({}, "naive"),
        ({"combined": 0.99}, "naive"),
        ({"combined": 0.97}, "combined"),
        ({"combined": 0.97, "network": 0.96}, "combined"),
        ({"combined": 0.97, "network": 0.90}, "network"),
        ({"seasonal_naive": 0.5, "combined": 0.499}, "seasonal_naive"),
        ({"seasonal_naive": 0.5, "combined": 0.4}, "combined"),
    ],
)
def test_the_network_must_win_clearly_to_take_the_place_of_something_simpler(
    losses: dict[str, float], chosen: str
) -> None:
    assert preferred(record(**losses)) == chosen


def test_the_default_is_mostly_the_network_with_as_much_of_damped_trend_as_of_theta() -> None:
    panel = panel_of(walks(3, 30))
    newest = unfitted(panel, TINY).newest
    network = np.full_like(newest.base, 0.25)

    found = combined_median(panel.values, panel.present, newest, network, TINY.context)

    damped, theta = (SIMPLE[name](panel.values, panel.present, 8) for name in ("damped", "theta"))
    by_network = newest.base + newest.scale[:, None] * network
    expected = 0.7 * by_network + 0.15 * damped + 0.15 * theta
    assert newest.base + newest.scale[:, None] * found == pytest.approx(expected)
    every = candidates(panel.values, panel.present, newest, network, TINY.context)
    assert (every["combined"] == found).all()


def test_what_lies_before_the_context_changes_nothing() -> None:
    values = walks(3, 90)
    cut = panel_of(values[:, -44:])
    whole = panel_of(values)

    medians = [
        candidates(each.values, each.present, fitted.newest, middle_of(fitted.predicted), TINY.context)
        for each in (whole, cut)
        for fitted in (unfitted(each, TINY),)
    ]

    for name in SIMPLEST_FIRST:
        assert (medians[0][name] == medians[1][name]).all(), name


def test_a_component_with_few_targets_leans_on_the_record_of_the_panel() -> None:
    panel = panel_of(walks(4, 30))
    fitted = unfitted(panel, TINY)
    medians = choose(panel, fitted, TINY).past
    known = judged(fitted.validation)

    few = records(["rare", "common", "common", "common"], fitted.validation, medians, known)
    alone = records(["rare"] * 4, fitted.validation, medians, known)

    misses = np.minimum(np.abs(fitted.validation.target - medians["naive"]) * fitted.validation.cost[:, None], 8.0)
    own = known & (fitted.validation.series == 0)[:, None]
    expected = (misses[own].sum() + 8 * misses[known].mean()) / (own.sum() + 8)
    assert few["rare"].losses["naive"] == pytest.approx(expected)
    assert (few["rare"].origins, few["rare"].targets) == (8, 36)
    assert alone["rare"].losses["naive"] == pytest.approx(misses[known].mean())


def test_what_was_known_at_an_origin_is_only_what_lay_before_it() -> None:
    panel = panel_of(walks(2, 30))
    validation = unfitted(panel, TINY).validation
    first = int(validation.origin.min())

    counts = [int(seen_by(validation, quarter).sum()) for quarter in range(first, first + 4)]

    assert counts == [0, 2 * 1, 2 * 3, 2 * 6]
    assert not enough_targets(seen_by(validation, first + 2))
    assert enough_targets(seen_by(validation, first + 3))


def test_one_odd_series_does_not_speak_for_the_panel() -> None:
    """A payment once a year: the last value misses it by thousands of its tiny scale."""
    yearly = np.tile([0.0, 0.0, 0.0, 4e8], 8)[None] + np.arange(32.0)
    values = np.concatenate([yearly, walks(30, 32)])
    panel = panel_of(values)
    fitted = unfitted(panel, TINY)
    components = ["dividends", *["premium"] * 30]
    medians = choose(panel, fitted, TINY).past

    found = records(components, fitted.validation, medians, judged(fitted.validation))

    assert found["dividends"].losses["seasonal_naive"] < found["dividends"].losses["naive"]
    assert preferred(found["premium"]) == "naive"
