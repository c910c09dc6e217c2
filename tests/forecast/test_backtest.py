import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from forecast.backtest import as_shown, backtest, in_words
from forecast.choice import UNSTABLE, choose
from forecast.metrics import pinball
from forecast.record_files import backtest_csv, series_record_csv
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, fit
from tests.forecast.builders import TINY
from tests.forecast.unfitted import LEVELS, panel_of, unfitted, walks

QUICK = TINY.model_copy(update={"steps": 8, "check_every": 4, "numerics": "standard"})


def trained(panel: SeriesPanel) -> Fitted:
    return fit(panel.values, panel.present, QUICK.recipe, "cpu", lambda _: None)


def test_a_changed_future_changes_no_byte_of_what_was_said_at_origins_before_it() -> None:
    """Planted: the last three quarters are a hundred times as large. They may train, choose and calibrate nothing."""
    values = walks(5, 30)
    planted = values.copy()
    planted[:, -3:] *= 100.0
    shown = []
    for panel in (panel_of(values), panel_of(planted)):
        fitted = trained(panel)
        before = fitted.validation.origin < 27
        choices = choose(panel, fitted, QUICK)
        median, quantiles = as_shown(fitted, choices, QUICK)
        base, scale = fitted.validation.base[before], fitted.validation.scale[before]
        shown.append(
            [part.tobytes() for part in (base, scale, fitted.validated[before], median[before], quantiles[before])]
        )
        assert before.sum() == 5 * 6

    assert shown[0] == shown[1]


def test_each_origin_goes_by_what_was_known_then() -> None:
    """At the first origin nothing was: the default combination with the predicted widths."""
    panel = panel_of(walks(30, 40))
    fitted = unfitted(panel, TINY)
    choices = choose(panel, fitted, TINY)

    median, quantiles = as_shown(fitted, choices, TINY)

    windows = fitted.validation
    first, last = windows.origin == windows.origin.min(), windows.origin == windows.origin.max()
    assert (median[first] == choices.past["combined"][first]).all()
    assert quantiles[first] - median[first][:, :, None] == pytest.approx(
        np.broadcast_to(np.array(LEVELS) - 0.5, quantiles[first].shape)
    )
    assert (median[last] == choices.past["naive"][last]).all()


def test_the_lines_are_plain_counts_and_means_over_the_known_values() -> None:
    panel = panel_of(walks(6, 30))
    fitted = unfitted(panel, TINY)
    choices = choose(panel, fitted, TINY)

    total, *lines = backtest(panel, fitted, choices, TINY)

    assert (total.component, total.ahead, total.targets, total.origins) == (None, None, 6 * 36, 8)
    (one,) = [line for line in lines if line.component == "premium" and line.ahead == 8]
    assert (one.targets, one.origins) == (6, 1)
    windows = fitted.validation
    rows = windows.origin == windows.origin.min()
    median, quantiles = as_shown(fitted, choices, TINY)
    target, there = windows.target[rows, 7:], quantiles[rows, 7:]
    assert one.pinball == pytest.approx(pinball(target, there, LEVELS).mean())
    assert one.covered_80 == ((there[:, 0, 2] <= target[:, 0]) & (target[:, 0] <= there[:, 0, 6])).mean()
    actual = panel.values[:, int(windows.origin.min()) + 8]
    shown = windows.base[rows, 7] + windows.scale[rows] * median[rows, 7]
    assert one.within == pytest.approx(np.sort(np.abs(shown / actual - 1.0))[2])


def test_a_method_that_is_always_right_is_within_nothing_and_a_zero_has_no_relative_miss() -> None:
    season = np.tile([0.0, 0.0, 0.0, 5.0], 8)[None] * np.ones((3, 1))
    panel = panel_of(season)
    choices = choose(panel, fitted := unfitted(panel, TINY, width=2.0**-10), TINY)

    total, *_ = backtest(panel, fitted, choices, TINY)

    assert total.within_seasonal_naive == 0.0
    assert total.within_naive == 1.0
    assert total.beside["seasonal_naive"] < total.beside["naive"]


def test_the_record_in_words_says_how_often_how_near_and_beside_what() -> None:
    panel = panel_of(walks(4, 30))
    fitted = unfitted(panel, TINY)
    total, *_ = backtest(panel, fitted, choose(panel, fitted, TINY), TINY)
    line = replace(total, origins=8, targets=36, within=0.031, within_seasonal_naive=0.052, covered_80=0.79)

    words = in_words(line)

    assert words is not None
    assert words.en == (
        "Made in the last 8 quarters, half of the forecasts were within 3.1 %; last year's same quarter would have "
        "been within 5.2 % (36 actual values). 79 % of them lay between P10 and P90, where 80 % should."
    )
    assert all(part in words.zh for part in ("3.1%", "5.2%", "36", "79%"))
    assert in_words(replace(line, within=None)) is None


def test_a_panel_without_past_origins_has_no_lines() -> None:
    panel = panel_of(walks(2, 9))
    fitted = unfitted(panel, TINY)

    lines = backtest(panel, fitted, choose(panel, fitted, TINY), TINY)

    assert lines == ()
    assert backtest_csv(lines).startswith("component,ahead,targets,origins,covered_80")


def test_networks_that_disagree_make_a_forecast_unstable() -> None:
    panel = panel_of(walks(2, 9))
    fitted = unfitted(panel, TINY)
    apart = np.zeros_like(fitted.apart)
    apart[1] = 0.8 * (UNSTABLE + 0.1)

    choices = choose(panel, replace(fitted, apart=apart), TINY)

    rows = list(csv.DictReader(io.StringIO(series_record_csv(panel, choices))))
    assert [row["unstable"] for row in rows] == ["no", "yes"]
    assert float(rows[1]["disagreement"]) == pytest.approx(0.6)
    assert [row["recommended"] for row in rows] == ["no", "no"]
