"""Why something needs somebody: in one sentence, actual against plan, which way, how far, and the chance."""

import re
from decimal import Decimal
from typing import Any

import pytest

from forecast.attention import Concern, Lack, Need
from kpi.catalogue.models import Kpi
from kpi.scorecard.results import Reason, Status, Value
from kpi.text import LANGUAGES, Language, Text
from kpi.units import Dimension, Unit
from report.attention import Reasons
from report.format import Format
from report.words import Words
from tests.forecast.standing import NOW, absent, gate, landing, number, row
from tests.kpi.scorecard.builders import kpi, version

MONEY = Unit(code="yuan", dimension=Dimension.MONEY, factor=Decimal(1), name=Text(zh="元", en="yuan"))
SHARE = Unit(code="share", dimension=Dimension.SHARE, factor=Decimal(1), name=Text(zh="比例", en="share"))
AMOUNT, RATE = kpi("premium", version("sales")), kpi("premium", version("kept", "due"))
GOAL = number(150)


def said(language: Language, concern: Concern, about: Kpi = AMOUNT, unit: Unit = MONEY, goal: Value = GOAL) -> str:
    return Reasons(Words(language), Format(language), NOW).sentence(concern, about, unit, goal)


def red(chance: float | None = 0.04, **about: Any) -> Concern:
    known = None if chance is None else landing(chance=chance)
    return Concern(Need.RED, row(status=Status.RED, **about), landing=known)


def test_a_red_amount_is_so_many_per_cent_from_its_plan() -> None:
    concern = red(on_last_year=number("-0.031"))
    assert said("en", concern) == (
        "¥90 against a plan of ¥100, 10.0% below it, down 3.1% on last year; "
        "the chance of meeting the year's plan is 4%."
    )
    assert said("zh", concern) == "实际 90元，计划 100元，低于计划 10.0%，较上年同期下降 3.1%；全年达标概率 4%。"


def test_a_red_rate_is_so_many_points_from_its_plan() -> None:
    concern = red(None, value=number("0.062"), target=number("0.045"), on_last_year=number("0.004"))
    assert said("en", concern, RATE, SHARE) == "6.2% against a plan of 4.5%, 1.7 pp above it, up 0.4 pp on last year."
    assert said("zh", concern, RATE, SHARE) == "实际 6.2%，计划 4.5%，高于计划 1.7 百分点，较上年同期上升 0.4 百分点。"


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        ("0.04501", "just above it", "略高于计划"),
        ("0.04499", "just below it", "略低于计划"),
        ("0.045", "level with it", "与计划持平"),
    ],
)
def test_a_gap_too_small_to_be_written_is_said_in_words(value: str, en: str, zh: str) -> None:
    """Never "0.0 pp below it"."""
    concern = red(None, value=number(value), target=number("0.045"))
    assert said("en", concern, RATE, SHARE) == f"4.5% against a plan of 4.5%, {en}."
    assert zh in said("zh", concern, RATE, SHARE)


def test_a_change_too_small_to_be_written_is_level_with_last_year() -> None:
    assert "level with last year" in said("en", red(on_last_year=number("0.0001")))


def test_a_plan_of_zero_gives_a_gap_in_units_of_the_kpi() -> None:
    assert said("en", red(None, target=number(0))) == "¥90 against a plan of ¥0, ¥90 above it."


def test_what_is_red_by_limits_without_a_plan_says_so() -> None:
    concern = red(None, target=Value(reason=Reason.NO_PLAN), attainment=Value(reason=Reason.NO_PLAN))
    assert said("en", concern) == "¥90 is past the limit for off track."
    assert said("zh", concern) == "实际 90元，已越过未达标界限。"


def test_an_actual_that_is_only_partly_planned_is_not_held_against_the_plan_as_a_whole() -> None:
    """50 against a plan of 40 with a red light would make no sense."""
    concern = red(None, value=number(50, 5, 6), target=number(40, 4, 6), attainment=number("0.8", 4, 6))
    assert said("en", concern) == "¥50 in all, and 80.0% of the plan where there is one."


def test_what_is_unlikely_says_what_is_expected_beside_the_plan_of_the_year() -> None:
    concern = Concern(Need.UNLIKELY, row(), landing=landing(chance=0.2))
    assert said("en", concern) == (
        "¥90 now, yet the chance of meeting the year's plan of ¥150 is 20%: ¥120 expected, 20.0% below it."
    )
    assert said("zh", concern) == "目前 90元，但全年达标概率为 20%：预计年末 120元，全年计划 150元，低于计划 20.0%。"


def test_a_chance_against_no_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="premium"):
        said("en", Concern(Need.UNLIKELY, row(), landing=landing()), goal=Value(reason=Reason.NO_PLAN))


def test_a_gate_says_what_is_required() -> None:
    concern = Concern(Need.RED, gate(holds=False))
    assert said("en", concern, RATE, SHARE) == "This gate fails: 40.0%, where at least 50.0% is required."


@pytest.mark.parametrize(
    ("concern", "en"),
    [
        (
            Concern(Need.DATA, absent(), lack=Lack.LATE, newest=NOW.shift(-1)),
            "No data for Q3 2026 yet; the newest is of Q2 2026.",
        ),
        (Concern(Need.DATA, absent(), lack=Lack.NEVER), "No data for Q3 2026, nor for the quarters before it."),
        (
            Concern(Need.DATA, row(value=number(90, 6, 8)), lack=Lack.PARTIAL),
            "6 of 8 cells reported, so ¥90 may still change.",
        ),
        (Concern(Need.DATA, row(), lack=Lack.NO_PLAN), "There is no plan to judge it by."),
    ],
)
def test_missing_data_says_what_is_missing(concern: Concern, en: str) -> None:
    assert said("en", concern) == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_one_sentence(language: Language) -> None:
    every = [red(), Concern(Need.UNLIKELY, row(), landing=landing()), Concern(Need.RED, gate(holds=False))]
    every += [Concern(Need.DATA, row(), lack=lack, newest=NOW) for lack in Lack]
    for concern in every:
        text = said(language, concern)
        assert re.findall(r"。|\.(?!\d)", text) == [text[-1]], text
