"""Data that is there only in part is said to be so, on the scorecard and on a KPI's page."""

import pytest
from streamlit.testing.v1 import AppTest

from kpi.scorecard.compute import score
from kpi.scorecard.phasing import Row as Fact
from kpi.scorecard.results import Window
from kpi.scorecard.values import kpi_by_unit, kpi_series
from kpi.text import Language
from report.format import NOTHING, Format
from report.scorecard_lines import lines_of
from report.tables import BarCell, Row, TextCell
from report.words import Words
from tests.ui.small import GAPS, QUARTER, WHOLE, result, small_catalogue, small_panel, small_template, view
from ui import data
from ui.components.kpi_charts import units_without
from ui.components.kpi_rows import kpi_table
from ui.components.status import attainment_cell, coverage_note, value_cell

ZH, EN = Words("zh"), Words("en")
NORTH_ALONE = [fact for fact in WHOLE if fact[1] != "south"]
FIGURES = ("actual", "plan", "attainment")


def kpi_row(monkeypatch: pytest.MonkeyPatch, language: Language, facts: list[Fact]) -> Row:
    """The KPI's row in the scorecard's table."""
    known = small_panel(facts)
    monkeypatch.setattr(data, "catalogue", small_catalogue)
    monkeypatch.setattr(data, "template", small_template)
    monkeypatch.setattr(data, "series", lambda _snapshot, *about: tuple(kpi_series(known, *about)))
    card = score(known, small_template(), "head", QUARTER)
    lines = lines_of(card, small_template(), small_catalogue(), {})
    table = kpi_table(view(language, facts), card, lines, Window.YTD)
    return next(row for group in table.groups for row in group.rows if row.key == "sales_kpi")


def test_value_and_attainment_each_say_what_they_rest_on() -> None:
    found = result(GAPS)
    notes = [coverage_note(value, EN) for value in (found.value, found.target, found.attainment)]
    assert notes == ["5 of 6 cells reported", "4 of 6 cells reported", "4 of 6 cells reported"]
    assert coverage_note(found.attainment, ZH) == "6 项数据中有 4 项"


def test_complete_data_says_nothing() -> None:
    found = result(WHOLE)
    assert {coverage_note(value, EN) for value in (found.value, found.target, found.attainment)} == {""}


def test_a_missing_value_says_why_instead_of_how_much() -> None:
    found = result(GAPS, "n1")
    assert (found.value.present, found.value.expected) == (1, 2)
    assert coverage_note(found.value, EN) == ""
    unit = small_catalogue().unit_of("sales_kpi")
    assert value_cell(found.value, unit, EN, Format("en")) == TextCell(NOTHING, title="No data")
    assert attainment_cell(found, ZH, Format("zh")) == TextCell(NOTHING, title="没有数据")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("5 of 6 cells reported", "4 of 6 cells reported", "4 of 6 cells reported")),
        ("zh", ("6 项数据中有 5 项", "6 项数据中有 4 项", "6 项数据中有 4 项")),
    ],
)
def test_the_scorecards_table_says_it_beside_each_figure(
    monkeypatch: pytest.MonkeyPatch, language: Language, words: tuple[str, str, str]
) -> None:
    """50 against a plan of 40 with an attainment of 100 % would make no sense without these words."""
    cells = kpi_row(monkeypatch, language, GAPS).cells
    figures = [cell for name in FIGURES if isinstance(cell := cells[name], TextCell | BarCell)]
    assert [cell.text for cell in figures] == ["50", "40", "100.0%"]
    assert tuple(cell.note for cell in figures) == words


def test_the_scorecards_table_is_quiet_when_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = kpi_row(monkeypatch, "en", WHOLE).cells
    assert [cell.note for name in FIGURES if isinstance(cell := cells[name], TextCell | BarCell)] == ["", "", ""]


def page(language: str, facts: str) -> None:
    """A script with nothing but the figures of a KPI's page."""
    from tests.ui import small  # noqa: PLC0415
    from ui.components.kpi_parts import figures  # noqa: PLC0415

    known = small.small_catalogue()
    rows = getattr(small, facts)
    figures(small.view(language, rows), known.kpi["sales_kpi"], small.result(rows), known.unit_of("sales_kpi"))  # type: ignore[arg-type]


def figures_page(language: str, facts: str) -> tuple[dict[str, str], list[str]]:
    """Labels with their figures, and the lines below the figures."""
    app = AppTest.from_function(page, args=(language, facts)).run()
    assert not app.exception
    return {metric.label: metric.value for metric in app.metric}, [caption.value for caption in app.caption]


def test_a_kpis_page_says_it_below_each_figure() -> None:
    shown, below = figures_page("en", "GAPS")
    assert (shown["Actual"], shown["Plan"], shown["Attainment"]) == ("50", "40", "100.0%")
    assert [line.split("  \n")[-1] for line in below[:3]] == [
        "5 of 6 cells reported",
        "4 of 6 cells reported",
        "4 of 6 cells reported",
    ]
    assert "On track" in below[0]
    assert "On track" in below[2]


def test_a_kpis_page_says_it_in_chinese_too() -> None:
    _, below = figures_page("zh", "GAPS")
    assert below[1] == "6 项数据中有 4 项"


def test_a_kpis_page_is_quiet_when_all_is_there() -> None:
    shown, below = figures_page("en", "WHOLE")
    assert shown["Actual"] == "60"
    assert not any("reported" in line for line in below)


@pytest.mark.parametrize(("facts", "silent"), [(GAPS[3:], ("north",)), (GAPS, ()), (WHOLE, ()), (NORTH_ALONE, ())])
def test_org_units_without_a_value_are_named_below_the_comparison(
    monkeypatch: pytest.MonkeyPatch, facts: list[Fact], silent: tuple[str, ...]
) -> None:
    """The chart has no bar for them, and nothing said that they were missing. Who never reports is not missed."""
    found = kpi_by_unit(small_panel(facts), "sales_kpi", QUARTER, Window.YTD)
    monkeypatch.setattr(data, "by_unit", lambda *_: found)
    assert units_without(view("en", facts), "sales_kpi", Window.YTD) == silent
