from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.backtest import as_shown
from forecast.calculate import calculate
from forecast.combine import MARGIN
from forecast.paths import quantile, sample_paths, shown_median
from forecast.reconcile import UNMOVED, Moves, Trial, adjusted
from forecast.why import explain
from forecast.windows import Floats
from forecast.words import TERMS
from tests.forecast.branches import FLAT, family, panel, smooth_above
from tests.forecast.builders import TINY, inputs, rows
from tests.forecast.builders import organisation as company
from tests.forecast.unfitted import walks

# Five branches; two regions of two, and the head office over both regions and the last branch.
PARTS = ((0, 1), (2, 3), (4, 5, 6))
ROWS = 8
said_rows = st.lists(st.floats(-1e9, 1e9), min_size=ROWS, max_size=ROWS)
doubt_rows = st.lists(st.floats(0.01, 1e6), min_size=ROWS, max_size=ROWS)


def one(rows: list[float]) -> Floats:
    """One origin and one quarter."""
    return np.array(rows)[None, :, None]


def reconciled(said: list[float], doubt: list[float]) -> Floats:
    found: Floats = adjusted(PARTS, one(said), np.array(doubt)[None])[0, :, 0]
    return found


@given(said_rows, doubt_rows)
def test_every_total_is_the_sum_of_its_parts(said: list[float], doubt: list[float]) -> None:
    found = reconciled(said, doubt)

    for total, parts in enumerate(PARTS, 5):
        assert found[total] == pytest.approx(sum(found[part] for part in parts), rel=1e-9, abs=1e-3)


@given(said_rows, doubt_rows)
def test_up_the_tree_and_down_again_is_the_minimum_trace_reconciliation(said: list[float], doubt: list[float]) -> None:
    """``S (S' W^-1 S)^-1 S' W^-1 said`` with W the diagonal of doubts, as published."""
    summing = np.zeros((ROWS, 5))
    summing[:5] = np.eye(5)
    for total, parts in enumerate(PARTS, 5):
        summing[total] = summing[list(parts)].sum(0)
    weighed = summing.T / np.array(doubt)
    published = summing @ np.linalg.solve(weighed @ summing, weighed @ np.array(said))

    assert reconciled(said, doubt) == pytest.approx(published, rel=1e-5, abs=10.0)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=5, max_size=5), doubt_rows)
def test_what_adds_up_already_does_not_change_by_a_bit(branches: list[int], doubt: list[float]) -> None:
    said = [float(each) for each in branches]
    for parts in PARTS:
        said.append(sum(said[part] for part in parts))

    assert reconciled(said, doubt).tolist() == said


@given(said_rows, doubt_rows)
def test_a_total_ends_between_what_it_said_and_what_its_parts_add_up_to(said: list[float], doubt: list[float]) -> None:
    """Here with one total alone: what it takes of the difference lies between nothing and all of it."""
    found: Floats = adjusted(((0, 1, 2),), one(said[:4]), np.array(doubt[:4])[None])[0, :, 0]
    summed = said[0] + said[1] + said[2]

    assert min(summed, said[3]) - 1e-3 <= found[3] <= max(summed, said[3]) + 1e-3
    moved = found[:3] - np.array(said[:3])
    assert (moved * (said[3] - summed) >= -1e-3).all()
    assert np.abs(moved).sum() <= abs(said[3] - summed) + 1e-3


@given(said_rows, doubt_rows)
def test_a_total_of_endless_doubt_says_nothing_and_a_series_of_no_doubt_stays(
    said: list[float], doubt: list[float]
) -> None:
    assert reconciled(said, [*doubt[:5], inf, inf, inf])[:5].tolist() == said[:5]
    assert reconciled(said, [0.0, *doubt[1:]])[0] == said[0]
    assert reconciled(said, [0.0] * ROWS)[:5].tolist() == said[:5]


def truth_and_past(seed: int) -> tuple[dict[tuple[str, str], Floats], Floats]:
    whole = smooth_above(48, seed)
    past = {key: values[:40] for key, values in whole.items()}
    return past, np.stack([whole[key][40:] for key in sorted(whole)])


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_a_head_office_far_smoother_than_its_branches_brings_their_sum_nearer_to_what_came(seed: int) -> None:
    past, came = truth_and_past(seed)
    found, fitted, choices, _ = family(panel(past))

    moves = found.moves(39, choices.preferred)

    before = shown_median(fitted.newest, choices)
    missed, missed_after = (np.abs(each.sum(0) - came.sum(0)).mean() for each in (before, before + moves.ahead))
    assert moves.trial.passed
    assert missed_after < 0.8 * missed
    assert np.abs(before + moves.ahead - came).mean() < np.abs(before - came).mean()


def test_branches_that_add_up_to_nothing_smoother_are_only_added_up() -> None:
    found, fitted, choices, _ = family(
        panel({("claims", unit): row for unit, row in zip("abcd", walks(4, 40), strict=True)})
    )

    moves = found.moves(39, choices.preferred)

    assert moves.trial.targets == 36
    assert not moves.trial.passed
    assert not moves.past.any()
    assert not moves.ahead.any()
    median, quantiles = as_shown(fitted, choices, TINY)
    with_family = as_shown(fitted, choices, TINY, found)
    assert (median.tobytes(), quantiles.tobytes()) == tuple(each.tobytes() for each in with_family)


def test_it_must_be_better_by_a_margin_at_enough_targets() -> None:
    nearly = Trial(added_up=1.0, reconciled=1.0 - MARGIN, origins=8, targets=36)

    assert not nearly.passed
    assert replace(nearly, reconciled=0.97).passed
    assert not replace(nearly, reconciled=0.5, targets=7).passed


def test_a_later_future_changes_no_byte_of_how_earlier_forecasts_were_reconciled() -> None:
    """Planted: the last three quarters are a hundred times as large."""
    past, _ = truth_and_past(3)
    planted = {key: np.where(np.arange(40) >= 37, 100.0 * values, values) for key, values in past.items()}
    seen = []
    for series in (past, planted):
        found, fitted, _, _ = family(panel(series))
        moves = found.moves(36, {"claims": "damped"})
        assert moves.trial.passed
        known = fitted.validation.origin <= 36
        seen.append((moves.trial, moves.past[known].tobytes()))

    assert seen[0] == seen[1]


def test_a_total_that_lacks_the_newest_quarter_says_nothing() -> None:
    past, _ = truth_and_past(3)
    gap = {("claims", "b"): np.arange(40) != 39}
    found, _, choices, _ = family(panel(past, gap))

    moves = found.moves(39, choices.preferred)

    assert moves.trial.passed
    assert moves.past.any()
    assert not moves.ahead.any()


def test_a_branch_that_never_changed_is_not_moved() -> None:
    past, _ = truth_and_past(3)
    parents = FLAT | {"e": "head"}
    found, _, choices, totals = family(panel(past | {("claims", "e"): np.full(40, 500.0)}), parents)

    moves = found.moves(39, choices.preferred)

    assert totals.parts == ((0, 1, 2, 3, 4),)
    assert moves.trial.passed
    assert moves.ahead[:4].all()
    assert not moves.ahead[4].any()


def test_the_order_of_facts_and_org_units_changes_no_bit_of_a_run() -> None:
    head, *below = company().units
    backwards = company().model_copy(update={"units": (head, *reversed(below))})
    given_rows = rows()
    runs = [
        calculate(replace(inputs(facts), organisation=tree), TINY, "cpu", lambda _share, _message: None)
        for facts, tree in ((given_rows, company()), (given_rows[::-1], backwards))
    ]

    assert runs[0].trial == runs[1].trial
    assert runs[0].trial.targets > 0
    assert runs[0].paths.samples.tobytes() == runs[1].paths.samples.tobytes()
    assert runs[0].digests["weights"] == runs[1].digests["weights"]


def test_medians_of_paths_move_and_the_account_says_by_how_much() -> None:
    past, _ = truth_and_past(3)
    given_panel = panel(past)
    found, fitted, choices, _ = family(given_panel)
    moves = found.moves(39, choices.preferred)
    negative = np.zeros(4, dtype=np.bool_)

    still, moved = (sample_paths(given_panel, fitted, choices, negative, TINY, each) for each in (UNMOVED, moves))

    shown = quantile(moved.samples, 0.5)
    assert shown - quantile(still.samples, 0.5) == pytest.approx(moves.ahead, rel=0.02, abs=1.0)
    account = explain(given_panel, fitted, choices, moved, TINY, moves)
    terms = dict(zip(TERMS, account.terms, strict=True))
    assert terms["reconciliation"] == pytest.approx(moves.ahead)
    total = account.terms[0]
    for term in account.terms[1:]:
        total = total + term
    assert (total == shown).all()


def test_a_count_never_falls_below_zero_however_far_it_is_moved() -> None:
    past, _ = truth_and_past(3)
    given_panel = panel(past)
    _, fitted, choices, _ = family(given_panel)
    down = Moves(UNMOVED.trial, UNMOVED.past, np.full((4, TINY.horizon), -1e6))

    paths = sample_paths(given_panel, fitted, choices, np.zeros(4, dtype=np.bool_), TINY, down)

    assert (paths.samples == 0.0).all()
