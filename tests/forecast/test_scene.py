"""In every sample path branches add up to the head office, and quarters to the year, exactly."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from forecast.calculate import Outcome, calculate
from forecast.scene import Scene, build_scene
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.evaluate import quotient
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import roll_up, window_sum
from kpi.scorecard.terms import Column
from kpi.scorecard.values import KpiView
from tests.forecast.builders import LAST, TINY, UNITS, inputs, rows

CENTS = [(*row[:4], row[4] + Decimal("0.37")) for row in rows()]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return calculate(inputs(CENTS), TINY, "cpu", lambda _share, _message: None)


@pytest.fixture(scope="module")
def scene(outcome: Outcome) -> Scene:
    return build_scene(inputs(CENTS), outcome.panel, outcome.paths)


def actual(scene: Scene) -> dict[str, Column]:
    return {code: column for (code, scenario), column in scene.panel.columns.items() if scenario is Scenario.ACTUAL}


def test_branches_add_up_to_the_head_office_in_every_sample_path(scene: Scene) -> None:
    head, *branches = (scene.panel.position[unit] for unit in ("head_office", *UNITS))
    for column in actual(scene).values():
        total = roll_up(column.values, column.present, scene.panel.tree)
        exact = [sum(map(Fraction, path)) for path in total[:, branches].transpose(0, 2, 1).reshape(-1, len(UNITS))]
        assert [*map(Fraction, total[:, head].ravel())] == exact


def test_quarters_add_up_to_the_year_in_every_sample_path(scene: Scene) -> None:
    end = scene.panel.at(Period.quarter(2026, 4))
    assert end is not None
    for column in actual(scene).values():
        year = window_sum(column.values, Window.YEAR, scene.panel.quarters[0])[..., end]
        quarters = column.values[..., end - 3 : end + 1].reshape(-1, 4)
        assert [*map(Fraction, year.ravel())] == [sum(map(Fraction, path)) for path in quarters]


def test_branches_landings_of_both_sides_add_up_to_the_head_offices(scene: Scene) -> None:
    """Of a ratio as well: the head office divides the sums."""
    view = KpiView(scene.panel, scene.panel.catalogue.kpi["loss_ratio"])
    end = Period.quarter(2026, 4)
    grid = view.actual(view.version_at(end), Window.YEAR)
    at = scene.panel.at(end)
    assert grid is not None
    assert grid.denominator is not None
    assert at is not None

    for side in (grid.numerator, grid.denominator):
        assert (side.values[:, 0, at] == side.values[:, 1, at] + side.values[:, 2, at]).all()
    assert (quotient(grid)[:, 0, at] == grid.numerator.values[:, 0, at] / grid.denominator.values[:, 0, at]).all()


def test_known_quarters_are_the_facts_to_the_cent_and_paths_hardly_move(scene: Scene, outcome: Outcome) -> None:
    known = {(row[0], row[1]): row[4] for row in CENTS if row[2] == LAST and row[3] is Scenario.ACTUAL}
    for index, (component, unit) in enumerate(outcome.panel.ids):
        column, row = actual(scene)[component], scene.panel.position[unit]
        cells = {int(value) for value in column.values[:, row, scene.known - 1]}
        assert cells == {int(known[component, unit].scaleb(column.exponent))}
        drawn = outcome.paths.samples[:, index]
        moved = np.abs(column.values[:, row, scene.known :] / 10**column.exponent - drawn)
        assert column.exponent >= 2
        assert moved.max() <= 0.51 * 10.0**-column.exponent


def test_plans_stay_exact(scene: Scene) -> None:
    plan = scene.panel.columns["standard_premium", Scenario.PLAN]
    assert plan.values.dtype == np.int64
    assert plan.exponent == 2
