"""The parts of the home page: scores with their change, and what needs somebody with its links."""

from dataclasses import replace
from decimal import Decimal

import pytest

from forecast.attention import Concern
from forecast.attention import Need as Kind
from forecast.records import ScoreForecast
from kpi.scorecard.results import GateResult, KpiResult, PartResult, Scorecard, Status, Window
from kpi.text import Language
from tests.forecast.standing import NOTHING, NOW, YEAR_END, card, gate, number, row
from tests.forecast.standing import small_template as template
from tests.kpi.scorecard.builders import catalogue, kpi, version
from tests.ui.small import WHOLE, view
from ui import data
from ui.address import Choices
from ui.components.cards import score_cards
from ui.components.needs import SHOWN, reason_groups
from ui.components.scores import ScoreCard
from ui.home import Front, Need
from ui.view import DataView

CODES = ("premium", "claims", "solvency", *(f"kpi{at}" for at in range(9)))

EXPECTED = ScoreForecast(
    kind="total",
    code="small",
    org_unit="head",
    period=YEAR_END,
    window=Window.YEAR,
    p10=91.0,
    p50=95.0,
    p90=99.0,
    green=0.08,
    amber=0.9,
    red=0.02,
    coverage=1.0,
)


@pytest.fixture(autouse=True)
def _small_company(monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalogue([kpi(code, version("sales")) for code in CODES])
    monkeypatch.setattr(data, "catalogue", lambda: known)
    monkeypatch.setattr(data, "template", template)


def need(about: KpiResult | GateResult, kind: Kind = Kind.RED, loss: str = "0.6") -> Need:
    return Need(Concern(kind, about, Decimal("0.2"), Decimal(loss)), f"Because of {about.kpi}.")


def looking(language: Language = "en") -> DataView:
    """The page of a scorecard whose KPIs have pages, but for the gate."""
    return replace(view(language, WHOLE), choices=Choices(language, kpis=("premium", "claims")))


def front(*needs: Need, newest: Scorecard | None = None) -> Front:
    return Front((newest or card(row()),), needs, None)


def test_each_kind_has_its_heading_its_mark_and_how_many_there_are() -> None:
    shown = front(need(row("premium")), need(row("claims"), Kind.UNLIKELY), need(row("kpi1"), Kind.DATA))
    groups = reason_groups(looking(), shown)
    assert [(group.title, group.code, group.count) for group in groups] == [
        ("Off track now", "red", "1"),
        ("On track now, unlikely to land", "amber", "1"),
        ("Data missing or late", "none", "1"),
    ]
    assert [group.title for group in reason_groups(looking("zh"), shown)] == [
        "目前未达标",
        "目前达标，全年难以达标",
        "数据缺失或迟报",
    ]


def test_kinds_without_anything_have_no_heading() -> None:
    assert [group.code for group in reason_groups(looking(), front(need(row(), Kind.DATA)))] == ["none"]


def test_each_leads_to_its_page_for_the_same_org_unit_and_quarter() -> None:
    (group,) = reason_groups(looking("zh"), front(need(row("claims"))))
    (item,) = group.items
    assert item.href == "kpi?lang=zh&unit=head&quarter=2026Q2&window=ytd&kpi=claims"
    assert (item.name, item.reason) == ("claims(中)", "Because of claims.")


def test_a_gate_without_a_page_of_its_own_leads_to_the_scorecard() -> None:
    (group,) = reason_groups(looking(), front(need(gate(holds=False), loss="0")))
    assert group.items[0].href == "scorecard?lang=en&unit=head&quarter=2026Q2&window=ytd"
    assert group.items[0].note == "Gate"


def test_what_is_red_says_what_it_costs_and_all_else_how_much_of_the_total_it_is() -> None:
    shown = front(need(row("premium")), need(row("claims"), Kind.UNLIKELY))
    red, unlikely = reason_groups(looking(), shown)
    assert red.items[0].note == "results · costs the total 0.6 points"
    assert unlikely.items[0].note == "results · 20.0% of the total"


def test_without_a_total_nothing_is_said_to_cost_it() -> None:
    unscored = replace(card(row()), total=NOTHING)
    (group,) = reason_groups(looking(), front(need(row()), newest=unscored))
    assert group.items[0].note == "results · 20.0% of the total"


def test_a_long_list_is_cut_and_says_how_many_more_there_are() -> None:
    many = [need(row(code)) for code in CODES]
    (group,) = reason_groups(looking(), front(*many))
    assert [item.key for item in group.items] == list(CODES[:SHOWN])
    assert (group.count, group.more) == ("12", "7 more, on the scorecard")


def scored(before: str, now: str, coverage: str = "1", *, language: Language = "en", run: bool = False) -> ScoreCard:
    """The card of the total, after a quarter ``before`` if there was one, and with an expected year-end by a run."""
    past = [replace(card(row(), quarter=NOW.shift(-1)), total=number(before))] if before else []
    newest = replace(card(row()), total=number(now), coverage=Decimal(coverage))
    expected = {"head": (EXPECTED,)} if run else {}
    return score_cards(replace(view(language, WHOLE), scores=expected), [*past, newest])[0]


@pytest.mark.parametrize(("before", "change"), [("88", "+2.0"), ("92.5", "-2.5"), ("89.96", "0.0"), ("", "")])
def test_a_score_stands_beside_what_the_last_quarter_changed(before: str, change: str) -> None:
    """What rounds to nothing is nothing: never "-0.0"."""
    shown = scored(before, "90")
    assert (shown.score, shown.change, shown.word) == ("90.0", change, "Watch")


def test_the_year_end_stands_below_the_score_with_its_interval_and_the_chance() -> None:
    shown = scored("88", "90", run=True)
    assert shown.lines == (("Year-end", "95.0"), ("P10–P90", "91.0 – 99.0"), ("Chance of 100+", "8%"))
    assert (shown.trend, shown.ahead) == ((88.0, 90.0), (91.0, 95.0, 99.0))
    assert scored("88", "90", run=True, language="zh").lines[2] == ("不低于 100 的概率", "8%")


def test_without_a_forecast_nothing_is_expected() -> None:
    assert (scored("88", "90").lines, scored("88", "90").ahead) == ((), None)


def test_a_total_says_when_it_rests_on_a_part_of_the_weight() -> None:
    assert scored("", "90", "0.88").lines == (("Weight with data", "88%"),)


def test_the_way_so_far_is_told_to_those_who_cannot_see_it() -> None:
    assert scored("88", "90").said == "Scores of the last 2 quarters: 88.0, 90.0"


def test_a_perspective_without_a_score_says_why_instead_of_a_status() -> None:
    group = PartResult("results", Decimal(1), NOTHING, Decimal(0), Status.NONE)
    shown = score_cards(view("en", WHOLE), [replace(card(row()), groups=(group,))])[1]
    assert (shown.label, shown.score, shown.code, shown.word) == ("results", "—", "", "No data")
    assert shown.lines == (("Weight", "100%"), ("Weight with data", "0%"))
