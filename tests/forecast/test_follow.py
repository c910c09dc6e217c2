from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.backtest import as_shown
from forecast.calculate import calculate
from forecast.combine import MARGIN
from forecast.follow import Following, RateTrial
from forecast.paths import quantile, sample_paths
from forecast.rates import REACH, Summand, denominator
from forecast.reconcile import UNMOVED, Moves
from forecast.scene import build_scene
from forecast.series import SeriesPanel
from forecast.why import explain
from forecast.windows import Floats
from forecast.words import TERMS
from kpi.facts import Scenario
from kpi.scorecard.rollup import roll_up
from tests.forecast.branches import panel
from tests.forecast.builders import TINY, UNITS, inputs
from tests.forecast.rates import QUARTERS, by_unit, followers, following, losses
from tests.forecast.unfitted import walks

pytestmark = pytest.mark.slow

FALLING = 0.9 - 0.012 * np.arange(float(QUARTERS))
STEADY = 0.85 - 0.003 * np.arange(float(QUARTERS))
SEASONAL = 0.6 + 0.1 * np.tile([1.0, 0.0, 0.0, 0.0], QUARTERS // 4)
CONFIG = TINY.model_copy(update={"samples": 200})


def forecast(given: SeriesPanel, *, follow: bool = True) -> tuple[Floats, Following]:
    """Paths, (sample, series, horizon)."""
    decided, fitted, choices = following(given, CONFIG)
    cut = np.zeros(len(given.ids), dtype=np.bool_)
    paths = sample_paths(given, fitted, choices, cut, CONFIG, following=decided if follow else None)
    return paths.samples, decided


def ratios(given: SeriesPanel, samples: Floats, unit: str = "a") -> Floats:
    sides = by_unit(given, samples)
    return sides["claims", unit] / sides["standard_premium", unit]


def roughness(ratio: Floats) -> float:
    return float(np.abs(np.diff(ratio, 2)).mean())


def test_a_smooth_ratio_of_two_seasonal_quantities_has_a_smooth_forecast() -> None:
    given = panel(losses(FALLING))

    apart, followed = (quantile(ratios(given, forecast(given, follow=each)[0]), 0.5) for each in (False, True))

    assert roughness(apart) > 0.002
    assert roughness(followed) < 0.001
    assert (np.diff(followed) < 0.0).all()
    assert followed[0] == pytest.approx(FALLING[-1], abs=0.02)


def test_its_interval_is_no_narrower_in_the_quarter_that_brings_most() -> None:
    """The first of a year: both sides are twice as large there and no less sure, so apart they pinch what they make."""
    given = panel(losses(FALLING))

    widths = []
    for follow in (False, True):
        ratio = ratios(given, forecast(given, follow=follow)[0])
        width = quantile(ratio, 0.9) - quantile(ratio, 0.1)
        widths.append(2.0 * width[4] / (width[3] + width[5]))

    assert widths[0] < 0.8
    assert 0.9 < widths[1] < 1.2


def test_a_ratio_with_a_season_of_its_own_keeps_it() -> None:
    given = panel(losses(SEASONAL + 0.001 * np.arange(float(QUARTERS)) % 0.004))

    samples, _ = forecast(given)

    first, *others = quantile(ratios(given, samples), 0.5)[:4]
    assert first - max(others) == pytest.approx(0.1, abs=0.02)
    assert max(others) - min(others) < 0.02


def test_where_the_past_does_not_speak_for_the_rate_not_a_bit_changes() -> None:
    """Two quantities that have nothing to do with each other."""
    below, above = walks(4, QUARTERS, seed=3), walks(4, QUARTERS, seed=4)
    given = panel(
        {("standard_premium", unit): row for unit, row in zip("abcd", below, strict=True)}
        | {("claims", unit): row for unit, row in zip("abcd", above, strict=True)}
    )

    (apart, decided), (same, _) = (forecast(given, follow=each) for each in (False, True))

    (trial,) = decided.trials
    assert trial.targets == 144
    assert not trial.passed
    assert apart.tobytes() == same.tobytes()


def test_the_rate_must_be_nearer_by_a_margin_at_enough_targets() -> None:
    nearer = RateTrial("claims", "loss_ratio", 1.0, 0.97, own=1.0, following=1.0, origins=8, targets=36)

    assert nearer.passed
    assert not replace(nearer, by_rate=1.0 - MARGIN).passed
    assert not replace(nearer, by_rate=0.5, targets=7).passed


def decided_on(given: SeriesPanel, component: str = "claims") -> Following:
    found, _, _ = followers(given, CONFIG)
    trial = RateTrial(component, "loss_ratio", 1.0, 0.5, own=1.0, following=1.0, origins=8, targets=36)
    return Following(found, (trial,))


paths_of_eight = arrays(np.float64, (5, 8, 8), elements=st.floats(0.0, 1e12))
rates_of_four = arrays(np.float64, (5, 4, 8), elements=st.floats(-10.0, 10.0))


@given(paths_of_eight, rates_of_four)
def test_a_follower_is_its_rate_times_its_denominator_in_every_path_and_nothing_else_moves(
    samples: Floats, rates: Floats
) -> None:
    ours = panel(losses(STEADY))
    _, fitted, _ = followers(ours, CONFIG)

    before, after = by_unit(ours, samples), by_unit(ours, decided_on(ours).along(fitted.newest, samples, rates))

    for place, unit in enumerate("abcd"):
        assert (after["claims", unit] == rates[:, place] * samples[:, ours.ids.index(("standard_premium", unit))]).all()
        assert after["standard_premium", unit].tobytes() == before["standard_premium", unit].tobytes()


@settings(max_examples=20)
@given(st.lists(st.floats(-0.01, 0.01), min_size=QUARTERS, max_size=QUARTERS))
def test_the_account_of_a_follower_adds_up_to_its_median_to_the_last_bit(wobble: list[float]) -> None:
    given_panel = panel(losses(STEADY + np.array(wobble)))
    decided, fitted, choices = following(given_panel, CONFIG)
    cut = np.zeros(8, dtype=np.bool_)
    paths = sample_paths(given_panel, fitted, choices, cut, CONFIG, following=decided)

    found = explain(given_panel, fitted, choices, paths, CONFIG, following=decided)

    total = found.terms[0]
    for term in found.terms[1:]:
        total = total + term
    assert (total == quantile(paths.samples, 0.5)).all()
    terms = dict(zip(TERMS, found.terms, strict=True))
    assert terms["rate"][:4].any() == decided.trials[0].passed
    assert not terms["rate"][4:].any()


def test_a_share_of_a_whole_is_at_most_the_whole_in_every_path_and_never_below_zero() -> None:
    nearly_all = 0.985 + 0.0003 * np.arange(float(QUARTERS))
    names = {"standard_premium": "cases", "claims": "cases_in_time"}
    given = panel({(names[code], unit): np.floor(values) for (code, unit), values in losses(nearly_all).items()})

    _, fitted, choices = followers(given, CONFIG)
    cut, decided = np.zeros(8, dtype=np.bool_), decided_on(given, "cases_in_time")

    samples = sample_paths(given, fitted, choices, cut, CONFIG, following=decided).samples

    sides = by_unit(given, samples)
    assert decided.followers.rates.bounded.all()
    for unit in "abcd":
        assert (sides["cases_in_time", unit] <= sides["cases", unit]).all()
    assert (samples >= 0.0).all()


def test_a_later_future_changes_no_byte_of_whom_earlier_forecasts_followed() -> None:
    """Planted: the last three quarters of claims are a hundred times as large."""
    past = losses(STEADY)
    late = np.where(np.arange(QUARTERS) >= QUARTERS - 3, 100.0, 1.0)
    planted = {key: values * late if key[0] == "claims" else values for key, values in past.items()}
    seen: list[tuple[tuple[RateTrial, ...], bytes, bytes]] = []
    for series in (past, planted):
        given = panel(series)
        decided, fitted, choices = following(given, CONFIG, QUARTERS - 4)
        found, _, _ = followers(given, CONFIG)
        then = fitted.validation.origin <= QUARTERS - 4
        shown = as_shown(fitted, choices, CONFIG, followers=found)
        seen.append((decided.trials, shown[0][then].tobytes(), shown[1][then].tobytes()))

    assert seen[0][0][0].passed
    assert seen[0] == seen[1]


def test_past_forecasts_are_judged_as_they_would_have_been_shown() -> None:
    """At the last origins the median of claims is the rate times the premium, and its spread that of both."""
    given = panel(losses(STEADY))
    found, fitted, choices = followers(given, CONFIG)
    windows = fitted.validation

    plain, shown = (as_shown(fitted, choices, CONFIG, followers=each) for each in (None, found))

    last = windows.origin == windows.origin.max()
    rate = found.fitted.validation.in_units(found.past)[-4:]
    medians = windows.in_units(shown[0])[last]
    assert medians[:4] == pytest.approx(rate * medians[4:])
    assert shown[0][last][4:].tobytes() == plain[0][last][4:].tobytes()
    steps = np.diff(shown[1][last], axis=2)
    assert (steps >= 0.0).all()
    assert (steps.sum(2) > 0.0).all()


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param(np.full(QUARTERS, 5e5), id="never changed"),
        pytest.param(np.where(np.arange(QUARTERS) < QUARTERS - 4, 6e5, np.nan), id="ended"),
        pytest.param(
            np.where(np.arange(QUARTERS) >= QUARTERS - 7, 6e5 + 1e3 * np.arange(QUARTERS), np.nan), id="short"
        ),
    ],
)
def test_a_numerator_that_never_changed_has_ended_or_is_short_is_left_alone(claims: Floats) -> None:
    series = losses(STEADY) | {("claims", "d"): np.nan_to_num(claims)}
    given = panel(series, {("claims", "d"): np.isfinite(claims)})

    (apart, _), (followed, decided) = (forecast(given, follow=each) for each in (False, True))

    assert decided.trials[0].passed
    assert by_unit(given, followed)["claims", "d"].tobytes() == by_unit(given, apart)["claims", "d"].tobytes()
    assert (by_unit(given, followed)["claims", "a"] != by_unit(given, apart)["claims", "a"]).any()


def test_a_denominator_that_looks_back_takes_known_quarters_and_then_forecast_ones() -> None:
    known, ahead = np.arange(1.0, 5.0)[None], np.array([[10.0, 20.0, 30.0]])

    found = denominator((Summand(0, 0.5, 0), Summand(0, 0.5, 1)), known, ahead)

    assert known.shape[-1] == REACH
    assert found.tolist() == [7.0, 15.0, 25.0]


def test_a_follower_goes_along_when_its_denominator_is_reconciled_with_a_total() -> None:
    given = panel(losses(STEADY))
    decided, fitted, choices = following(given, CONFIG)
    cut, up = np.zeros(8, dtype=np.bool_), np.zeros((8, CONFIG.horizon))
    up[4:] = 3e5  # premiums
    moves = Moves(UNMOVED.trial, UNMOVED.past, up)

    before, after = (
        quantile(sample_paths(given, fitted, choices, cut, CONFIG, each, decided).samples, 0.5)
        for each in (UNMOVED, moves)
    )

    assert after[4:] - before[4:] == pytest.approx(up[4:])
    assert after[:4] / after[4:] == pytest.approx(before[:4] / before[4:], rel=0.01)
    assert (after[:4] > before[:4] + 1e5).all()


def test_a_company_whose_claims_follow_premiums_still_adds_up_from_branches_in_every_path() -> None:
    given = inputs()
    found = calculate(given, TINY, "cpu", lambda _share, _message: None)

    scene = build_scene(given, found.panel, found.paths)

    assert {trial.component for trial in found.rates if trial.passed} == {"claims", "agents_licensed"}
    head, *branches = (scene.panel.position[unit] for unit in ("head_office", *UNITS))
    for (_, scenario), column in scene.panel.columns.items():
        if scenario is Scenario.ACTUAL:
            total = roll_up(column.values, column.present, scene.panel.tree)
            assert (total[:, head] == total[:, branches[0]] + total[:, branches[1]]).all()
