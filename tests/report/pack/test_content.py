"""What a pack says: the numbers of the scorecard and of the run, and nothing else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpi.errors import Refused
from kpi.scorecard.compute import score
from kpi.scorecard.results import Status, Window
from kpi.text import LANGUAGES, Language
from kpi.units import Dimension
from report.pack.build import build
from report.pack.document import Cards, Chart, Document, Grid, Needs, Number, Page, Prose
from report.pack.pages import chosen_pages, page_codes
from tests.forecast.builders import rows, template
from tests.report.pack.builders import KPIS, QUARTER, document, doubled, forecast, source


def page(of: Document, code: str) -> Page:
    return next(page for page in of.pages if page.code == code)


def grid(of: Page) -> Grid:
    return next(block for block in of.blocks if isinstance(block, Grid))


def needs(of: Document) -> Needs:
    return next(block for block in page(of, "overview").blocks if isinstance(block, Needs))


def test_a_whole_pack_has_a_page_for_each_kpi_between_the_tables_and_the_evidence() -> None:
    codes = [page.code for page in document().pages]
    assert codes == ["cover", "overview", "scorecard", "landings", *KPIS, "evidence"]


def test_pages_come_in_the_order_of_the_pack_however_they_are_asked_for() -> None:
    assert chosen_pages(["evidence", "loss_ratio", "cover"], template()) == ("cover", "loss_ratio", "evidence")
    assert chosen_pages(["kpis", "loss_ratio"], template()) == KPIS
    assert chosen_pages([], template()) == page_codes(template())


def test_a_page_that_there_is_not_is_refused_by_name_in_both_languages() -> None:
    with pytest.raises(Refused) as refusal:
        chosen_pages(["cover", "moon"], template())
    for language in LANGUAGES:
        assert "moon" in refusal.value.in_(language)
        assert "landings" in refusal.value.in_(language)
        assert "loss_ratio" in refusal.value.in_(language)


def test_the_total_is_that_of_the_scorecard_to_the_last_digit() -> None:
    given = source()
    total = score(given.panel, given.inputs.template, "head_office", QUARTER, Window.YTD).total.amount
    cards = next(block for block in page(document(), "overview").blocks if isinstance(block, Cards))
    assert cards.cards[0].number is not None
    assert Decimal(cards.cards[0].number.digits) == total


def test_each_row_of_the_scorecard_holds_the_exact_value_beside_the_one_for_the_eye() -> None:
    given = source()
    card = score(given.panel, given.inputs.template, "head_office", QUARTER, Window.YTD)
    lines = [line for part in grid(page(document(), "scorecard")).parts for line in part.rows]
    for line, result in zip(lines, card.kpis, strict=True):
        assert Decimal(line.numbers["actual"].digits) == result.value.amount
        assert line.cells["actual"].text.endswith("%")


def test_a_landing_is_the_one_that_the_run_gave() -> None:
    line = grid(page(document(), "landings")).parts[0].rows[1]
    assert line.cells["kpi"].text == "loss_ratio"
    assert {name: line.numbers[name].digits for name in ("p10", "p50", "p90", "chance")} == {
        "p10": "0.95",
        "p50": "0.97",
        "p90": "0.99",
        "chance": "0.4",
    }
    assert line.cells["p50"].text == "97.0%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_run_the_pack_says_so_and_forecasts_nothing(language: Language) -> None:
    made = document(language, of=source(run=False))
    words = {"zh": "还没有预测", "en": "no forecast"}[language]
    assert words in page(made, "landings").model_dump_json()
    assert not any(isinstance(block, Grid) for block in page(made, "landings").blocks)
    charts = [block for each in made.pages for block in each.blocks if isinstance(block, Chart)]
    assert charts
    assert not any(point.role == "forecast" for chart in charts for point in chart.points)


def test_a_chart_leads_from_the_last_actual_into_the_forecast() -> None:
    chart = next(block for block in page(document(), "loss_ratio").blocks if isinstance(block, Chart))
    ahead = [point for point in chart.points if point.role == "forecast"]
    assert [point.quarter for point in ahead] == ["2026Q3", "2026Q4"]
    actual = next(point for point in chart.points if point.role == "actual" and point.quarter == "2026Q3")
    assert ahead[0].amount == actual.amount == ahead[0].low == ahead[0].high


def test_a_chart_shows_the_fan_of_a_run_that_kept_one_and_else_the_interval_of_its_points() -> None:
    ends = {"p2_5": 0.90, "p25": 0.96, "p75": 0.98, "p97_5": 1.05}
    wide = {"loss_ratio": (forecast("loss_ratio", Window.YTD, **ends),)}
    made = document(pages=["loss_ratio"], of=replace(source(), forecasts=wide))
    chart = next(block for block in made.pages[0].blocks if isinstance(block, Chart))
    assert [
        (shade.share, shade.quarter, shade.low, shade.high) for shade in chart.fan if shade.quarter == "2026Q4"
    ] == [
        ("95 %", "2026Q4", 0.90, 1.05),
        ("80 %", "2026Q4", 0.95, 0.99),
        ("50 %", "2026Q4", 0.96, 0.98),
    ]
    assert "50, 80, 95" in chart.names["forecast"]
    plain = next(block for block in page(document(), "loss_ratio").blocks if isinstance(block, Chart))
    assert plain.fan == ()
    assert "P10" in plain.names["forecast"]


def test_below_its_chart_a_kpi_says_how_near_its_forecasts_were_where_the_run_kept_that() -> None:
    said = [
        text for block in page(document(), "loss_ratio").blocks if isinstance(block, Prose) for text in block.paragraphs
    ]
    assert len(said) == 1
    assert "last 8 quarters" in said[0]
    assert "within 1.0 percentage points" in said[0]
    assert "within 3.0 percentage points" in said[0]
    assert not [block for block in page(document(), "in_time_rate").blocks if isinstance(block, Prose)]


def test_what_is_red_needs_somebody_and_is_named_with_its_plan() -> None:
    given = source(facts=doubled("claims"))
    card = score(given.panel, given.inputs.template, "head_office", QUARTER, Window.YTD)
    red = {given.inputs.catalogue.kpi[row.kpi].name.en for row in card.kpis if row.status is Status.RED}
    assert red
    found = {need.subject: need.reason for need in needs(document(of=given)).items if need.status is Status.RED}
    assert found.keys() == red
    assert all("plan" in reason and "%" in reason for reason in found.values())


def test_what_is_on_track_and_unlikely_to_meet_the_plan_of_the_year_needs_somebody() -> None:
    given = source()
    card = score(given.panel, given.inputs.template, "head_office", QUARTER, Window.YTD)
    green = next(row.kpi for row in card.kpis if row.status is Status.GREEN)

    def at_risk(chance: float) -> bool:
        rows = {**given.forecasts, green: (forecast(green, Window.YEAR, chance=chance),)}
        made = build(replace(given, forecasts=rows), ("overview",), "en", {})
        return any(need.subject == green and need.word == "At risk" for need in needs(made).items)

    assert at_risk(0.49)
    assert not at_risk(0.5)


def test_a_value_that_is_missing_is_named_and_is_no_zero() -> None:
    facts = tuple(row for row in rows() if row[0] != "claims" or row[2] < QUARTER.shift(-8))
    made = document(of=source(facts=facts))
    assert any(need.subject == "loss_ratio" and "No data" in need.reason for need in needs(made).items)
    line = grid(page(made, "scorecard")).parts[0].rows[1]
    assert line.cells["actual"].text == "—"
    assert "actual" not in line.numbers


def test_a_change_of_shares_is_in_points_and_not_a_share_of_a_share() -> None:
    line = grid(page(document(), "scorecard")).parts[0].rows[1]
    assert line.numbers["last_year"].form is Dimension.SHARE_CHANGE
    assert line.cells["last_year"].text.endswith("pp")


def test_a_number_keeps_the_digits_that_a_float_was_written_with() -> None:
    found = Number.of(0.1, "chance")
    assert found is not None
    assert found.digits == "0.1"
    assert Number.of(None, "chance") is None
