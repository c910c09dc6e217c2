import subprocess
import sys
from decimal import Decimal
from math import inf

import pytest

from forecast.compare.changes import Cause
from forecast.compare.comparison import compare
from forecast.compare.evidence import places
from forecast.compare.moves import Alone, Why
from forecast.compare.words import changes_in_words
from forecast.inputs import RunInputs
from forecast.series import Row
from kpi.errors import Refused
from kpi.facts import Scenario
from kpi.periods import Grain, Period
from kpi.scorecard.results import Window
from kpi.settings import ROOT
from tests.forecast.builders import inputs, rows
from tests.forecast.compare.builders import ELSEWHERE, HERE, OTHER, Q1, Q4, evidence, forecast, more_facts, retargeted

YEAR = Period(2026, Grain.YEAR)


def test_what_changed_is_told_for_each_cause_in_both_languages() -> None:
    old = evidence(code=ELSEWHERE)
    new = evidence(retargeted(), OTHER)

    changes = compare(old, new, HERE).changes

    words = changes_in_words(changes)
    assert changes.causes == (Cause.DEFINITIONS, Cause.CONFIGURATION, Cause.CODE)
    assert [words[cause].en for cause in Cause] == [
        "unchanged",
        "1 in the scorecard",
        "1 in the configuration",
        "code",
    ]
    assert words[Cause.DEFINITIONS].zh == "记分卡 1 处"
    assert [(each.path, each.new) for each in changes.definitions] == [("entries.in_time_rate.target", "0.9")]
    assert [(each.path, each.new) for each in changes.configuration] == [("seed", "2")]


def test_moves_are_sorted_by_what_they_are_of_the_first_interval() -> None:
    old = evidence(forecasts=[forecast(100), forecast(5, org_unit="shanghai"), forecast(7, kpi="in_time_rate")])
    new = evidence(
        inputs(more_facts()),
        forecasts=[forecast(104), forecast(25, org_unit="shanghai"), forecast(7, kpi="in_time_rate")],
    )

    found = compare(old, new, HERE)

    assert [(move.org_unit, move.change, move.size) for move in found.moves] == [
        ("shanghai", Decimal(20), 1.0),
        ("beijing", Decimal(4), 0.2),
        ("beijing", Decimal(0), 0.0),
    ]
    assert found.split
    assert found.moves[0].parts is not None
    assert [(part.causes, part.change) for part in found.moves[0].parts] == [((Cause.DATA,), Decimal(20))]


def test_a_move_out_of_an_interval_without_width_is_the_largest_of_all() -> None:
    certain = forecast(1).model_copy(update={"p10": 1.0, "p90": 1.0})
    (move,) = compare(evidence(forecasts=[certain]), evidence(retargeted(), forecasts=[forecast(2)]), HERE).moves
    assert move.size == inf


def test_a_chance_that_one_run_has_not_is_not_taken_for_nought() -> None:
    old = evidence(forecasts=[forecast(chance=None)])
    new = evidence(inputs(more_facts()), forecasts=[forecast(chance=0.7)])
    (move,) = compare(old, new, HERE).moves
    assert (move.chance_change, move.chance_parts) == (None, None)


def test_moves_wait_for_a_split_until_it_is_computed() -> None:
    old = evidence(code=ELSEWHERE, forecasts=[forecast(100, 0.5)])
    new = evidence(inputs(more_facts()), forecasts=[forecast(110, 0.75)])

    waiting = compare(old, new, HERE)
    done = compare(old, new, HERE, lambda _state: places([forecast(101, 0.25)]))

    assert (waiting.split, waiting.computations, waiting.moves[0].parts) == (False, 1, None)
    (move,) = done.moves
    assert done.split
    assert move.parts is not None
    assert move.chance_parts is not None
    assert [(*part.causes, part.change) for part in move.parts] == [(Cause.DATA, 9), (Cause.CODE, 1)]
    assert [(*part.causes, part.change) for part in move.chance_parts] == [
        (Cause.DATA, Decimal("0.5")),
        (Cause.CODE, Decimal("-0.25")),
    ]


def next_quarter() -> list[Row]:
    """The facts with all of the fourth quarter, as the third was."""
    third = [row for row in rows() if row[2] == Q4.shift(-1) and row[3] is Scenario.ACTUAL]
    return [*rows(), *((measure, unit, Q4, scenario, value) for measure, unit, _, scenario, value in third)]


def test_a_forecast_of_a_quarter_that_is_over_is_held_beside_what_came() -> None:
    """The quarter and the year that ended with it; nothing of it is called a move."""
    landing = forecast(0.5, period=Q4, window=Window.YEAR)
    old = evidence(forecasts=[forecast(0.5, period=Q4), landing, forecast(0.5)])
    new = evidence(inputs(next_quarter()), forecasts=[forecast(0.6)])

    found = compare(old, new, HERE)

    assert [move.period for move in found.moves] == [Q1]
    assert [each.period for each in found.came] == [Q4, YEAR]
    assert all(each.actual > 0 for each in found.came)
    assert found.alone == ()


def test_what_only_one_run_forecasts_is_told_with_the_reason() -> None:
    given = inputs()
    less = given.template.model_copy(update={"entries": given.template.entries[1:]})
    smaller = given.organisation.model_copy(update={"units": given.organisation.units[:-1]})
    known = [row for row in next_quarter() if row[1] != "shanghai"]
    fewer = RunInputs.of(known, smaller, given.catalogue, less, given.calendar)
    old = evidence(
        forecasts=[
            forecast(period=Q4, org_unit="head_office", kpi="licence_rate"),
            forecast(),
            forecast(kpi="premium_attainment"),
            forecast(org_unit="shanghai"),
            forecast(kpi="in_time_rate"),
        ]
    )
    new = evidence(fewer, forecasts=[forecast(), forecast(period=Q1.shift(8)), forecast(kpi="licence_rate")])

    found = compare(old, new, HERE).alone

    assert {(each.newer, each.why, each.kpi) for each in found} == {
        (False, Why.KPI, "premium_attainment"),
        (False, Why.ORG_UNIT, "loss_ratio"),
        (False, Why.NO_VALUE, "in_time_rate"),
        (True, Why.BEYOND, "loss_ratio"),
        (True, Why.NO_VALUE, "licence_rate"),
    }


def test_a_quarter_that_is_over_without_its_facts_is_told_as_such() -> None:
    old = evidence(forecasts=[forecast(period=Q4), forecast()])
    new = evidence(retargeted(), forecasts=[forecast()])
    assert compare(old, new, HERE).alone == (
        Alone(newer=False, why=Why.OVER, kpi="loss_ratio", org_units=("beijing",), periods=(Q4,)),
    )


@pytest.mark.slow
def test_a_comparison_needs_no_torch() -> None:
    """The pages make them, and start without that library."""
    code = "import sys, forecast.compare.kept, forecast.compare.words; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_run_beside_itself_is_refused() -> None:
    with pytest.raises(Refused, match="nothing to compare"):
        compare(evidence(), evidence(), HERE)
