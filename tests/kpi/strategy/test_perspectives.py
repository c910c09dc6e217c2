import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.strategy.perspectives import PERSPECTIVES, Rows, crossings, map_rows, perspective_of
from tests.kpi.strategy.builders import catalogue, strategy, template

CODES = [objective.code for objective in template().objectives]
sides = st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), max_size=15)


def rows_of(code: str) -> Rows:
    return map_rows(template(code), catalogue(), [(link.cause, link.effect) for link in strategy(code).links])


def test_an_objective_stands_in_the_perspective_that_its_group_is_named_after() -> None:
    assert perspective_of("fast_claims", template(), catalogue()) == "internal"


def test_in_other_groups_the_weight_of_its_kpis_decides() -> None:
    ministry = template("finance_ministry")
    assert perspective_of("serve_the_nation", ministry, catalogue()) == "customer"
    assert perspective_of("stay_solvent", ministry, catalogue()) == "financial"  # 0.7 of its weight


def test_two_links_of_the_balanced_map_cross_and_no_more() -> None:
    rows = rows_of("balanced")
    drawn = [(link.cause, link.effect) for link in strategy().links]
    assert [len(row) for row in rows] == [2, 2, 3, 2]
    assert crossings(rows, drawn) == 1


def test_a_chain_inside_a_row_is_drawn_from_left_to_right() -> None:
    assert rows_of("classic")[0] == ("budgets", "cost_ratios", "earnings")


@given(drawn=sides)
def test_every_objective_is_on_the_map_once_and_never_less_tidy_than_the_scorecard_has_them(
    drawn: list[tuple[str, str]],
) -> None:
    place = {code: perspective_of(code, template(), catalogue()) for code in CODES}
    as_listed = tuple(tuple(code for code in CODES if place[code] == name) for name in PERSPECTIVES)

    rows = map_rows(template(), catalogue(), drawn)

    assert [sorted(row) for row in rows] == [sorted(row) for row in as_listed]
    between = [(cause, effect) for cause, effect in drawn if place[cause] != place[effect]]
    assert between != drawn or crossings(rows, drawn) <= crossings(as_listed, drawn)


@pytest.mark.parametrize(
    ("one", "other", "cross"),
    [
        (("capable_people", "fast_claims"), ("committed_people", "productive_agents"), False),
        (("capable_people", "productive_agents"), ("committed_people", "fast_claims"), True),
        (("capable_people", "fast_claims"), ("capable_people", "productive_agents"), False),
        (("capable_people", "cost_and_risk"), ("committed_people", "fast_claims"), True),
        (("fast_claims", "market_position"), ("capable_people", "productive_agents"), False),
    ],
)
def test_links_cross_where_they_change_sides(one: tuple[str, str], other: tuple[str, str], cross: bool) -> None:
    rows: Rows = (
        ("profitable_growth", "cost_and_risk"),
        ("market_position", "loyal_customers"),
        ("fast_claims", "productive_agents"),
        ("capable_people", "committed_people"),
    )
    assert crossings(rows, [one, other]) == cross
