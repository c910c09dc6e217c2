"""The rules on arrays agree with the rules on decimals: the same status to the last digit, scores to rounding."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import Bands, Direction
from kpi.periods import Period
from kpi.scorecard.arrays import (
    Floats,
    PartScores,
    anchor_scores,
    attainments,
    entry_scores,
    growth_scores,
    growths,
    inside,
    part_scores,
    shares_by_status,
)
from kpi.scorecard.attainment import attainment
from kpi.scorecard.compute import score
from kpi.scorecard.growth import growth
from kpi.scorecard.results import Status, Value
from kpi.scorecard.scoring import anchor_score, as_percent_of_mark, growth_score
from kpi.scorecard.status import Span, limits_around, status_of, zones_of
from kpi.scorecard.template import AnchorScoring, GrowthScoring, Limits, ScorecardTemplate
from tests.kpi.scorecard.builders import fact, kpi, panel, template, version

BANDS = Bands(full=(Decimal("0.95"), Decimal("1.05")), warning=(Decimal("0.9"), Decimal("1.2")))
GROWN = GrowthScoring(mark=Decimal(5), coefficient=Decimal("0.05"))
CLOSE = 1e-12

amounts = st.decimals(-1000, 1000, places=4)
shares = st.decimals(0, 3, places=3)
directions = st.sampled_from(Direction)


def floats(*numbers: Decimal | int | float | None) -> Floats:
    return np.array([np.nan if number is None else float(number) for number in numbers])


def same(found: Floats, expected: list[Decimal | None]) -> bool:
    return bool(np.allclose(found, floats(*expected), rtol=CLOSE, atol=CLOSE, equal_nan=True))


@given(st.lists(amounts, min_size=1), amounts, directions, st.none() | st.tuples(amounts, shares), shares)
def test_every_path_has_the_status_that_its_value_has_upon_the_limits_too(
    values: list[Decimal],
    target: Decimal,
    direction: Direction,
    own: tuple[Decimal, Decimal] | None,
    amber_share: Decimal,
) -> None:
    bands = BANDS if direction is Direction.ON_TARGET else None
    wider = own and (own[0] - own[1] if direction is Direction.HIGHER_BETTER else own[0] + own[1])
    limits = Limits(green=own[0], amber=wider) if own and wider is not None else None
    zones = zones_of(target, direction, bands, limits, amber_share)
    if zones is None:
        assert direction is Direction.ON_TARGET
        assert not target
        return
    edges = (zones.green.low, zones.green.high, zones.amber.low, zones.amber.high)
    values += [edge for edge in edges if edge is not None]

    found = shares_by_status(floats(*values), zones)

    statuses = [status_of(value, target, direction, bands, limits, amber_share) for value in values]
    expected = [statuses.count(status) / len(values) for status in (Status.GREEN, Status.AMBER, Status.RED)]
    assert list(found) == expected


def test_the_green_limit_belongs_to_green_and_the_amber_limit_to_amber() -> None:
    zones = zones_of(None, Direction.LOWER_BETTER, limits=Limits(green=Decimal("0.05"), amber=Decimal("0.08")))
    assert zones is not None
    assert shares_by_status(floats(0.05, 0.050001, 0.08, 0.080001), zones) == (0.25, 0.5, 0.25)


def test_a_path_without_a_number_lies_in_no_zone() -> None:
    assert inside(floats(None, 1), Span()).tolist() == [False, True]


@given(st.lists(st.integers(-10_000, 10_000), min_size=1), st.integers(-10_000, 10_000), directions)
def test_attainment_is_the_same_path_by_path(values: list[int], target: int, direction: Direction) -> None:
    bands = BANDS if direction is Direction.ON_TARGET else None
    goal = floats(*[target] * len(values))

    found = attainments(floats(*values), goal, direction, bands)

    expected = [attainment(Decimal(value), Decimal(target), direction, bands).amount for value in values]
    assert same(found, expected)


def test_a_value_exactly_on_its_target_attains_exactly_one() -> None:
    for direction in Direction:
        assert attainments(floats(0.3, -7), floats(0.3, -7), direction, BANDS).tolist() == [1.0, 1.0]


@given(
    st.lists(shares, min_size=2, max_size=5, unique=True),
    st.lists(st.integers(0, 120), min_size=5, max_size=5),
    st.lists(shares, min_size=1),
    st.sampled_from(["clip", "zero"]),
)
def test_scores_between_anchors_are_the_same_and_upon_anchors_exact(
    at: list[Decimal], heights: list[int], values: list[Decimal], floor: str
) -> None:
    points = [(x, Decimal(height)) for x, height in zip(at, heights, strict=False)]
    scoring = AnchorScoring.model_validate({"points": points, "floor": floor})

    assert same(anchor_scores(floats(*values), scoring), [anchor_score(value, scoring) for value in values])
    assert anchor_scores(floats(*at), scoring).tolist() == [float(height) for _, height in points]
    assert np.isnan(anchor_scores(floats(None), scoring)).all()


@given(st.lists(st.tuples(amounts, amounts), min_size=1), st.booleans())
def test_growth_and_its_score_are_the_same(pairs: list[tuple[Decimal, Decimal]], relative: bool) -> None:
    found = growths(floats(*(now for now, _ in pairs)), floats(*(before for _, before in pairs)), relative)

    expected = [growth(Value(now), Value(before), relative).amount for now, before in pairs]
    assert same(found, expected)
    points = [None if x is None else as_percent_of_mark(growth_score(x * 100, GROWN), GROWN) for x in expected]
    assert np.allclose(growth_scores(found, GROWN), floats(*points), rtol=0, atol=1e-9, equal_nan=True)


QUARTER = Period.quarter(2026, 1)
CODES = ("a", "b", "c", "d")
KPIS = [kpi(code, version(f"{code}_part")) for code in CODES]


def card(weights: list[Decimal], minimum: str) -> ScorecardTemplate:
    """Four KPIs, three objectives, two groups; two KPIs share an objective."""
    first, second, between = weights
    places = (("x", first), ("x", 1 - first), ("y", second), ("z", 1 - second))
    return template(
        [{"kpi": code, "objective": to, "weight": w} for code, (to, w) in zip(CODES, places, strict=True)],
        groups=[{"code": code, "name": {"zh": code, "en": code}, "weight": w} for code, w in both(between)],
        objectives=[
            {"code": code, "name": {"zh": code, "en": code}, "group": group}
            for code, group in (("x", "one"), ("y", "two"), ("z", "two"))
        ],
        minimum_coverage=minimum,
    )


def both(weight: Decimal) -> list[tuple[str, Decimal]]:
    return [("one", weight), ("two", 1 - weight)]


values = st.none() | st.integers(0, 250)


@given(
    st.lists(st.tuples(values, values, values, values), min_size=1, max_size=4),
    st.lists(st.decimals("0.05", "0.95", places=2), min_size=3, max_size=3),
    st.sampled_from(["0", "0.5", "0.6", "1"]),
)
def test_parts_and_total_are_those_of_the_scorecard_with_gaps_and_coverage(
    paths: list[tuple[int | None, ...]], weights: list[Decimal], minimum: str
) -> None:
    scorecard = card(weights, minimum)
    scores = {}
    for code, column, entry in zip(CODES, zip(*paths, strict=True), scorecard.entries, strict=True):
        value = floats(*column)
        reached = attainments(value, np.full(len(paths), 100.0), Direction.HIGHER_BETTER, None)
        scores[code] = entry_scores(entry, scorecard, value, reached, None)

    found = {(part.kind, part.code): part for part in part_scores(scores, scorecard)}

    for index, path in enumerate(paths):
        facts = [fact(f"{code}_part", "n1", "2026Q1", 100, "plan") for code in CODES]
        facts += [fact(f"{c}_part", "n1", "2026Q1", v) for c, v in zip(CODES, path, strict=True) if v is not None]
        exact = score(panel(facts, KPIS, scorecard), scorecard, "n1", QUARTER)
        for part in exact.objectives:
            check(part.score.amount, part.coverage, found["objective", part.code], index)
        for part in exact.groups:
            check(part.score.amount, part.coverage, found["group", part.code], index)
        check(exact.total.amount, exact.coverage, found["total", "small"], index)


def check(expected: Decimal | None, coverage: Decimal, part: PartScores, index: int) -> None:
    assert same(part.scores[index : index + 1], [expected])
    assert float(part.coverage[index]) == pytest.approx(float(coverage), abs=CLOSE)


def test_parts_that_all_score_the_same_have_exactly_that_score() -> None:
    """Weights such as 0.35, 0.25, 0.2 and 0.2 must not push 100 below the green limit."""
    scorecard = card([Decimal("0.35"), Decimal("0.15"), Decimal("0.65")], "1")
    parts = part_scores({code: floats(100, 100.1) for code in CODES}, scorecard)

    assert all(part.scores[0] == 100.0 for part in parts)
    assert all((part.coverage == 1.0).all() for part in parts)


def test_limits_around_a_target_of_zero_leave_no_amber() -> None:
    assert limits_around(Decimal(0), Direction.HIGHER_BETTER, Decimal("0.1")) == (Decimal(0), Decimal(0))
