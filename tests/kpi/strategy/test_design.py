from decimal import Decimal

import pytest

from kpi.scorecard.template import ScorecardTemplate
from kpi.strategy.design import DesignFinding, Rule, design_check
from kpi.strategy.models import ActionPlan, Milestone, Strategy
from tests.kpi.strategy.builders import MILLION, catalogue, gap, linked, strategy, template


def found(said: Strategy, rule: Rule, card: ScorecardTemplate | None = None) -> list[DesignFinding]:
    return [each for each in design_check(card or template(), catalogue(), said) if each.rule is rule]


def test_the_balanced_scorecard_and_its_strategy_have_nothing_to_mend() -> None:
    assert design_check(template(), catalogue(), strategy()) == []


def test_an_inventory_of_kpis_is_too_many_and_in_the_wrong_perspectives() -> None:
    checked = design_check(template("classic"), catalogue(), strategy("classic"))

    assert checked[0].rule is Rule.KPI_COUNT
    assert checked[0].found.en == "26 KPIs"
    assert "drop" in checked[0].remedy.en
    shares = {each.where.en: each.found.en for each in checked if each.rule is Rule.SHARE}
    assert shares["Internal process"] == "1 of 26 KPIs (4%)"
    assert shares["Learning and growth"] == "0 of 26 KPIs (0%)"


def test_too_few_kpis_are_told_too() -> None:
    few = template().model_copy(update={"entries": template().entries[:14]})
    (finding,) = found(strategy(), Rule.KPI_COUNT, few)
    assert finding.found.zh == "14 个指标"
    assert "补充" in finding.remedy.zh


@pytest.mark.parametrize(("weight", "said"), [("0.30", "95%"), ("0.40", "105%"), ("0.351", "100.1%")])
def test_weights_that_do_not_sum_to_one_are_found_exactly(weight: str, said: str) -> None:
    first, *others = template().entries
    entries = (first.model_copy(update={"weight": Decimal(weight)}), *others)

    (finding,) = found(strategy(), Rule.WEIGHTS, template().model_copy(update={"entries": entries}))

    assert finding.where.en == "KPI weights of “Financial”"
    assert finding.found.zh == f"合计 {said}"


def test_weights_of_perspectives_are_summed_as_well() -> None:
    first, *others = template().groups
    groups = (first.model_copy(update={"weight": Decimal("0.36")}), *others)
    (finding,) = found(strategy(), Rule.WEIGHTS, template().model_copy(update={"groups": groups}))
    assert finding.found.en == "101% together"


def test_an_objective_without_a_kpi_is_found() -> None:
    entries = tuple(entry for entry in template().entries if entry.objective != "fast_claims")
    (finding,) = found(strategy(), Rule.NO_KPI, template().model_copy(update={"entries": entries}))
    assert finding.where.zh == "快速理赔"


def test_an_objective_that_no_link_reaches_is_an_orphan() -> None:
    said = [link for link in strategy().links if "fast_claims" not in (link.cause, link.effect)]
    (finding,) = found(strategy().model_copy(update={"links": tuple(said)}), Rule.ORPHAN)
    assert finding.where.en == "Fast claims"


def test_a_circle_is_told_by_its_way() -> None:
    said = linked(("loyal_customers", "market_position"), ("market_position", "loyal_customers"))
    (finding,) = found(said, Rule.CYCLE)
    assert finding.found.en == "Customers who stay → A stronger market position → Customers who stay"


def test_a_link_that_runs_down_is_told_with_both_perspectives() -> None:
    (finding,) = found(linked(("loyal_customers", "fast_claims")), Rule.DOWNWARD)
    assert finding.where.en == "Customers who stay → Fast claims"
    assert finding.found.zh == "从客户向下指向内部流程"


@pytest.mark.parametrize("sides", [("fast_claims", "sound_underwriting"), ("capable_people", "profitable_growth")])
def test_links_may_stay_in_their_row_and_skip_rows(sides: tuple[str, str]) -> None:
    assert found(linked(sides), Rule.DOWNWARD) == []


def test_what_the_scorecard_no_longer_has_is_told_and_breaks_no_other_check() -> None:
    said = linked(("capable_people", "moon"), ("moon", "profitable_growth"))
    checked = design_check(template(), catalogue(), said)
    assert [each.where.en for each in checked if each.rule is Rule.UNKNOWN] == ["“moon” in the strategy"]
    assert [each for each in checked if each.rule in (Rule.CYCLE, Rule.DOWNWARD)] == []


def test_a_plan_for_an_unknown_objective_is_told() -> None:
    plan = ActionPlan.model_validate(strategy().plans[0].model_dump() | {"objective": "moon"})
    assert len(found(strategy().model_copy(update={"plans": (plan,)}), Rule.UNKNOWN)) == 1


def test_a_timetable_beside_a_changed_gap_is_told() -> None:
    short = (Milestone(year=2027, amount=300 * MILLION),)
    (finding,) = found(strategy().model_copy(update={"gap": gap(), "timetable": short}), Rule.TIMETABLE)
    assert finding.found.en == "the years close 300000000 yuan"
    assert finding.expected.zh == "等于差距 400000000 元"


def test_every_finding_says_everything_in_both_languages() -> None:
    said = linked(("loyal_customers", "fast_claims"), ("fast_claims", "loyal_customers"), ("moon", "fast_claims"))
    for each in design_check(template("classic"), catalogue(), said):
        for text in (each.where, each.found, each.expected, each.remedy):
            assert text.zh.strip()
            assert text.en.strip()
