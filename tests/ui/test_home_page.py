"""The parts of the home page: scores with their change, and what needs somebody with its links."""

from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from forecast.attention import Concern
from forecast.attention import Need as Kind
from kpi.scorecard.results import GateResult, KpiResult, Scorecard
from kpi.text import Language
from tests.forecast.standing import NOTHING, card, gate, row
from tests.forecast.standing import small_template as template
from tests.kpi.scorecard.builders import catalogue, kpi, version
from tests.ui.small import WHOLE, view
from ui import data
from ui.address import Choices
from ui.components.needs import SHOWN, reason_groups
from ui.home import Front, Need
from ui.view import DataView

CODES = ("premium", "claims", "solvency", *(f"kpi{at}" for at in range(9)))


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


def page(before: str, now: str, coverage: str) -> None:
    """A script with nothing but the total's card."""
    from dataclasses import replace  # noqa: PLC0415
    from decimal import Decimal  # noqa: PLC0415

    from tests.forecast.standing import NOW, card, number, row  # noqa: PLC0415
    from tests.ui.small import WHOLE, view  # noqa: PLC0415
    from ui.components.cards import total_card  # noqa: PLC0415

    past = [replace(card(row(), quarter=NOW.shift(-1)), total=number(before))] if before else []
    newest = replace(card(row()), total=number(now), coverage=Decimal(coverage))
    total_card(view("en", WHOLE), [*past, newest])


@pytest.mark.parametrize(("before", "delta"), [("88", "+2.0"), ("92.5", "-2.5"), ("89.96", "0"), ("", "")])
def test_a_score_stands_beside_what_the_last_quarter_changed(before: str, delta: str) -> None:
    """What rounds to nothing is nothing: no "-0.0" with an arrow down."""
    app = AppTest.from_function(page, args=(before, "90", "1")).run()
    assert not app.exception
    assert (app.metric[0].value, app.metric[0].delta) == ("90.0", delta)
    assert "Watch" in app.markdown[0].value


def test_a_total_says_when_it_rests_on_a_part_of_the_weight() -> None:
    whole, part = (AppTest.from_function(page, args=("", "90", share)).run() for share in ("1", "0.88"))
    assert "Data for 88% of weight" in part.markdown[0].value
    assert "Data for" not in whole.markdown[0].value
