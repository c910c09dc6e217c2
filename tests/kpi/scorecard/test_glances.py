"""What is said of many org units at once is what their scorecards say."""

from decimal import localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.scorecard.compute import glances, judge, result_of, score
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Window
from tests.kpi.scorecard.insurers import QUARTER, facts, rich_panel, rich_template

UNITS = ("head", "north", "n1", "south")
QUARTERS = [QUARTER.shift(step) for step in (-4, -1, 0, 1, 4)]
JUDGED = ("kpi", "objective", "weight", "value", "target", "attainment", "score", "status")
CARD = rich_template()


@settings(max_examples=40)
@given(facts(), st.sampled_from(list(Window)), st.sampled_from(QUARTERS))
def test_many_org_units_at_a_glance_are_as_their_scorecards_say(rows: list[Row], window: Window, at: Period) -> None:
    panel = rich_panel(rows)
    seen = glances(panel, CARD, UNITS, at, window)
    assert list(seen) == list(UNITS)
    for unit in UNITS:
        card = score(panel, CARD, unit, at, window)
        assert (seen[unit].total, seen[unit].status) == (card.total, card.status)
        for found, row in zip(seen[unit].kpis, card.kpis, strict=True):
            assert [getattr(found, name) for name in JUDGED] == [getattr(row, name) for name in JUDGED]


@settings(max_examples=10)
@given(facts(), st.sampled_from(list(Window)))
def test_one_kpi_alone_is_as_in_the_scorecard(rows: list[Row], window: Window) -> None:
    panel = rich_panel(rows)
    for entry in CARD.entries:
        found = judge(panel, CARD, entry.kpi, UNITS, QUARTER, window)
        for unit in UNITS:
            row = next(row for row in score(panel, CARD, unit, QUARTER, window).kpis if row.kpi == entry.kpi)
            alone = result_of(panel, CARD, entry.kpi, unit, QUARTER, window)
            assert [getattr(found[unit], name) for name in JUDGED] == [getattr(row, name) for name in JUDGED]
            assert (alone.on_last_quarter, alone.on_last_year) == (row.on_last_quarter, row.on_last_year)


@settings(max_examples=10)
@given(facts())
def test_the_digits_of_whoever_asks_change_nothing(rows: list[Row]) -> None:
    panel = rich_panel(rows)
    usual = glances(panel, CARD, UNITS, QUARTER)
    with localcontext(prec=5):
        assert glances(panel, CARD, UNITS, QUARTER) == usual


def test_nobody_asked_for_is_nobody_seen_and_an_unknown_org_unit_is_a_mistake() -> None:
    panel = rich_panel([])
    assert glances(panel, CARD, (), QUARTER) == {}
    with pytest.raises(KeyError):
        glances(panel, CARD, ("nowhere",), QUARTER)
    assert judge(panel, CARD, "growth", (), QUARTER, Window.YTD) == {}
