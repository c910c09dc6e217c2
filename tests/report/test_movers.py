import json
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from kpi.periods import Period
from kpi.scorecard.moves import Move, Ranking, moves, ranked
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Status, Window
from report import pictures
from report.format import NOTHING, Format
from report.movers import MoveWords, dumbbells, movers, movers_chart, ranking_sheet, side_by_side
from report.sheets import sheet_as_csv, sheet_as_xlsx
from report.tables import BarCell, StatusCell, TextCell
from report.words import Words
from tests.kpi.scorecard.builders import organisation, quarters
from tests.ui.small import small_catalogue, small_panel, small_template

Q1, Q2 = Period.quarter(2026, 1), Period.quarter(2026, 2)
PLANS: list[Row] = [
    fact for unit in ("n1", "n2", "south") for fact in quarters("sales", unit, 2026, ["10", "10"], "plan")
]
FACTS: list[Row] = [
    *PLANS,
    *quarters("sales", "n1", 2026, ["10", "12"]),
    *quarters("sales", "n2", 2026, ["10", "7"]),
    *quarters("sales", "south", 2026, ["10"]),
]
WORDS = MoveWords(Q1, Q2, small_catalogue(), organisation(), Words("en"), Format("en"))


def told(units: tuple[str, ...] = ("n1", "n2", "south")) -> list[Move]:
    return list(moves(small_panel(FACTS), ["sales_kpi"], units, Q1, Q2, Window.QUARTER))


def ranking() -> Ranking:
    return ranked(told())


def test_quarters_stand_side_by_side_with_change_improvement_and_status() -> None:
    table = side_by_side(
        {"sales_kpi": told()[0]}, {"sales_kpi": (Status.GREEN, Status.AMBER)}, small_template(), WORDS, str
    )
    cells = table.groups[0].rows[0].cells

    assert [column.title for column in table.columns][1:3] == ["Q1 2026", "Q2 2026"]
    assert cells["before"] == TextCell("10", note="100.0%")
    assert cells["now"] == TextCell("12", note="120.0%")
    assert (cells["change"], cells["improvement"]) == (TextCell("+20.0%"), TextCell("+20.0 pp"))
    assert (cells["status_before"], cells["status_now"]) == (
        StatusCell("green", "On track"),
        StatusCell("amber", "Watch"),
    )


def test_what_is_missing_in_one_quarter_is_a_dash_with_its_reason() -> None:
    south = told()[2]
    for cell in (WORDS.change(south), WORDS.improvement(south), WORDS.value("sales_kpi", south.now, south.reached)):
        assert cell == TextCell(NOTHING, title="No data")


def test_the_ranking_shows_who_moved_and_by_how_much() -> None:
    found = ranking()
    best, worst = movers(found.best, "best", WORDS, lambda move: move.kpi), movers(found.worst, "worst", WORDS, str)

    assert [row.key for row in (*best.groups[0].rows, *worst.groups[0].rows)] == ["sales_kpi n1", "sales_kpi n2"]
    row = best.groups[0].rows[0]
    assert row.cells["who"] == TextCell("sales_kpi", note="n1")
    assert row.cells["reached"] == TextCell("100.0% → 120.0%")
    assert row.cells["improvement"] == BarCell("+20.0 pp", 1.0, "green", mark=0)
    assert worst.groups[0].rows[0].cells["improvement"] == BarCell("-30.0 pp", 1.0, "red", mark=0)


def test_the_files_hold_the_whole_ranking_from_best_to_worst() -> None:
    sheet = ranking_sheet(ranking(), "movers", {}, {"Snapshot": "6"}, WORDS)

    assert sheet_as_csv(sheet).decode("utf-8-sig").splitlines() == [
        "Org unit,KPI,Attainment Q1 2026,Attainment Q2 2026,Change of attainment,Snapshot",
        "n1,sales_kpi,1,1.2,0.2,6",
        "n2,sales_kpi,1,0.7,-0.3,6",
    ]
    page: Any = load_workbook(BytesIO(sheet_as_xlsx(sheet))).active
    assert [cell.value for cell in page[5]] == ["n2", "sales_kpi", 1, 0.7, -0.3]


def test_the_chart_draws_those_that_have_an_attainment_in_both_quarters() -> None:
    spec = dumbbells(told(), {"sales_kpi": Status.RED}, WORDS)

    assert spec is not None
    assert json.loads(json.dumps(spec)) == spec
    drawn = spec["data"]["values"]
    assert [(row["before"], row["after"], row["edge"], row["label"]) for row in drawn] == [
        (1.0, 1.2, 1.2, "120.0%"),
        (1.0, 0.7, 1.0, "70.0%"),
    ]
    assert dumbbells(told(("south",)), {"sales_kpi": Status.RED}, WORDS) is None


def test_an_attainment_far_out_stands_at_the_edge_with_its_number() -> None:
    far = [*PLANS, *quarters("sales", "n1", 2026, ["10", "900"])]
    found = list(moves(small_panel(far), ["sales_kpi"], ["n1"], Q1, Q2, Window.QUARTER))
    spec = dumbbells(found, {"sales_kpi": Status.GREEN}, WORDS)

    assert found[0].reached.amount == Decimal(90)
    assert spec is not None
    assert (spec["data"]["values"][0]["after"], spec["data"]["values"][0]["label"]) == (2.0, "9,000.0%")


def bars(found: Ranking) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = movers_chart(found.best, found.worst, WORDS)["layer"]
    return [bar for layer in layers if "cornerRadius" in layer["mark"] for bar in layer["data"]["values"]]


def test_the_picture_runs_from_the_best_down_to_the_worst_and_says_it_in_words() -> None:
    drawn = bars(ranking())
    assert [(bar["name"], bar["text"], bar["role"], bar["word"]) for bar in drawn] == [
        ("n1 · sales_kpi", "100.0% → 120.0% (+20.0 pp)", "green", "better"),
        ("n2 · sales_kpi", "100.0% → 70.0% (-30.0 pp)", "red", "worse"),
    ]
    twice = Ranking((), ranking().worst * 2, 0, {})
    assert [bar["amount"] for bar in bars(twice)] == [-0.3, -0.3]


def test_the_picture_can_be_drawn_in_both_modes() -> None:
    modes: tuple[pictures.Mode, ...] = ("light", "dark")
    for mode in modes:
        assert "n1 · sales_kpi" in pictures.svg(movers_chart(ranking().best, (), WORDS), "Movers", mode)
