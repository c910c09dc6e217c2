"""The year-end of the main KPIs as a chart, as a table and in words."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from forecast.attention import UNLIKELY
from forecast.main_landings import MainLanding
from kpi.text import Language
from report import pictures
from report.charts import TEXT
from report.format import Format
from report.landing_bars import PITCH, LandingBar, landing_bars
from report.landings import LandingWords
from report.tables import as_csv
from report.words import Words
from tests.forecast.standing import landing
from tests.kpi.scorecard.builders import catalogue, kpi, version

BAR = LandingBar("Premium", "P50 90 (80 – 110) · plan 100", "22%", 0.8, 0.9, 1.1, "amber", "Watch")
FOUND = MainLanding(
    share=Decimal("0.35"),
    landing=landing(chance=0.22, green=0.22, amber=0.7, red=0.08, p10=80.0, p50=90.0, p90=110.0),
    plan=Decimal(100),
    low=Decimal("0.8"),
    middle=Decimal("0.9"),
    high=Decimal("1.1"),
)


def layers(*bars: LandingBar) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The drawn layers and the rows behind them."""
    (inner,) = landing_bars(bars, "Plan", "chance")["layer"]
    return inner["layer"], inner["data"]["values"]


def words(language: Language) -> LandingWords:
    return LandingWords(catalogue([kpi("premium", version("sales"))]), Words(language), Format(language))


def test_every_row_is_as_high_as_the_others_whatever_their_number() -> None:
    assert landing_bars([BAR] * 5, "Plan", "chance")["height"] == 5 * PITCH


def test_the_plan_is_in_sight_even_where_all_ends_are_on_one_side() -> None:
    drawn, _ = layers(replace(BAR, low=1.2, middle=1.3, high=1.4))
    low, high = drawn[0]["encoding"]["x"]["scale"]["domain"]
    assert low < 1
    assert high > 1.4


def test_what_lies_far_from_the_plan_ends_in_an_arrow_at_the_edge() -> None:
    """One wild KPI must not squeeze all the others into a line."""
    drawn, rows = layers(BAR, replace(BAR, low=-3.0, middle=0.2, high=9.0))
    assert rows[1]["low"] == rows[1]["middle"] == 0.5
    assert rows[1]["high"] == 1.5
    arrows = [layer for layer in drawn if "triangle" in layer["mark"].get("shape", "")]
    assert [(arrow["mark"]["shape"], len(arrow["data"]["values"])) for arrow in arrows] == [
        ("triangle-left", 1),
        ("triangle-right", 1),
    ]
    assert not [layer for layer in layers(BAR)[0] if "triangle" in layer["mark"].get("shape", "")]


def test_words_that_hold_quotes_stay_words() -> None:
    picture = pictures.svg(landing_bars([replace(BAR, name="""The "best" of 'all'""")], "Plan", "chance"))
    assert "The &quot;best&quot; of 'all'" in picture or """The "best" of 'all'""" in picture


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_picture_has_the_text_colour_of_its_mode(mode: pictures.Mode) -> None:
    picture = pictures.svg(landing_bars([BAR], "Plan", "chance"), mode=mode)
    assert TEXT not in picture
    assert pictures.theme()[mode]["textColor"] in picture
    assert all(word in picture for word in ("Premium", "22%", "chance", ">Plan<"))


def test_the_table_says_what_the_chart_shows() -> None:
    header, line = as_csv(words("en").table([FOUND])).decode("utf-8-sig").splitlines()
    assert header == "KPI,Of the total,P10,P50,P90,Plan of the year,Chance,Likeliest status"
    assert line == "premium,35.0%,80,90,110,100,22%,Watch"


def test_who_cannot_see_the_chart_is_told_what_it_comes_to() -> None:
    likely = replace(FOUND, landing=landing(chance=UNLIKELY))
    said = "Year-end of the 3 main KPIs beside their plans of the year, 1 of them more likely to hit than to miss"
    assert words("en").alt([FOUND, likely, replace(FOUND, landing=landing(chance=None))]) == said
    assert words("zh").alt([likely]) == "1 项主要指标的年末预测与全年计划相比，其中 1 项更可能达标"
