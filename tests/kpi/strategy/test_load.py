from pathlib import Path

import pytest

from kpi.errors import Refused
from kpi.settings import DATA
from kpi.strategy.design import Rule, design_check
from kpi.strategy.load import as_yaml, default_strategy, read_strategy
from kpi.strategy.models import Part
from tests.kpi.catalogue.builders import changed, line_of, place_of
from tests.kpi.strategy.builders import catalogue, strategy, template

CARDS = ("balanced", "classic", "finance_ministry")
LINKS = {Rule.ORPHAN, Rule.CYCLE, Rule.DOWNWARD, Rule.UNKNOWN, Rule.TIMETABLE}


@pytest.mark.parametrize("code", CARDS)
def test_each_shipped_scorecard_begins_with_links_that_hold_and_say_why(code: str) -> None:
    found = design_check(template(code), catalogue(), strategy(code))
    assert [each for each in found if each.rule in LINKS] == []
    assert all(link.reason.zh and link.reason.en for link in strategy(code).links)


def test_the_balanced_strategy_takes_all_six_steps() -> None:
    assert all(getattr(strategy(), part) for part in Part)


@pytest.mark.parametrize("code", CARDS)
def test_a_strategy_written_to_a_file_reads_back_the_same(code: str, tmp_path: Path) -> None:
    file = tmp_path / "strategy.yaml"
    file.write_text(as_yaml(strategy(code)), encoding="utf-8")
    assert read_strategy(file, template(code)) == strategy(code)


def test_a_scorecard_without_a_file_begins_with_its_own_links(tmp_path: Path) -> None:
    begun = default_strategy(template("classic"), tmp_path)
    assert {(k.cause, k.effect) for k in begun.links} == {(k.cause, k.effect) for k in template("classic").links}
    assert begun.gap is None


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("scorecard: balanced", "scorecard: classic", "scorecard:", "strategy of scorecard 'classic', but 'balanced'"),
        ("- cause: market_position", "- cause: moon", "cause: moon", "unknown objective 'moon'; there are: profitable"),
        ("objectives: [fast_claims]", "objectives: [moon]", "objectives: [moon]", "unknown objective 'moon'"),
        ("  objective: capable_people", "  objective: moon", "objective: moon", "unknown objective 'moon'"),
        ('expected: "500000000"', "expected: much", "expected: much", "expected"),
        ('ready: "0.55"', 'ready: "1.5"', 'ready: "1.5"', "less than or equal to 1"),
        ('budget: "3000000"', 'budget: "-1"', 'budget: "-1"', "greater than or equal to 0"),
    ],
)
def test_a_mistake_in_a_strategy_is_refused_with_file_and_line(
    old: str, new: str, at: str, message: str, tmp_path: Path
) -> None:
    text = changed((DATA / "strategies" / "balanced.yaml").read_text(encoding="utf-8"), old, new)
    file = tmp_path / "strategy.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_strategy(file, template())
    assert message in str(refused.value)
    assert place_of(refused.value) == ("strategy.yaml", line_of(text, at))
