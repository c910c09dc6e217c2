"""A trace in words names the numbers that it is made of."""

from typing import Any

import pytest

from kpi.scorecard.compute import score
from kpi.scorecard.results import Window
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.trace import KpiTrace, trace_kpi, trace_part
from kpi.text import Language
from report import why
from report.format import Format
from report.why import Telling
from report.words import Words
from tests.kpi.scorecard.builders import catalogue, kpi, organisation, panel, quarters, template, version
from tests.report.cards import QUARTER, card_template, known, small_card, small_panel

UNIT = known().unit_of("sales_kpi")


def telling(language: Language = "en", of: ScorecardTemplate | None = None) -> Telling:
    return Telling(Words(language), Format(language), known(), of or card_template(), organisation())


def traced(code: str) -> KpiTrace:
    return trace_kpi(small_panel(), card_template(), small_card(), code)


def one(actual: str, plan: str, **definition: Any) -> KpiTrace:
    """The trace of a single KPI with that actual and plan."""
    entry = {"kpi": "sales_kpi"} | ({"scoring": definition.pop("scoring")} if "scoring" in definition else {})
    own = template([entry], scoring={"floor": "zero", "points": [["0.5", "20"], ["1", "100"]]})
    facts = [
        *quarters("sales", "n1", 2025, ["8", "8"]),
        *quarters("sales", "n1", 2026, [actual] * 2),
        *quarters("sales", "n1", 2026, [plan] * 2, "plan"),
    ]
    found = panel(facts, catalogue([kpi("sales_kpi", version("sales", **definition))]), own)
    return trace_kpi(found, own, score(found, own, "n1", QUARTER, Window.YTD), "sales_kpi")


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        ("8", "lies between the anchors 50% (score 20.00) and 100% (score 100.00)"),
        ("8", "20.00 + (80% − 50%) ÷ (100% − 50%) × (100.00 − 20.00) = 68.00."),
        ("10", "The attainment of 100% is exactly on an anchor: score 100.00."),
        ("11", "is above the last anchor, 100%; beyond it the score stays at 100.00."),
        ("4", "falls short of the lowest anchor, 50%; by the rule that gives 0."),
    ],
)
def test_a_score_names_its_anchors(actual: str, said: str) -> None:
    assert said in why.score_sentence(one(actual, "10"), UNIT, telling())


def test_growth_is_told_by_the_ministrys_rule() -> None:
    trace = one("10", "10", scoring={"kind": "growth", "mark": "5", "coefficient": "0.05"})
    said = why.score_sentence(trace, UNIT, telling())
    assert "60% of the mark of 5 for no growth is 3" in said
    assert "growth of 25 points × 0.05 adds 1.25; within 0 and the mark that is 4.25, or 85.00 of 100." in said


@pytest.mark.parametrize(
    ("actual", "plan", "definition", "said"),
    [
        ("8", "10", {}, "Attainment = actual 16 ÷ plan 20 = 80%."),
        ("8", "10", {"direction": "lower_better"}, "Lower is better: attainment = 2 − actual 16 ÷ plan 20 = 2 − 80%"),
        ("-5", "-10", {}, "The plan is negative: attainment = 2 − actual -10 ÷ plan -20 = 2 − 50% = 150%."),
        ("9", "0", {}, "There is no attainment: The plan is zero."),
    ],
)
def test_an_attainment_names_its_rule(actual: str, plan: str, definition: dict[str, str], said: str) -> None:
    assert said in why.attainment_sentence(one(actual, plan, **definition), UNIT, telling())


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        ("8", "= 80%, below the full band of 90% to 110%: attainment = 80% ÷ 90% = 88.8889%."),
        ("10", "= 100%, inside the full band of 90% to 110%: attainment is 100%."),
        ("22", "= 220%, above the full band of 90% to 110%: attainment = 2 − 220% ÷ 110% = 0%."),
    ],
)
def test_bands_are_named_where_the_target_is_to_be_met(actual: str, said: str) -> None:
    bands = {"full": ["0.9", "1.1"], "warning": ["0.8", "1.2"]}
    trace = one(actual, "10", direction="on_target", bands=bands)
    assert said in why.attainment_sentence(trace, UNIT, telling())


def test_where_a_target_comes_from_is_said() -> None:
    assert "is the same formula on the plans" in why.target_sentence(traced("sales_kpi"), UNIT, telling())
    assert "the scorecard's standing target of 0.1 is used" in why.target_sentence(
        traced("lapse_rate"), UNIT, telling()
    )
    assert "采用记分卡的固定目标 0.1" in why.target_sentence(traced("lapse_rate"), UNIT, telling("zh"))


def test_the_spread_of_a_missing_weight_is_told_with_what_it_makes() -> None:
    said = why.weight_sentences(traced("lapse_rate"), small_card().total, telling())
    assert said == [
        "Its weight inside work is 75%; work has 60% of the total.",
        "Without a score in work: surveys. The others hold 75% of its weight, "
        "so this one counts 75% ÷ 75% = 100% there.",
        "Effective weight = 100% × 60% = 60%; 60% × 62.50 = 37.50 points of the total of 77.50.",
    ]
    missing = why.weight_sentences(traced("surveys"), small_card().total, telling())
    assert missing[1] == "It has no score, so its weight is spread over the others of work."


def test_a_status_is_told_by_its_limits_and_not_by_the_score() -> None:
    said = why.status_sentence(traced("lapse_rate"), UNIT, telling())
    assert "at most 0.1 is On track, at most 0.11 is Watch, anything else Off track. 0.125 is Off track." in said
    assert "there is no limit or no value" in why.status_sentence(traced("surveys"), UNIT, telling())


def test_a_part_says_how_much_of_its_weight_had_data() -> None:
    card, own = small_card(), card_template()
    work = why.part_sentence(trace_part(own, card, "group", "work"), telling())
    assert "KPIs with data hold 75% of the weight" in work
    total = why.part_sentence(trace_part(own, card, "total", card.template), telling())
    assert "hold 85% of the weight (at least 60% is needed)" in total
    whole = why.part_sentence(trace_part(own, card, "group", "money"), telling())
    assert "missing" not in whole


def test_without_enough_data_a_total_says_how_much_there_is() -> None:
    strict = card_template().model_copy(update={"minimum_coverage": known().units.units[0].factor})  # exactly 1
    card = score(small_panel(), strict, "head", QUARTER, Window.YTD)
    said = why.part_sentence(trace_part(strict, card, "total", card.template), telling(of=strict))
    assert said == ("There is no total: KPIs with data hold only 85% of the weight, and at least 100% is needed.")
