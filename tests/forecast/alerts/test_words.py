import pytest

from forecast.alerts.rules import Occasion
from forecast.alerts.words import COLOURS, Names, occasion_in_words, rule_in_words, scope_in_words, share_in_words
from kpi.periods import Period
from kpi.scorecard.results import Status
from report.words import Words
from tests.forecast.alerts.builders import low, rule
from tests.kpi.scorecard.builders import catalogue, kpi, organisation, version

NAMES = Names(catalogue([kpi("premium", version("sales"))]), organisation())


def occasion(kind: str, period: str = "2026", **more: object) -> Occasion:
    figures = {name: more.pop(name) for name in ("chance", "before") if name in more}
    return Occasion.model_validate(
        {"rule_id": 1, "rule": rule(kind, **more), "kpi": "premium", "org_unit": "n1", "period": period, **figures}
    )


@pytest.mark.parametrize(
    ("about", "zh", "en"),
    [
        (
            low(unit="n1", chance=0.4125),
            "n1(中)，premium(中)：2026年达成计划的概率为 41.2%，低于 60%。",
            "premium, n1: the chance of meeting the plan of 2026 is 41.2 %, below 60 %.",
        ),
        (
            occasion("chance_fell", chance=0.5, before=0.71, limit="0.125"),
            "n1(中)，premium(中)：2026年达成计划的概率由 71% 降至 50%，降幅达到 12.5 个百分点。",
            "premium, n1: the chance of meeting the plan of 2026 fell from 71 % to 50 %, by 12.5 points or more.",
        ),
        (
            occasion("red_likely", chance=1.0, limit="0.5"),
            "n1(中)，premium(中)：2026年年末未达标的概率为 >99.9%，达到 50%。",
            "premium, n1: the chance that 2026 ends off track is >99.9 %, 50 % or more.",
        ),
        (
            occasion("status_for", "2026Q1", quarters=2),
            "n1(中)，premium(中)：连续 2 个季度未达标(2025年第4季度、2026年第1季度)。",
            "premium, n1: off track 2 quarters running (Q4 2025, Q1 2026).",
        ),
        (
            occasion("status_for", "2026Q1", quarters=1, colour="amber"),
            "n1(中)，premium(中)：2026年第1季度关注或未达标。",
            "premium, n1: watch or off track in Q1 2026.",
        ),
        (
            occasion("data_missing", "2026Q3"),
            "n1(中)，premium(中)：2026年第3季度没有数值，而2025年第3季度有。",
            "premium, n1: there is no value for Q3 2026, though there is one for Q3 2025.",
        ),
    ],
)
def test_an_alert_is_one_sentence_with_its_numbers(about: Occasion, zh: str, en: str) -> None:
    words = occasion_in_words(about, NAMES)
    assert (words.zh, words.en) == (zh, en)


def test_codes_that_are_not_known_any_more_stand_for_themselves() -> None:
    gone = low("old_kpi", "closed_branch").model_copy(update={"period": Period.parse("2026")})
    assert occasion_in_words(gone, NAMES).en.startswith("old_kpi, closed_branch: ")


def test_a_rule_says_what_it_asks_of_whom() -> None:
    asked = rule("status_for", quarters=3, colour="amber", units=["n1", "south"])
    assert rule_in_words(asked).en == "Watch or off track 3 quarters running"
    assert rule_in_words(asked).zh == "连续 3 个季度关注或未达标"
    assert scope_in_words(asked, NAMES).en == "every KPI of the scorecard · n1, south"
    assert scope_in_words(rule("data_missing", kpis=["premium"]), NAMES).zh == "premium(中) · head(中)"
    assert scope_in_words(rule("data_missing", units="all"), NAMES).en.endswith("every org unit")


@pytest.mark.parametrize("kind", ["chance_below", "chance_fell", "red_likely"])
def test_the_limit_stands_in_the_rule_without_needless_digits(kind: str) -> None:
    assert " 60 " in rule_in_words(rule(kind, limit="0.600")).en
    assert "62.5" in rule_in_words(rule(kind, limit="0.625")).zh


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "<0.1"),
        (0.0004, "<0.1"),
        (0.0025, "0.2"),
        (0.5975, "59.8"),
        (0.6, "60"),
        (0.9995, ">99.9"),
        (1.0, ">99.9"),
    ],
)
def test_a_chance_is_never_nothing_or_everything(share: float, text: str) -> None:
    assert share_in_words(share) == text


def test_colours_are_called_as_on_the_pages() -> None:
    for language, words in (("zh", Words("zh")), ("en", Words("en"))):
        red, both = (COLOURS[status].in_("zh" if language == "zh" else "en") for status in (Status.RED, Status.AMBER))
        assert red.lower() == words("status.red").lower()
        assert words("status.red").lower() in both.lower()
        assert words("status.amber").lower() in both.lower()
