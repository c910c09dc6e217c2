"""What the landing says in words: a chance for each status, and what is needed beside what is expected."""

from decimal import Decimal

import pytest

from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import Reason, Window
from kpi.text import Language, Text
from kpi.units import Dimension, Unit
from tests.kpi.scorecard.builders import kpi, version
from tests.ui.small import WHOLE, view
from ui.components.outlook import needed_note, status_chances

LANDING = KpiForecast(
    kpi="sales_kpi",
    org_unit="head",
    period=Period.quarter(2026, 4),
    window=Window.YEAR,
    p10=0.8,
    p50=0.9,
    p90=1.1,
    chance=0.2,
    green=0.2,
    amber=0.795,
    red=0.005,
    needed=0.7,
    expected=0.65,
)
SHARE = Unit(code="share", dimension=Dimension.SHARE, factor=Decimal(1), name=Text(zh="比例", en="share"))


def test_each_status_has_its_word_and_icon_beside_its_chance() -> None:
    shown = status_chances(view("en", WHOLE), LANDING)

    assert [line.split("**")[1] for line in shown.splitlines()] == ["20%", "80%", "<1%"]
    for word, icon in (("On track", "check_circle"), ("Watch", "warning"), ("Off track", "dangerous")):
        assert f":material/{icon}: {word}" in shown


def test_a_landing_without_a_status_says_so() -> None:
    unjudged = LANDING.model_copy(update={"green": None, "amber": None, "red": None})

    assert "No status" in status_chances(view("en", WHOLE), unjudged)


@pytest.mark.parametrize(
    ("language", "over", "note"),
    [
        ("en", "sum", "a quarter; expected 65.0% (-5.0 pp)"),
        ("en", "last", "at year-end; expected 65.0% (-5.0 pp)"),
        ("zh", "sum", "剩余每季，预计 65.0%（-5.0 百分点）"),
    ],
)
def test_what_is_expected_stands_beside_what_is_needed(language: Language, over: str, note: str) -> None:
    rate = kpi("sales_kpi", version("sales", "base", over_time=over))

    assert needed_note(view(language, WHOLE), rate, LANDING, SHARE) == note


def test_a_landing_that_needs_nothing_says_why() -> None:
    aimless = LANDING.model_copy(update={"needed": None, "expected": None, "reason": Reason.NO_PLAN})

    assert needed_note(view("en", WHOLE), kpi("sales_kpi", version("sales")), aimless, SHARE) == "No plan"
