import numpy as np
import pytest

from forecast.backtest import as_shown
from forecast.calculate import Outcome, calculate
from forecast.choice import choose
from forecast.kpi_record import kpi_record, next_quarters
from forecast.nearness import KpiPast
from forecast.record_files import kpi_record_csv
from forecast.series import build_panel
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.values import kpi_value
from tests.forecast.builders import LAST, TINY, UNITS, catalogue, inputs, organisation, rows, template
from tests.forecast.unfitted import panel_of, unfitted, walks

Told = dict[tuple[str, str, Period], KpiPast]
KEY = ("loss_ratio", "beijing", LAST)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return calculate(inputs(), TINY, "cpu", lambda _share, _message: None)


@pytest.fixture(scope="module")
def told(outcome: Outcome) -> Told:
    return {(row.kpi, row.org_unit, row.quarter): row for row in outcome.past}


def test_the_newest_quarters_are_told_for_every_kpi_and_org_unit(told: Told) -> None:
    newest = {LAST.shift(-step) for step in range(TINY.validation_origins)}
    for unit in ("head_office", *UNITS):
        for kpi in ("premium_attainment", "loss_ratio", "in_time_rate", "licence_rate"):
            assert {key[2] for key in told if key[:2] == (kpi, unit)} == newest


def test_what_came_and_last_year_are_the_values_of_the_scorecard(told: Told) -> None:
    facts = Panel.build(rows(), organisation(), catalogue(), template())
    for (kpi, unit, quarter), row in told.items():
        then, before = (kpi_value(facts, kpi, unit, each).amount for each in (quarter, quarter.shift(-4)))
        assert row.actual == pytest.approx(float(then or 0), rel=1e-12)
        assert row.last_year == pytest.approx(float(before or 0), rel=1e-12)


def test_a_ratio_is_said_by_both_its_sides_and_the_head_office_as_sum_over_sum(outcome: Outcome, told: Told) -> None:
    panel, past = outcome.panel, outcome.fitted.validation
    shown = as_shown(outcome.fitted, outcome.choices, TINY)
    said, there = next_quarters(panel, past, shown[0], np.zeros(len(panel.ids), np.bool_))
    assert there.all()
    rows_said = kpi_record(inputs(), panel, (said, there))
    newest = dict(zip(panel.ids, said[-1].tolist(), strict=True))
    alone = {(row.org_unit): row.said for row in rows_said if (row.kpi, row.quarter) == ("loss_ratio", LAST)}

    sides = [[newest[code, unit] for unit in UNITS] for code in ("claims", "standard_premium")]
    assert alone["beijing"] == pytest.approx(sides[0][0] / sides[1][0], rel=1e-9)
    assert alone["head_office"] == pytest.approx(sum(sides[0]) / sum(sides[1]), rel=1e-9)


def test_what_was_said_of_a_quarter_does_not_depend_on_what_came(told: Told) -> None:
    """Only the newest quarter is another, and it trained, chose and calibrated nothing that was said of it."""
    other = [
        (*row[:4], row[4] * 3) if (row[0], row[2], row[3].value) == ("claims", LAST, "actual") else row
        for row in rows()
    ]
    again = calculate(inputs(other), TINY, "cpu", lambda _share, _message: None).past
    changed = next(row for row in again if (row.kpi, row.org_unit, row.quarter) == KEY)

    assert changed.actual == pytest.approx(3 * told[KEY].actual)
    assert changed.last_year == told[KEY].last_year
    assert changed.said == pytest.approx(told[KEY].said, rel=1e-9)


def test_a_branch_that_did_not_report_leaves_both_sides_alike() -> None:
    gap = [row for row in rows() if (row[0], row[1], row[2]) != ("claims", "shanghai", LAST)]
    past = calculate(inputs(gap), TINY, "cpu", lambda _share, _message: None).past
    found = {(row.kpi, row.org_unit, row.quarter): row for row in past}

    assert ("loss_ratio", "shanghai", LAST) not in found
    whole, branch = found["loss_ratio", "head_office", LAST], found[KEY]
    assert (whole.said, whole.actual) == (branch.said, branch.actual)


def test_a_history_too_short_to_keep_origins_out_has_no_record() -> None:
    panel = panel_of(walks(3, 8))
    fitted = unfitted(panel, TINY)
    choices = choose(panel, fitted, TINY)
    said, there = next_quarters(panel, fitted.newest, as_shown(fitted, choices, TINY)[0], np.zeros(3, np.bool_))
    short = build_panel(rows(), catalogue(), template())

    assert len(said) == 0
    assert kpi_record(inputs(), short, (said, there)) == ()


def test_the_table_leaves_empty_what_last_year_does_not_tell() -> None:
    row = KpiPast("loss_ratio", "beijing", LAST, 0.5, 0.625, None)

    assert kpi_record_csv([row]).splitlines() == [
        "kpi,org_unit,quarter,said,actual,last_year",
        "loss_ratio,beijing,2026Q3,0.5,0.625,",
    ]
