"""Past forecasts beside what came, in words and cells; and when there is nothing to compare yet."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from forecast.track_record import Judged, PastRun, Summary
from kpi.periods import Period
from kpi.scorecard.results import Reason
from kpi.text import Language, Text
from kpi.units import Dimension, Unit
from report.tables import Cell, StatusCell, TextCell
from tests.kpi.scorecard.builders import kpi, version
from tests.ui.small import WHOLE, view
from ui import past
from ui.components.track_record import note, nothing_yet, row_of, run_cell

SALES = kpi("sales_kpi", version("sales"))
ONE = Unit(code="one", dimension=Dimension.COUNT, factor=Decimal(1), name=Text(zh="个", en="one"))
RUN = PastRun(
    run_id="a" * 64,
    snapshot_id=3,
    started_at=datetime(2026, 2, 1, tzinfo=UTC),
    first=Period.parse("2026Q1"),
    passport="",
)
JUDGED = Judged(
    run_id=RUN.run_id,
    snapshot_id=3,
    made_at=RUN.started_at,
    kpi="sales_kpi",
    org_unit="head",
    period=Period.parse("2026Q1"),
    p10=9.0,
    p50=10.5,
    p90=12.0,
    actual=Decimal(10),
    inside=True,
    error=0.05,
    reason=None,
    naive=Decimal(8),
    naive_error=-0.2,
    naive_reason=None,
    redefined=False,
)


def cells(language: Language = "en", **changes: Any) -> dict[str, Cell]:
    row = row_of(view(language, WHOLE), JUDGED.model_copy(update=changes), ONE)
    return dict(row.cells)


def test_a_row_says_which_forecast_what_came_and_how_far_apart_they_are() -> None:
    assert cells() == {
        "run": TextCell("snapshot #3", note="2026-02-01 00:00 UTC"),
        "period": TextCell("Q1 2026"),
        "forecast": TextCell("10.5", note="9 – 12"),
        "actual": TextCell("10"),
        "inside": StatusCell("green", "Inside"),
        "error": TextCell("+5.0%"),
        "last_year": TextCell("8", note="-20.0%"),
    }


@pytest.mark.parametrize(("language", "word", "year"), [("en", "Outside", "Year 2026"), ("zh", "区间外", "2026年全年")])
def test_outside_is_a_word_and_a_landing_is_of_the_year(language: Language, word: str, year: str) -> None:
    shown = cells(language, inside=False, period=Period.parse("2026"))

    assert (shown["inside"], shown["period"]) == (StatusCell("amber", word), TextCell(year))


def test_what_cannot_be_told_has_its_reason_and_a_new_definition_is_said() -> None:
    shown = cells(error=None, reason=Reason.ZERO_ACTUAL, naive=None, naive_error=None, naive_reason=Reason.BREAK)

    assert shown["error"] == TextCell("—", note="The actual value is zero")
    assert shown["last_year"] == TextCell("—", note="Definition changed, not comparable")
    assert cells(redefined=True)["period"] == TextCell("Q1 2026", note="definition changed since")


def test_the_note_says_by_which_snapshot_was_judged_and_how_much_is_shown() -> None:
    surroundings = view("en", WHOLE)

    assert "newest snapshot (#1), restated ones included" in note(surroundings, [JUDGED])
    assert "The newest 12 of 13 are shown." in note(surroundings, [JUDGED] * 13)


def test_before_the_first_comparison_it_says_when_that_will_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "past_runs", lambda: ())
    assert "no finished forecast yet" in nothing_yet(view("en", WHOLE), SALES)
    monkeypatch.setattr(past, "past_runs", lambda: (RUN,))
    assert nothing_yet(view("zh", WHOLE), SALES) == "2026年第3季度的数据批准之后，这里会出现第一次对照。"


def test_a_run_in_the_table_says_how_many_lay_inside_and_how_near_they_were() -> None:
    summary = Summary(judged=10, inside=8, compared=9, error=0.031, naive_error=0.074)
    surroundings = view("en", WHOLE)

    assert run_cell(surroundings, summary) == TextCell(
        "8 of 10 inside P10–P90 (80%)", note="median error 3.1%, last year's value 7.4%"
    )
    alone = summary.model_copy(update={"error": None, "naive_error": None})
    assert run_cell(surroundings, alone).note == ""
    for nothing in (None, summary.model_copy(update={"judged": 0})):
        assert run_cell(surroundings, nothing) == TextCell("nothing to compare yet")
