from collections.abc import Mapping
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from forecast.records import ScoreForecast
from kpi.periods import Period
from kpi.scorecard.results import PartResult, Reason, Scorecard, Status, Value, Window
from kpi.strategy.perspectives import map_rows
from kpi.text import LANGUAGES, Language
from report.format import Format
from report.map_picture import map_svg, wrapped
from report.pictures import Mode, svg_as_png
from report.strategy_map import SHAPES, StrategyMap, map_table, strategy_map
from report.tables import as_csv
from report.words import Words
from report.year_ends import YearEnd, year_ends
from tests.kpi.strategy.builders import catalogue, linked, strategy, template

QUARTER = Period.parse("2026Q3")


def part(code: str, status: Status, score: str | None) -> PartResult:
    amount = Value(Decimal(score)) if score else Value(reason=Reason.NO_DATA)
    return PartResult(code, Decimal(1), amount, Decimal(1), status)


def card(scores: Mapping[str, tuple[Status, str]]) -> Scorecard:
    """A scorecard of the balanced template's objectives; those without a score have no data."""
    objectives = tuple(part(o.code, *scores.get(o.code, (Status.NONE, None))) for o in template().objectives)
    total = Value(reason=Reason.NO_DATA)
    return Scorecard("balanced", "head", QUARTER, Window.YTD, (), objectives, (), (), total, Decimal(1), Status.NONE)


def expected(code: str, p50: float, year: int = 2026, window: Window = Window.YEAR) -> ScoreForecast:
    return ScoreForecast(
        kind="objective",
        code=code,
        org_unit="head",
        period=Period.quarter(year, 4),
        window=window,
        p10=p50 - 5,
        p50=p50,
        p90=p50 + 5,
        green=0.4,
        amber=0.4,
        red=0.2,
        coverage=1.0,
    )


NOW = card({"fast_claims": (Status.RED, "61.25"), "loyal_customers": (Status.GREEN, "103")})
ENDS = {"fast_claims": YearEnd(Status.AMBER, Decimal("88"))}


def drawn(language: Language = "en", said: object = None) -> StrategyMap:
    used = strategy() if said is None else linked(*said)  # type: ignore[misc]
    rows = map_rows(template(), catalogue(), [(link.cause, link.effect) for link in used.links])
    return strategy_map(template(), rows, used, NOW, ENDS, Words(language), Format(language))


def test_a_year_that_is_over_ends_as_it_came() -> None:
    assert year_ends(template(), 2026, [expected("fast_claims", 50)], NOW)["fast_claims"] == YearEnd(
        Status.RED, Decimal("61.25")
    )


def test_an_open_year_ends_as_the_median_of_its_landing_says() -> None:
    rows = [
        expected("fast_claims", 60, year=2027),
        expected("fast_claims", 70, window=Window.YTD),
        expected("fast_claims", 99.5),
        expected("loyal_customers", 100.0),
    ]
    ends = year_ends(template(), 2026, rows, None)
    assert (ends["fast_claims"].status, ends["fast_claims"].score) == (Status.AMBER, Decimal("99.5"))
    assert ends["fast_claims"].forecast == rows[2]
    assert ends["loyal_customers"].status is Status.GREEN  # the limit belongs to green
    assert ends["market_position"] == YearEnd()


def test_every_objective_is_on_the_map_with_both_marks_and_its_links_by_name() -> None:
    levels = drawn().levels
    assert [level.code for level in levels] == ["financial", "customer", "internal", "learning"]
    nodes = {node.code: node for level in levels for node in level.nodes}
    assert nodes.keys() == template().objective.keys()
    claims = nodes["fast_claims"]
    assert (claims.now.code, claims.now.word, claims.now.score) == ("red", "Off track", "61.3")
    assert (claims.ahead.code, claims.ahead.word, claims.ahead.score) == ("amber", "Watch", "88.0")
    assert claims.leads == ("Customers who stay",)
    assert claims.driven == ("Committed people",)
    assert (nodes["market_position"].now.code, nodes["market_position"].now.score) == ("none", "—")


def test_a_link_that_skips_a_row_goes_through_its_nearest_gap() -> None:
    sides = [("capable_people", "profitable_growth"), ("fast_claims", "loyal_customers"), ("moon", "fast_claims")]
    far, near = drawn(said=sides).arrows
    assert len(far.via) == 2
    assert all(0 <= gap <= len(drawn(said=sides).levels[level].nodes) for level, gap in enumerate(far.via, 1))
    assert near.via == ()


def test_the_table_has_the_same_in_rows() -> None:
    lines = as_csv(map_table(drawn(), Words("en"))).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(template().objectives)
    assert "Internal process,Fast claims,Off track,61.3,Watch,88.0,Customers who stay" in lines


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_holds_every_name_status_and_arrow(language: Language, mode: Mode) -> None:
    picture = map_svg(drawn(language), Words(language), "Head office & <branches>", mode)
    tree = ElementTree.fromstring(picture)
    said = ["".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert said[0] == "Head office & <branches>"
    together = "".join(said).replace(" ", "")
    for objective in template().objectives:
        assert objective.name.in_(language).replace(" ", "") in together
    assert together.count(Words(language)("status.none").replace(" ", "")) == 7 + 8
    tips = [path for path in tree.iter("{http://www.w3.org/2000/svg}path") if path.attrib["d"].endswith("h8z")]
    assert len(tips) == len(strategy().links)


def test_links_inside_a_row_and_over_two_rows_can_be_drawn() -> None:
    sides = [("fast_claims", "sound_underwriting"), ("capable_people", "profitable_growth")]
    picture = map_svg(drawn(said=sides), Words("en"), "")
    assert svg_as_png(picture).startswith(b"\x89PNG")


def test_each_status_has_a_shape_of_its_own() -> None:
    assert SHAPES.keys() == {status.value for status in Status}
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_lines_break_between_words_and_between_chinese_characters() -> None:
    assert wrapped("Sound underwriting and policy service", 150) == ["Sound underwriting", "and policy service"]
    assert wrapped("高质量承保与保全", 60) == ["高质量承", "保与保全"]
    assert wrapped("", 60) == []
