from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from forecast.series import SeriesPanel, build_panel
from kpi.catalogue.models import Break, Catalogue
from kpi.facts import Scenario
from kpi.periods import FiscalCalendar, Period
from tests.forecast.builders import catalogue, component, rows, template, words

BREAK = Period.quarter(2023, 2)
BEFORE = 13  # quarters of the panel before the break


def broken(how: str, *more: tuple[date, str]) -> Catalogue:
    breaks = tuple(
        Break(effective_from=day, how=kind, reason=words("another count"))
        for day, kind in ((date(2023, 5, 1), how), *more)
    )
    components = tuple(
        each.model_copy(update={"breaks": breaks}) if each.code == "claims" else each for each in catalogue().components
    )
    return catalogue().model_copy(update={"components": components})


def claims(panel: SeriesPanel) -> tuple[list[float], list[bool]]:
    row = panel.ids.index(("claims", "beijing"))
    return panel.values[row].tolist(), panel.present[row].tolist()


def restated(quarter: Period, factor: str) -> tuple[str, str, Period, Scenario, Decimal]:
    (value,) = [row[4] for row in rows() if row[:4] == ("claims", "beijing", quarter, Scenario.ACTUAL)]
    return ("claims", "beijing", quarter, Scenario.RESTATED, value * Decimal(factor))


def test_values_before_a_cut_are_not_learned_from_and_still_reported() -> None:
    whole = build_panel(rows(), catalogue(), template())
    cut = build_panel(rows(), broken("cut"), template())

    values, present = claims(cut)
    assert present == [False] * BEFORE + [True] * (27 - BEFORE)
    assert values[BEFORE:] == claims(whole)[0][BEFORE:]
    reported, there = cut.as_reported
    assert (reported == whole.values).all()
    assert (there == whole.present).all()
    (mend, _) = cut.mends
    assert (mend.org_unit, mend.first, mend.how, mend.quarters) == ("beijing", BREAK, "cut", BEFORE)
    assert mend.reason == words("another count")


def test_a_bridge_multiplies_what_lies_before_by_restated_over_reported() -> None:
    overlap = [restated(BREAK.shift(-1), "1.25"), restated(BREAK.shift(-2), "1.25")]

    whole, bridged = (build_panel([*rows(), *overlap], each, template()) for each in (catalogue(), broken("bridge")))

    before, after = claims(whole)[0], claims(bridged)[0]
    assert after[: BEFORE - 2] == pytest.approx([1.25 * value for value in before[: BEFORE - 2]])
    assert after[BEFORE - 2 :] == before[BEFORE - 2 :]
    mend = bridged.mends[0]
    assert (mend.how, mend.quarters, mend.ratio) == ("bridged", BEFORE - 2, Decimal("1.25"))
    assert mend.as_dict()["ratio"] == "1.25"


def test_a_bridge_without_an_overlap_is_a_cut() -> None:
    panel = build_panel(rows(), broken("bridge"), template())

    assert {mend.how for mend in panel.mends} == {"cut"}
    assert claims(panel)[1] == [False] * BEFORE + [True] * (27 - BEFORE)


def test_a_restated_value_before_a_cut_is_comparable_and_stays() -> None:
    panel = build_panel([*rows(), restated(BREAK.shift(-1), "2")], broken("cut"), template())

    assert claims(panel)[1] == [False] * (BEFORE - 1) + [True] * (28 - BEFORE)


def test_a_break_begins_with_the_fiscal_quarter_of_its_day() -> None:
    april = FiscalCalendar(first_month=4)

    panel = build_panel(rows(), broken("cut"), template(), april)

    assert panel.mends[0].first == april.period_of(date(2023, 5, 1)) == Period.quarter(2023, 1)


def test_a_component_without_breaks_is_left_alone() -> None:
    panel = build_panel(rows(), catalogue(), template())

    assert panel.mends == ()
    assert panel.as_reported == (panel.values, panel.present)


def test_breaks_out_of_order_are_refused() -> None:
    late, early = ({"effective_from": day, "how": "cut", "reason": words("x")} for day in ("2024-01-01", "2023-01-01"))

    with pytest.raises(ValidationError, match="breaks must be in order"):
        component("claims", breaks=(late, early))
