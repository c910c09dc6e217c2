"""The trace of a score says what the scorecard computes: worked again from its own numbers it gives the same."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.catalogue.models import Direction
from kpi.facts import FactKey, Scenario
from kpi.scorecard.attainment import Rule
from kpi.scorecard.compute import score
from kpi.scorecard.exact import CONTEXT, WIDE, divide
from kpi.scorecard.origins import facts_read, quarters_of
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Reason, Scorecard, Status, TargetSource, Window
from kpi.scorecard.scoring import GrowthPoints, OnLine, Place
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.trace import KpiTrace, trace_kpi, trace_part
from tests.kpi.scorecard.builders import catalogue, kpi, panel, quarters, template, version
from tests.kpi.scorecard.insurers import QUARTER, facts, rich_panel, rich_template
from tests.kpi.store.builders import fact as stored

ONE, TWO = Decimal(1), Decimal(2)
WINDOWS = st.sampled_from([Window.QUARTER, Window.YTD])
UNITS = st.sampled_from(["head", "north", "n1"])


def attainment_again(trace: KpiTrace) -> Decimal:
    """The attainment by the arithmetic that the words of its rule describe."""
    reached = trace.reached
    assert reached is not None
    assert trace.same.amount is not None
    assert trace.goal.amount is not None
    share = divide(trace.same.amount, trace.goal.amount)
    return {
        Rule.SHARE: share,
        Rule.MIRRORED: TWO - share,
        Rule.BELOW_BAND: divide(share, reached.edge),
        Rule.INSIDE_BAND: ONE,
        Rule.ABOVE_BAND: TWO - divide(share, reached.edge),
    }[reached.rule]


def score_again(trace: KpiTrace) -> Decimal:
    """The score from the two anchors or from the points, as they are shown."""
    found, x = trace.found, trace.x.amount
    assert x is not None
    if isinstance(found, GrowthPoints):
        mark = found.rule.mark
        return divide(min(max(found.base + found.added, Decimal(0)), mark) * 100, mark)
    assert found is not None
    if found.place is not Place.BETWEEN:
        return Decimal(0) if found.place is Place.CLIFF else found.left[1]
    (left, low), (right, high) = found.left, found.right
    return low + divide((x - left) * (high - low), right - left)


@settings(max_examples=40, deadline=None)
@given(facts(), UNITS, WINDOWS)
def test_every_step_of_a_trace_worked_again_gives_the_score_that_is_shown(
    rows: list[Row], unit: str, window: Window
) -> None:
    found, card_template = rich_panel(rows), rich_template()
    card = score(found, card_template, unit, QUARTER, window)
    for row in card.kpis:
        trace = trace_kpi(found, card_template, card, row.kpi)
        made = trace.made_of
        with localcontext(CONTEXT):
            if made.value is not None and row.value.amount is not None:
                assert made.value.value == row.value.amount
            same = made.compared or made.value
            if same is not None and trace.same.amount is not None:
                assert same.value == trace.same.amount
            if made.plan is not None and trace.goal.amount is not None:
                assert made.plan.value == trace.goal.amount
            assert (row.attainment.amount is None) == (trace.reached is None)
            if trace.reached is not None:
                assert attainment_again(trace) == trace.reached.amount == row.attainment.amount
            if row.score.amount is not None:
                assert score_again(trace) == row.score.amount
            if trace.judged is not None and trace.zones is not None:
                assert trace.zones.status(trace.judged) is row.status


@settings(max_examples=40, deadline=None)
@given(facts(), UNITS, WINDOWS)
def test_contributions_add_up_to_objective_group_and_total_to_the_last_digit(
    rows: list[Row], unit: str, window: Window
) -> None:
    card_template = rich_template()
    card = score(rich_panel(rows), card_template, unit, QUARTER, window)
    parts = [("objective", part.code, part.score) for part in card.objectives]
    parts += [("group", part.code, part.score) for part in card.groups]
    for kind, code, whole in [*parts, ("total", card.template, card.total)]:
        trace = trace_part(card_template, card, kind, code)  # type: ignore[arg-type]
        with localcontext(WIDE):
            assert sum(part.points for part in trace.contributions) == (whole.amount or 0)
        assert all(part.points == 0 for part in trace.contributions if part.score.amount is None)


@settings(max_examples=25, deadline=None)
@given(facts(), WINDOWS)
def test_the_effective_weight_follows_from_how_the_missing_weights_are_spread(rows: list[Row], window: Window) -> None:
    found, card_template = rich_panel(rows), rich_template()
    card = score(found, card_template, "head", QUARTER, window)
    for row in card.kpis:
        spread = trace_kpi(found, card_template, card, row.kpi).spread
        assert (row.kpi in spread.missing) == (row.score.amount is None)
        if row.score.amount is not None:
            with localcontext(CONTEXT):
                inside = divide(row.weight, spread.present)
                assert divide(inside * spread.group_weight, spread.groups_present) == row.effective_weight


@settings(max_examples=25, deadline=None)
@given(facts(), UNITS, WINDOWS)
def test_the_cells_of_origin_add_up_to_the_component_that_they_made(rows: list[Row], unit: str, window: Window) -> None:
    found, card_template = rich_panel(rows), rich_template()
    trace = trace_kpi(found, card_template, score(found, card_template, unit, QUARTER, window), "growth")
    known = [stored(FactKey(measure=m, org_unit=u, period=p, scenario=s), value) for m, u, p, s, value in rows]
    read = facts_read(known, trace.cells, found.organisation, unit)
    covered = quarters_of(window, QUARTER)
    actual = [fact for fact in read if fact.key.scenario is Scenario.ACTUAL and fact.key.period in covered]

    if trace.made_of.value is not None:
        assert sum(fact.value for fact in actual) == trace.made_of.value.top[0].amount


ANCHORS = {"points": [["0.8", "70"], ["1", "100"], ["1.2", "120"]], "floor": "zero"}


def traced(actual: str, plan: str, **definition: str) -> KpiTrace:
    rows = [*quarters("sales", "n1", 2026, [actual] * 3), *quarters("sales", "n1", 2026, [plan] * 3, "plan")]
    card_template = template([{"kpi": "sales_kpi"}], scoring=ANCHORS)
    found = panel(rows, [kpi("sales_kpi", version("sales", **definition))], card_template)
    card = score(found, card_template, "n1", QUARTER, Window.YTD)
    return trace_kpi(found, card_template, card, "sales_kpi")


def test_a_score_between_two_anchors_names_both() -> None:
    trace = traced("9", "10")

    assert trace.found == OnLine(Decimal(85), Place.BETWEEN, (Decimal("0.8"), Decimal(70)), (Decimal(1), Decimal(100)))
    assert trace.reached is not None
    assert (trace.reached.rule, trace.reached.amount) == (Rule.SHARE, Decimal("0.9"))
    assert trace.made_of.target.source is TargetSource.FORMULA


@pytest.mark.parametrize(
    ("actual", "place", "points"),
    [("7.9", Place.CLIFF, "0"), ("8", Place.BETWEEN, "70"), ("12", Place.BETWEEN, "120"), ("13", Place.ABOVE, "120")],
)
def test_a_score_beyond_the_anchors_says_on_which_side(actual: str, place: Place, points: str) -> None:
    found = traced(actual, "10").found

    assert isinstance(found, OnLine)
    assert (found.place, found.score) == (place, Decimal(points))


def test_where_less_is_better_the_share_is_mirrored() -> None:
    trace = traced("11", "10", direction=Direction.LOWER_BETTER)

    assert trace.reached is not None
    assert (trace.reached.rule, trace.reached.share, trace.reached.amount) == (
        Rule.MIRRORED,
        Decimal("1.1"),
        Decimal("0.9"),
    )


def card_with_gaps() -> tuple[Scorecard, ScorecardTemplate]:
    entries = [{"kpi": "here", "weight": "0.75", "target": "10"}, {"kpi": "gone", "weight": "0.25", "target": "10"}]
    card_template = template(entries, minimum_coverage="0.8")
    known = catalogue([kpi("here", version("sales")), kpi("gone", version("refunds"))])
    return score(
        panel(quarters("sales", "n1", 2026, ["9"]), known, card_template), card_template, "n1", QUARTER.shift(-2)
    ), (card_template)


def test_under_the_minimum_coverage_the_total_has_its_reason_and_no_contributions() -> None:
    card, card_template = card_with_gaps()
    total = trace_part(card_template, card, "total", card.template)

    assert (total.score.reason, total.coverage, total.minimum) == (
        Reason.LOW_COVERAGE,
        Decimal("0.75"),
        Decimal("0.8"),
    )
    assert total.status is Status.NONE
    assert [part.points for part in total.contributions] == [0]


def test_what_is_missing_brings_nothing_and_the_others_bring_it_all() -> None:
    card, card_template = card_with_gaps()
    group = trace_part(card_template, card, "group", "results")

    assert [(part.code, part.score.reason) for part in group.contributions] == [
        ("here", None),
        ("gone", Reason.NO_DATA),
    ]
    assert [part.points for part in group.contributions] == [group.score.amount, 0]


def test_an_unknown_code_is_refused() -> None:
    card, card_template = card_with_gaps()
    found = panel([], catalogue([kpi("here", version("sales"))]))

    with pytest.raises(KeyError, match="atlantis"):
        trace_kpi(found, card_template, card, "atlantis")
    with pytest.raises(KeyError, match="atlantis"):
        trace_part(card_template, card, "objective", "atlantis")
