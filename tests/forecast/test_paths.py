from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from forecast.choice import choose
from forecast.config import ForecastConfig
from forecast.paths import Paths, quantile, sample_paths, shown_median
from forecast.series import Row, SeriesPanel, build_panel
from forecast.training.fit import Fitted, fit
from forecast.windows import build_windows
from kpi.facts import Scenario
from kpi.periods import Period, quarter_range
from tests.forecast import branches
from tests.forecast.builders import LAST, TINY, catalogue, rows, template
from tests.forecast.unfitted import LEVELS, panel_of, unfitted, walks

QUICK = TINY.model_copy(update={"steps": 4, "check_every": 4, "numerics": "standard"})
Result = tuple[SeriesPanel, Fitted, Paths]


@cache
def of_facts(facts: tuple[Row, ...], config: ForecastConfig) -> Result:
    panel = build_panel(facts, catalogue(), template())
    fitted = fit(panel.values, panel.present, config.recipe, "cpu", lambda _: None)
    negative = np.zeros(len(panel.ids), dtype=np.bool_)
    return panel, fitted, sample_paths(panel, fitted, choose(panel, fitted, config), negative, config)


def forecast(facts: list[Row], config: ForecastConfig = QUICK) -> Result:
    return of_facts(tuple(facts), config)


def series(component: str, values: Sequence[int | None], unit: str = "beijing") -> list[Row]:
    """The rows of ``component`` without its own, ending in the last known quarter."""
    first = LAST.shift(1 - len(values))
    added = [
        (component, unit, quarter, Scenario.ACTUAL, Decimal(value))
        for quarter, value in zip(quarter_range(first, LAST), values, strict=True)
        if value is not None
    ]
    return [row for row in rows() if row[:2] != (component, unit)] + added


def of(result: Result, component: str, unit: str = "beijing") -> tuple[np.ndarray, str, str]:
    panel, _, paths = result
    row = panel.ids.index((component, unit))
    method = paths.methods[row]
    return paths.samples[:, row], method.method, method.reason.en if method.reason else ""


def test_a_constant_stays_exactly_constant() -> None:
    samples, method, reason = of(forecast(series("claims", [7] * 27)), "claims")

    assert (samples == 7.0).all()
    assert method == "constant"
    assert "never changed" in reason


def test_a_series_that_may_not_be_negative_never_is() -> None:
    collapsing = [max(0, 1000 - 45 * step) for step in range(27)]

    samples, method, _ = of(forecast(series("claims", collapsing)), "claims")

    assert method != "constant"
    assert samples.min() == 0.0


def test_a_short_series_falls_back_openly_to_its_own_season() -> None:
    samples, method, reason = of(forecast(series("claims", [100, 200, 300, 400, 110])), "claims")

    assert method == "seasonal_naive"
    assert "only 5 quarters of data, fewer than 8" in reason
    assert quantile(samples, 0.5)[:5] == pytest.approx([200, 300, 400, 110, 200])
    assert np.ptp(samples[:, 0]) > 0.0


def test_a_series_without_a_whole_year_falls_back_to_its_last_value() -> None:
    samples, method, reason = of(forecast(series("claims", [400, 410, 405])), "claims")

    assert method == "naive"
    assert "only 3 quarters" in reason
    assert quantile(samples, 0.5) == pytest.approx([405.0] * 8)
    assert np.ptp(samples[:, 0]) > 0.0


def test_a_series_without_a_value_for_a_year_is_not_forecast() -> None:
    result = forecast(series("claims", [100, 120, 130, 100, 120, 130, 100, 120, 130, None, None, None, None]))

    _, method, reason = of(result, "claims")
    assert method == "ended"
    assert "last four quarters" in reason


def test_a_panel_too_short_to_look_back_is_forecast_by_the_default_combination_and_says_so() -> None:
    first = LAST.shift(-8)
    panel, fitted, paths = forecast([row for row in rows() if row[2] >= first])

    assert fitted.steps == 0
    assert {method.method for method in paths.methods} == {"combined"}
    assert {method.reason.en for method in paths.methods if method.reason} == {
        "the history is too short to compare past forecasts, so it is the network combined with simple methods"
    }
    row = panel.ids.index(("standard_premium", "beijing"))
    assert len(set(paths.samples[:, row, 0].tolist())) == QUICK.samples


def test_quarters_and_components_of_one_path_belong_together() -> None:
    """Claims that always are half the premium must stay near half of it on every path, not only on average."""
    others = [row for row in rows() if row[0] != "claims"]
    premiums = [row for row in others if row[0] == "standard_premium" and row[3] is Scenario.ACTUAL]

    result = forecast([*others, *(("claims", *row[1:4], row[4] / 2) for row in premiums)])

    premium, claims = of(result, "standard_premium")[0][:, 0], of(result, "claims")[0][:, 0]
    assert np.corrcoef(premium, claims)[0, 1] > 0.95
    assert np.abs(claims / premium - 0.5).max() < 0.02


def test_the_windows_before_a_cut_never_see_what_comes_after_it() -> None:
    panel = build_panel(rows(), catalogue(), template())
    cut = 19
    changed = panel.values.copy()
    changed[:, cut:] = -1e9

    before = build_windows(panel.values, panel.present, range(7, cut - 1), 12, 8, cut)
    after = build_windows(changed, panel.present, range(7, cut - 1), 12, 8, cut)

    for name in ("features", "base", "scale", "target", "target_present"):
        assert (getattr(before, name) == getattr(after, name)).all(), name
    assert before.target_present.sum() == len(panel.ids) * (4 * 8 + 28)


def test_progress_ends_at_one_and_what_it_raises_ends_the_training() -> None:
    panel = build_panel(rows(), catalogue(), template())
    told: list[float] = []

    fit(panel.values, panel.present, QUICK.recipe, "cpu", told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(panel.values, panel.present, QUICK.recipe, "cpu", stop)


def test_another_seed_gives_other_paths_and_the_same_seed_the_same() -> None:
    panel = panel_of(walks(4, 30))
    config = TINY
    negative = np.ones(4, dtype=np.bool_)

    def samples(config: ForecastConfig) -> np.ndarray:
        fitted = unfitted(panel, config)
        return sample_paths(panel, fitted, choose(panel, fitted, config), negative, config).samples

    assert (samples(config) == samples(config)).all()
    assert (samples(config) != samples(config.model_copy(update={"seed": 5}))).any()


def test_the_quantile_is_the_smallest_sample_that_covers_its_share() -> None:
    samples = np.arange(10, 0, -1, dtype=np.float64)[:, None]

    found = [quantile(samples, level)[0] for level in (0.05, 0.1, 0.11, 0.5, 0.9, 1.0)]

    assert found == [1.0, 1.0, 2.0, 5.0, 9.0, 10.0]


def test_training_on_a_growing_company_lowers_the_miss_at_origins_kept_out() -> None:
    _, fitted, _ = forecast(rows(), TINY.model_copy(update={"steps": 60, "check_every": 30, "learning_rate": 0.003}))

    losses = dict(fitted.losses)
    assert fitted.steps > 0
    assert losses[fitted.steps] == min(losses.values()) < losses[0]


def test_a_random_walk_is_forecast_by_its_last_value() -> None:
    panel = panel_of(walks(30, 40))
    fitted = unfitted(panel, TINY)
    choices = choose(panel, fitted, TINY)

    assert {method.method for method in choices.methods} == {"naive"}
    reason = choices.methods[0].reason
    assert reason is not None
    assert "was not clearly better than the last value" in reason.en
    assert shown_median(fitted.newest, choices)[:, 7] == pytest.approx(panel.values[:, -1])


def test_the_quantiles_of_the_paths_are_the_predicted_ones_around_the_chosen_median() -> None:
    panel = panel_of(walks(6, 40))
    config = TINY.model_copy(update={"samples": 200})
    fitted = unfitted(panel, config)
    choices = choose(panel, fitted, config)

    samples = sample_paths(panel, fitted, choices, np.ones(6, dtype=np.bool_), config).samples

    medians = shown_median(fitted.newest, choices)
    assert (quantile(samples, 0.5) == medians).all()
    spreads = [(quantile(samples, level) - medians) / fitted.newest.scale[:, None] for level in LEVELS]
    for below, above in pairwise(spreads):
        assert (below < above).all()
    # One conformal factor for all series: in units of scale the ranges are equal.
    assert spreads[0][1:] == pytest.approx(np.broadcast_to(spreads[0][0], spreads[0][1:].shape))


def test_with_few_origins_no_two_paths_have_the_same_shape() -> None:
    panel = panel_of(walks(3, 10))
    fitted = unfitted(panel, TINY)

    paths = sample_paths(panel, fitted, choose(panel, fitted, TINY), np.ones(3, dtype=np.bool_), TINY)

    assert len({path.tobytes() for path in paths.samples}) == TINY.samples
    first, second = paths.samples[:, 0, 0], paths.samples[:, 0, 1]
    assert ((first > np.median(first)) == (second > np.median(second))).mean() > 0.6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_branches_that_always_moved_together_do_so_however_far_ahead(seed: int) -> None:
    """Few origins reach far ahead, one of them eight quarters: what hit all branches there may come either way again.

    Paths that all take the places of that one origin would add up to the same for the company, whatever branches do.
    """
    shared = walks(1, 40, seed) + 0.05 * (walks(8, 40, seed + 50) - 1000.0)
    panel = panel_of(shared)
    fitted = unfitted(panel, TINY)

    samples = sample_paths(panel, fitted, choose(panel, fitted, TINY), np.ones(8, dtype=np.bool_), TINY).samples

    of_the_sum, of_each = samples.sum(axis=1).std(axis=0), samples.std(axis=0)
    assert (of_the_sum > 0.85 * of_each.sum(axis=0)).all()


def test_the_last_known_quarter_is_where_the_forecast_starts() -> None:
    panel, _, paths = forecast(rows())

    assert panel.quarters[-1] == Period.quarter(2026, 3)
    row = panel.ids.index(("standard_premium", "shanghai"))
    medians = quantile(paths.samples, 0.5)[row]
    # 2026Q4 is the low season, 2027Q1 the heavy opening quarter.
    assert medians[1] == medians[:4].max()
    assert medians[0] == medians[:4].min()


def test_branches_that_cancelled_out_at_a_few_origins_are_not_taken_to_cancel_out_always() -> None:
    """What one wins the others lose; independent ones would make the sum half as wide as all four widths."""
    given = branches.panel(branches.smooth_above(40, seed=2))
    _, fitted, choices, _ = branches.family(given)
    many = TINY.model_copy(update={"samples": 400})

    samples = sample_paths(given, fitted, choices, np.zeros(4, dtype=np.bool_), many).samples

    of_sum, of_each = (quantile(each, 0.9) - quantile(each, 0.1) for each in (samples.sum(1), samples))
    assert 0.35 < (of_sum / of_each.sum(0)).mean() < 0.5
