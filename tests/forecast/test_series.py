from decimal import Decimal

import numpy as np
import pytest

from forecast.series import build_panel, canonical_bytes
from kpi.errors import Refused
from kpi.facts import Scenario
from kpi.periods import Period
from tests.forecast.builders import catalogue, rows, template


def test_the_panel_digest_does_not_depend_on_the_order_of_the_rows() -> None:
    facts = rows()

    forward = build_panel(facts, catalogue(), template())
    backward = build_panel(facts[::-1], catalogue(), template())

    assert forward.digest == backward.digest
    assert list(forward.ids) == sorted(forward.ids)


def test_one_changed_value_changes_the_digest() -> None:
    facts = rows()
    measure, unit, period, scenario, value = facts[0]
    other = [(measure, unit, period, scenario, value + 1), *facts[1:]]

    assert build_panel(facts, catalogue(), template()).digest != build_panel(other, catalogue(), template()).digest


def test_a_missing_quarter_is_masked_and_is_not_a_zero() -> None:
    gap = Period.quarter(2024, 2)
    facts = [row for row in rows() if row[:3] != ("claims", "beijing", gap)]

    panel = build_panel(facts, catalogue(), template())

    row, column = panel.ids.index(("claims", "beijing")), panel.quarters.index(gap)
    assert not panel.present[row, column]
    zero = build_panel([*facts, ("claims", "beijing", gap, Scenario.ACTUAL, Decimal(0))], catalogue(), template())
    assert zero.digest != panel.digest


def test_a_restated_value_replaces_the_actual_one_in_either_order() -> None:
    restated = ("claims", "beijing", Period.quarter(2024, 2), Scenario.RESTATED, Decimal(77))

    for facts in ([restated, *rows()], [*rows(), restated]):
        panel = build_panel(facts, catalogue(), template())
        assert panel.values[panel.ids.index(("claims", "beijing")), 17] == 77.0


def test_plans_and_components_that_no_kpi_reads_stay_out() -> None:
    stranger = ("postage", "beijing", Period.quarter(2024, 2), Scenario.ACTUAL, Decimal(5))

    panel = build_panel([*rows(), stranger], catalogue(), template())

    assert {component for component, _ in panel.ids} == {
        "standard_premium",
        "claims",
        "cases",
        "cases_in_time",
        "agents",
        "agents_licensed",
    }
    assert panel.quarters[-1] == Period.quarter(2026, 3)


def test_canonical_bytes_make_negative_zero_zero_and_refuse_nan() -> None:
    assert canonical_bytes(np.array([-0.0])) == canonical_bytes(np.array([0.0])) == bytes(8)
    with pytest.raises(ValueError, match="NaN"):
        canonical_bytes(np.array([np.nan]))


def test_a_snapshot_without_actuals_is_refused() -> None:
    plans = [row for row in rows() if row[3] is Scenario.PLAN]

    with pytest.raises(Refused, match="no quarterly actuals"):
        build_panel(plans, catalogue(), template())
