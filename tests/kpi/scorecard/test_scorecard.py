"""The whole card, with golden cases worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.scorecard.compute import result_of, score
from kpi.scorecard.growth import growth
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import KpiResult, Reason, Scorecard, Status, Value, Window
from tests.kpi.scorecard.builders import fact, kpi, panel, quarters, template, version, words

Q1, Q2 = Period.quarter(2026, 1), Period.quarter(2026, 2)
ANCHORS = [("80", "90", "100"), ("100", "75", "50"), ("80", "90", "100"), ("90", "95", "100"), ("90", "95", "100")]
WEIGHTS = ["0.3", "0.2", "0.1", "0.2", "0.2"]
GROUPS = {
    "groups": [
        {"code": "money", "name": words("money"), "weight": "0.6"},
        {"code": "people", "name": words("people"), "weight": "0.4"},
    ],
    "objectives": [
        {"code": "earn", "name": words("earn"), "group": "money"},
        {"code": "save", "name": words("save"), "group": "money"},
        {"code": "train", "name": words("train"), "group": "people"},
    ],
}
FOUR = [
    {"kpi": "k1", "objective": "earn", "weight": "0.5"},
    {"kpi": "k2", "objective": "earn", "weight": "0.3"},
    {"kpi": "k3", "objective": "save", "weight": "0.2"},
    {"kpi": "k4", "objective": "train", "weight": "1"},
]


def sheet(values: Sequence[str]) -> Scorecard:
    """The assessment sheet of the golden case: 80, 100 and 120 points at the anchors, nothing below."""
    falling = [float(points[0]) > float(points[-1]) for points in ANCHORS]
    kpis = [
        kpi(f"k{at}", version(f"c{at}", direction="lower_better" if down else "higher_better"))
        for at, down in enumerate(falling)
    ]
    entries = [
        {
            "kpi": f"k{at}",
            "weight": weight,
            "scoring": {
                "kind": "anchors",
                "basis": "value",
                "floor": "zero",
                "points": list(zip(points, ("80", "100", "120"), strict=True)),
            },
        }
        for at, (weight, points) in enumerate(zip(WEIGHTS, ANCHORS, strict=True))
    ]
    facts = [fact(f"c{at}", "head", "2026Q1", value) for at, value in enumerate(values)]
    return score(panel(facts, kpis), template(entries), "head", Q1)


def card(facts: list[Row], **more: Any) -> Scorecard:
    """Four KPIs in two groups; each is scored by its attainment in percent."""
    kpis = [kpi(f"k{at}", version(f"c{at}")) for at in range(1, 5)]
    return score(panel(facts, kpis), template(FOUR, **{**GROUPS, **more}), "head", Q1)


def reached(*percent: str | None) -> list[Row]:
    """Actual and plan of each KPI in turn, so that it reaches so many percent; None is no data at all."""
    known = [(at, value) for at, value in enumerate(percent, 1) if value is not None]
    actual = [fact(f"c{at}", "head", "2026Q1", value) for at, value in known]
    return actual + [fact(f"c{at}", "head", "2026Q1", 100, "plan") for at, _ in known]


def row_of(
    facts: list[Row],
    entry: dict[str, Any],
    *versions: dict[str, Any],
    window: Window = Window.YTD,
    quarter: Period = Q1,
) -> KpiResult:
    measured = kpi("measured", *versions)
    chosen = template([{"kpi": "measured", **entry}])
    return score(panel(facts, [measured], chosen), chosen, "head", quarter, window).kpis[0]


def test_the_golden_assessment_sheet_gives_its_scores_and_its_total() -> None:
    found = sheet(["95", "72", "77", "92", "98"])
    assert [row.score.amount for row in found.kpis] == [Decimal(x) for x in ("110", "102.4", "0", "88", "112")]
    assert found.total.amount == Decimal("93.48")
    assert found.coverage == 1


@settings(max_examples=30)
@given(st.lists(st.integers(40, 110), min_size=5, max_size=5), st.integers(0, 4), st.integers(1, 30))
def test_a_better_value_never_lowers_the_total(values: list[int], which: int, by: int) -> None:
    better = [value + (by if at != 1 else -by) * (at == which) for at, value in enumerate(values)]
    before, after = (sheet(list(map(str, those))).total.amount for those in (values, better))
    assert before is not None
    assert after is not None
    assert before <= after


def test_the_ministrys_rule_scores_growth_on_last_year() -> None:
    facts = [fact("premium", "head", "2025Q1", 1000), fact("premium", "head", "2026Q1", 1035)]
    entry = {"scoring": {"kind": "growth", "mark": "5", "coefficient": "0.05"}}
    assert row_of(facts, entry, version("premium")).score.amount == Decimal("63.5")  # 3.175 of 5


def test_the_ministrys_rule_scores_a_kpi_that_is_growth_itself_by_its_value() -> None:
    """It used to score how growth changed on last year's growth."""
    facts = [fact("premium", "head", f"{year}Q1", value) for year, value in ((2024, 500), (2025, 1000), (2026, 1035))]
    grown = version("premium + -prior_year:premium", "prior_year:premium")
    entry = {"scoring": {"kind": "growth", "mark": "5", "coefficient": "0.05"}}
    found = row_of(facts, entry, grown)
    assert found.value.amount == Decimal("0.035")
    assert found.score.amount == Decimal("63.5")


def test_scores_roll_up_from_kpi_to_objective_group_and_total() -> None:
    found = card(reached("90", "110", "100", "80"))
    assert {part.code: part.score.amount for part in found.objectives} == {
        "earn": Decimal("97.5"),
        "save": Decimal(100),
        "train": Decimal(80),
    }
    assert [(part.score.amount, part.weight) for part in found.groups] == [
        (Decimal(98), Decimal("0.6")),
        (Decimal(80), Decimal("0.4")),
    ]
    assert found.total.amount == Decimal("90.8")
    assert [row.effective_weight for row in found.kpis] == [Decimal(w) for w in ("0.30", "0.18", "0.12", "0.4")]


@pytest.mark.parametrize("code", ["k1", "k4"])
def test_one_kpi_alone_is_judged_as_in_the_whole_card_but_for_its_share_of_the_total(code: str) -> None:
    facts, kpis = reached("90", "110", "100", None), [kpi(f"k{at}", version(f"c{at}")) for at in range(1, 5)]
    alone = result_of(panel(facts, kpis), template(FOUR, **GROUPS), code, "head", Q1, Window.YTD)

    whole = next(row for row in card(facts).kpis if row.kpi == code)
    assert alone == replace(whole, effective_weight=Decimal(0))


def test_a_kpi_without_data_drops_out_and_its_weight_is_spread_in_its_group() -> None:
    found = card(reached("90", None, "20", "80"))
    assert found.groups[0].score.amount == 70  # (0.5 x 90 + 0.2 x 20) / 0.7
    assert found.groups[0].coverage == Decimal("0.7")
    assert found.coverage == Decimal("0.82")
    assert found.kpis[1].score.reason is Reason.NO_DATA
    assert found.kpis[1].effective_weight == 0
    assert abs(sum((row.effective_weight for row in found.kpis), Decimal(-1))) < Decimal("1e-27")


def test_a_group_without_data_drops_out_and_its_weight_goes_to_the_others() -> None:
    found = card(reached("90", "110", "100", None))
    assert found.total.amount == 98
    assert found.coverage == Decimal("0.6")
    assert found.groups[1].score.reason is Reason.NO_DATA
    assert found.groups[1].status is Status.NONE


def test_under_the_minimum_coverage_there_is_no_total_and_at_it_there_is() -> None:
    facts = reached("90", "110", "100", None)
    assert card(facts, minimum_coverage="0.6").total.amount == 98
    refused = card(facts, minimum_coverage="0.61")
    assert (refused.total.reason, refused.status) == (Reason.LOW_COVERAGE, Status.NONE)
    assert card([]).total.reason is Reason.NO_DATA


def test_a_kpi_without_a_plan_is_shown_but_not_scored() -> None:
    found = row_of([fact("premium", "head", "2026Q1", 5)], {}, version("premium"))
    assert found.value.amount == 5
    assert (found.attainment.reason, found.score.reason) == (Reason.NO_PLAN, Reason.NO_PLAN)
    assert found.status is Status.NONE


def test_a_zero_plan_gives_a_reason_and_a_status_from_the_value() -> None:
    facts = [fact("premium", "head", "2026Q1", 5), fact("premium", "head", "2026Q1", 0, "plan")]
    found = row_of(facts, {}, version("premium"))
    assert (found.attainment.reason, found.score.reason) == (Reason.ZERO_PLAN, Reason.ZERO_PLAN)
    assert found.status is Status.GREEN


def test_the_reason_of_a_missing_actual_reaches_attainment_and_score() -> None:
    found = row_of([fact("premium", "head", "2026Q1", 5, "plan")], {}, version("premium"))
    assert found.target.amount == 5
    assert (found.attainment.reason, found.score.reason) == (Reason.NO_DATA, Reason.NO_DATA)


def test_attainment_and_status_compare_the_same_org_units() -> None:
    facts = [fact("premium", unit, "2026Q1", value) for unit, value in (("north", 80), ("south", 50))]
    found = row_of([*facts, fact("premium", "north", "2026Q1", 100, "plan")], {}, version("premium"))
    assert (found.value.amount, found.target.amount, found.attainment.amount) == (
        Decimal(130),
        Decimal(100),
        Decimal("0.8"),
    )
    assert (found.attainment.present, found.attainment.expected) == (1, 2)
    assert found.status is Status.RED


def test_limits_of_the_scorecard_judge_the_value_and_not_the_score() -> None:
    facts = [fact("premium", "head", "2026Q1", "0.82"), fact("premium", "head", "2026Q1", 2, "plan")]
    found = row_of(facts, {"limits": {"green": "0.82", "amber": "0.74"}}, version("premium"))
    assert (found.score.amount, found.status) == (Decimal(41), Status.GREEN)


def test_amounts_grow_by_a_share_and_ratios_by_points() -> None:
    premium = quarters("premium", "head", 2025, [100, 100]) + quarters("premium", "head", 2026, [110, 88])
    claims = quarters("claims", "head", 2025, [40, 40]) + quarters("claims", "head", 2026, [55, 22])
    amount = row_of(premium, {}, version("premium"), quarter=Q2)
    ratio = row_of(premium + claims, {}, version("claims", "premium"), quarter=Q2)
    assert amount.on_last_quarter.amount == Decimal("-0.2")
    assert amount.on_last_year.amount == Decimal("-0.01")  # year to date against year to date
    assert ratio.on_last_quarter.amount == Decimal("-0.25")


@pytest.mark.parametrize("before", ["0", "-5"])
def test_growth_on_a_base_of_zero_or_less_is_undefined(before: str) -> None:
    found = growth(Value(Decimal(5)), Value(Decimal(before)), relative=True)
    assert (found.amount, found.reason) == (None, Reason.NOT_POSITIVE_BASE)
    assert growth(Value(Decimal(5)), Value(Decimal(before)), relative=False).amount == 5 - Decimal(before)


def test_growth_across_a_definition_that_breaks_history_is_undefined() -> None:
    facts = quarters("premium", "head", 2025, [10] * 4) + quarters("premium", "head", 2026, [11] * 3)
    old = version("premium")
    broken = version("premium", effective_from="2026-04-01", breaks_history=True)
    kept = version("premium", effective_from="2026-04-01")
    found = row_of(facts, {}, old, broken, quarter=Q2)
    assert (found.on_last_quarter.reason, found.on_last_year.reason) == (Reason.BREAK, Reason.BREAK)
    later = row_of(facts, {}, old, broken, quarter=Period.quarter(2026, 3))
    assert later.on_last_quarter.amount == 0
    assert later.on_last_year.reason is Reason.BREAK
    assert row_of(facts, {}, old, kept, quarter=Q2).on_last_year.amount == Decimal("0.1")


@pytest.mark.parametrize(("minimum", "holds"), [("1.5", True), ("1.51", False)])
def test_a_gate_holds_from_its_minimum_on(minimum: str, holds: bool) -> None:
    facts = reached("150", "100", "100", "100")
    gate = card(facts, gates=[{"kpi": "k1", "minimum": str(Decimal(minimum) * 100)}]).gates[0]
    assert (gate.value.amount, gate.holds) == (Decimal(150), holds)
    assert card(reached(None, "1", "1", "1"), gates=[{"kpi": "k1", "minimum": "1"}]).gates[0].holds is None


def test_an_unknown_org_unit_is_a_key_error_even_without_facts() -> None:
    with pytest.raises(KeyError):
        score(panel([], [kpi("k", version("c"))]), template([{"kpi": "k"}]), "nowhere", Q1)


def test_a_card_is_the_same_whatever_decimal_context_surrounds_it() -> None:
    facts = reached("33.333", "66.667", None, "71.43")
    with localcontext() as rough:
        rough.prec = 4
        found = card(facts)
    assert found == card(facts)
