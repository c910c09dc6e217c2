import json
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from forecast.records import KpiForecast
from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Direction
from kpi.periods import Period
from kpi.scorecard.compute import glances
from kpi.scorecard.moves import Move, moves
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Value, Window
from kpi.settings import Settings
from kpi.text import Language, Text
from kpi.units import Dimension, Unit
from report import pictures
from report.format import NOTHING, Format
from report.heat_builder import NAME, HeatSource, Metric, Sorting, build
from report.heat_cells import chance_cell, move_cell, short_share
from report.heat_map import SCORE, SHADES, HeatMap, as_sheet, as_table, picture
from report.sheets import sheet_as_xlsx
from report.tables import TextCell
from report.words import TRANSLATIONS, Words, load_translations
from tests.kpi.scorecard.builders import fact, organisation
from tests.ui.small import GAPS, QUARTER, WHOLE, small_catalogue, small_panel, small_template

SHARE = Unit(code="share", dimension=Dimension.SHARE, factor=Decimal(1), name=Text(zh="比例", en="share"))
FMT, T = Format("en"), Words("en")
LANDING = KpiForecast(
    kpi="sales_kpi", org_unit="head", period=Period(2026), window=Window.YEAR, p10=1, p50=2, p90=3, chance=0.7
)


def heat(
    metric: Metric = Metric.ATTAINMENT,
    panel: Panel | None = None,
    sort: str = "",
    language: Language = "en",
    landing: KpiForecast | None = LANDING,
) -> HeatMap:
    """North and south below the head office."""
    given_panel = panel or small_panel(GAPS)

    units = ("head", "north", "south")
    moved = moves(given_panel, ["sales_kpi"], units, QUARTER.shift(-1), QUARTER, Window.YTD)
    source = HeatSource(
        organisation=organisation(),
        catalogue=small_catalogue(),
        template=small_template(),
        metric=metric,
        glances=glances(given_panel, small_template(), units, QUARTER, Window.YTD),
        moves={move.org_unit: {move.kpi: move} for move in moved} if metric is Metric.TREND else {},
        landing=lambda kpi, code: landing if code == "head" else None,
        has_run=True,
    )
    return build(source, "head", ["north", "south"], "north", Sorting(sort), Words(language), Format(language))


@given(st.decimals("0.2", "3", places=9))
def test_percent_in_a_cell_stays_on_its_side_of_the_target(share: Decimal) -> None:
    text = short_share(share, FMT)
    assert len(text) <= len("99.97%")
    assert (not text.startswith("<") and Decimal(text.rstrip("%")) >= 100) == (share >= 1)


@pytest.mark.parametrize(
    ("share", "text"),
    [("0.9949", "99%"), ("0.997", "99.7%"), ("0.9996", "99.96%"), ("0.99996", "<100%"), ("1.004", "100%")],
)
def test_percent_in_a_cell_has_no_more_digits_than_that_takes(share: str, text: str) -> None:
    assert short_share(Decimal(share), FMT) == text


def test_rows_say_where_they_stand_in_the_tree_and_which_one_was_asked_for() -> None:
    found = heat()
    assert [(row.key, row.below, row.chosen) for row in found.all_rows] == [
        ("head", 2, False),
        ("north", 2, True),
        ("south", 0, False),
    ]


def test_an_attainment_on_a_part_of_the_cells_says_so() -> None:
    cell = heat().top.cells["sales_kpi"]
    assert (cell.text, cell.tone, cell.partial) == ("100%", "1", True)
    assert cell.note == "On track; 4 of 6 cells reported"
    assert [swatch.text for swatch in heat().legend][-1] == "Not all cells reported"


def test_every_metric_fills_every_cell_with_words() -> None:
    for metric in Metric:
        for row in heat(metric).all_rows:
            for cell in row.cells.values():
                assert cell.note or cell.full != NOTHING
                assert cell.text or metric is Metric.STATUS  # drawn as its shape


def test_what_is_missing_says_why_and_has_no_colour() -> None:
    nothing = heat(Metric.CHANCE).rows[0].cells["sales_kpi"]
    assert (nothing.text, nothing.tone, nothing.share) == (NOTHING, "", None)
    assert nothing.note == T("scorecard.not_forecast")
    unplanned = LANDING.model_copy(update={"chance": None, "reason": Reason.ZERO_PLAN})
    assert chance_cell(unplanned, T, FMT, has_run=True).note == T("reason.zero_plan")


def test_the_legend_names_each_shade_and_nothing_that_is_not_there() -> None:
    whole = heat(panel=small_panel(WHOLE))
    assert [swatch.tone for swatch in whole.legend] == list(SHADES)
    assert [swatch.text for swatch in whole.legend][2:4] == ["90%–100%", "100%–110%"]
    assert [swatch.mark for swatch in heat(Metric.TREND, small_panel(WHOLE)).legend] == ["worse"] * 3 + ["better"] * 3


def changed(by: str, direction: Direction = Direction.LOWER_BETTER) -> Move:
    before, now = Value(Decimal("0.5")), Value(Decimal("0.5") + Decimal(by))
    return Move("rate", "south", direction, before, now, Value(Decimal(by)), Value(), Value())


@pytest.mark.parametrize(
    ("by", "text", "full", "mark"),
    [
        ("-0.0123", "-1.2", "-1.2 pp", "better"),
        ("0.0002", "+0.02", "+0.02 pp", "worse"),
        ("-0.00002", "≈0", "-0.002 pp", "better"),
        ("0", "0", "0.0 pp", ""),
    ],
)
def test_a_change_of_a_share_is_written_in_points_and_marked_by_what_it_means(
    by: str, text: str, full: str, mark: str
) -> None:
    cell = move_cell(changed(by), SHARE, False, T, FMT)
    assert (cell.text, cell.full, cell.mark) == (text, full, mark)


@pytest.mark.parametrize(("by", "text"), [("0.123", "+12%"), ("0.0123", "+1.2%"), ("-0.1", "-10%")])
def test_a_change_of_an_amount_is_written_in_percent(by: str, text: str) -> None:
    assert move_cell(changed(by), SHARE, True, T, FMT).text == text


def test_the_columns_say_how_they_are_sorted_and_a_click_turns_that_round() -> None:
    found = heat(sort=f"-{SCORE}")
    assert {column.key: column.sorted for column in found.columns} == {SCORE: "descending", "sales_kpi": ""}
    assert found.names.sorted == ""
    ways = [""]
    for _ in range(3):
        ways.append(Sorting(ways[-1]).clicked("sales_kpi"))
    assert ways == ["", "-sales_kpi", "sales_kpi", ""]
    assert Sorting("-score").clicked(NAME) == NAME
    assert Sorting(NAME).clicked(NAME) == f"-{NAME}"


def test_the_table_and_the_workbook_hold_the_same_in_full() -> None:
    found = heat()
    table = as_table(found)
    titles = ["Org unit", "Total score", "sales_kpi"]
    assert [column.title for column in table.columns] == titles
    first = table.groups[0].rows[0].cells
    assert first["sales_kpi"] == TextCell("100.0%", title="On track; 4 of 6 cells reported")
    page: Any = load_workbook(BytesIO(sheet_as_xlsx(as_sheet(found, {"Snapshot": "6"})))).active
    assert [cell.value for cell in page[4]] == titles
    assert (page["C5"].value, page["C5"].number_format) == (1, "0.0%")
    assert page["B2"].value == "6"


def layers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(spec["spec"]["layer"])


@pytest.mark.parametrize(("metric", "coloured"), [(Metric.ATTAINMENT, ["shade"]), (Metric.STATUS, ["role"])])
def test_the_picture_has_a_layer_of_colours_only_where_there_are_any(metric: Metric, coloured: list[str]) -> None:
    spec = picture(heat(metric))
    assert [layer["encoding"]["color"]["field"] for layer in layers(spec) if "color" in layer["encoding"]] == coloured
    assert json.loads(json.dumps(spec)) == spec
    empty = picture(heat(metric, small_panel([fact("sales", "n1", "2026Q2", 1)])))
    assert len(layers(empty)) == 1


def test_two_org_units_of_one_name_keep_rows_of_their_own_in_the_picture() -> None:
    values = picture(heat())["data"]["values"]
    assert len({value["row"] for value in values}) == 3


def test_the_picture_is_drawn_with_the_words_of_its_cells() -> None:
    drawn = pictures.svg(picture(heat(Metric.STATUS, language="zh")), "热力图")
    assert "达标" in drawn
    assert "热力图" in drawn


def test_short_names_belong_to_kpis_and_are_short_and_different() -> None:
    catalogue = load_catalogue(Settings().catalogue_dir)
    short = {
        key.removeprefix("short."): text
        for key, text in load_translations(TRANSLATIONS).items()
        if key.startswith("short.")
    }
    assert short.keys() <= catalogue.kpi.keys()
    for language in ("zh", "en"):
        names = [text.in_(language) for text in short.values()]
        assert len(set(names)) == len(names)
    assert all(len(text.zh) <= 8 and len(text.en) <= 20 for text in short.values())
