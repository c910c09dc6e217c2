from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.results import Status
from kpi.scorecard.scoring import anchor_score, as_percent_of_mark, growth_score
from kpi.scorecard.status import status_of, status_of_part
from kpi.scorecard.template import AnchorScoring, GrowthScoring, Limits
from tests.kpi.scorecard.builders import template

HIGHER, LOWER = Direction.HIGHER_BETTER, Direction.LOWER_BETTER
MINISTRY = GrowthScoring(mark=Decimal(5), coefficient=Decimal("0.05"))


def anchors(*points: tuple[str, str], **more: Any) -> AnchorScoring:
    return AnchorScoring.model_validate({"points": points} | more)


RISING = anchors(("80", "80"), ("90", "100"), ("100", "120"))


@pytest.mark.parametrize(("x", "score"), [("80", 80), ("85", 90), ("90", 100), ("95", 110), ("100", 120)])
def test_scores_run_straight_between_anchors(x: str, score: int) -> None:
    assert anchor_score(Decimal(x), RISING) == score


def test_scores_are_level_beyond_the_outer_anchors() -> None:
    assert anchor_score(Decimal(-1), RISING) == 80
    assert anchor_score(Decimal(1000), RISING) == 120


def test_the_order_of_anchors_makes_less_the_better() -> None:
    falling = anchors(("100", "80"), ("75", "100"), ("50", "120"), floor="zero")
    assert anchor_score(Decimal(72), falling) == Decimal("102.4")
    assert anchor_score(Decimal(30), falling) == 120
    assert anchor_score(Decimal("100.01"), falling) == 0


def test_a_cliff_gives_nothing_below_the_worst_anchor_and_its_score_upon_it() -> None:
    cliff = RISING.model_copy(update={"floor": "zero"})
    assert anchor_score(Decimal("79.999"), cliff) == 0
    assert anchor_score(Decimal(80), cliff) == 80
    assert anchor_score(Decimal(101), cliff) == 120


def test_a_cliff_stands_before_a_level_stretch_too() -> None:
    """The worst anchor's neighbour with the same score used to hide the cliff."""
    cliff = anchors(("70", "80"), ("80", "80"), ("100", "120"), floor="zero")
    assert anchor_score(Decimal(69), cliff) == 0
    assert anchor_score(Decimal(75), cliff) == 80


def test_a_peak_has_cliffs_on_both_sides() -> None:
    peak = anchors(("0.8", "60"), ("1", "100"), ("1.2", "60"), floor="zero")
    assert [anchor_score(Decimal(x), peak) for x in ("0.79", "0.9", "1", "1.2", "1.21")] == [0, 80, 100, 60, 0]


@given(st.decimals(0, 200, places=3), st.decimals(0, 200, places=3), st.sampled_from(["clip", "zero"]))
def test_a_better_value_never_scores_lower(one: Decimal, other: Decimal, floor: str) -> None:
    scoring = anchors(("50", "0"), ("80", "70"), ("100", "100"), ("120", "120"), floor=floor)
    low, high = sorted((one, other))
    assert anchor_score(low, scoring) <= anchor_score(high, scoring)


def test_the_ministry_gives_six_tenths_for_no_growth_and_the_coefficient_for_each_point() -> None:
    assert growth_score(Decimal("3.5"), MINISTRY) == Decimal("3.175")
    assert growth_score(Decimal(0), MINISTRY) == 3
    assert as_percent_of_mark(Decimal("3.175"), MINISTRY) == Decimal("63.5")


def test_the_ministrys_points_stay_within_nothing_and_the_mark() -> None:
    assert growth_score(Decimal(1000), MINISTRY) == 5
    assert growth_score(Decimal(-100), MINISTRY) == 0


@pytest.mark.parametrize(
    ("value", "direction", "status"),
    [
        ("0.82", HIGHER, Status.GREEN),
        ("0.8199999999", HIGHER, Status.AMBER),
        ("0.74", HIGHER, Status.AMBER),
        ("0.7399999999", HIGHER, Status.RED),
        ("0.82", LOWER, Status.GREEN),
        ("0.8200000001", LOWER, Status.AMBER),
        ("0.90", LOWER, Status.AMBER),
        ("0.9000000001", LOWER, Status.RED),
    ],
)
def test_the_green_limit_is_green_and_limits_are_compared_before_rounding(
    value: str, direction: Direction, status: Status
) -> None:
    amber = Decimal("0.74") if direction is HIGHER else Decimal("0.90")
    limits = Limits(green=Decimal("0.82"), amber=amber)
    assert status_of(Decimal(value), None, direction, limits=limits) is status


def test_a_value_a_hair_short_of_a_limit_is_short_however_many_digits_it_takes() -> None:
    """Multiplying by a sign used to round to 28 digits before the comparison."""
    short = Decimal("0." + "9" * 35)
    assert status_of(short, None, HIGHER, limits=Limits(green=Decimal(1), amber=Decimal(0))) is Status.AMBER


@pytest.mark.parametrize(
    ("value", "target", "direction", "status"),
    [
        ("90", "100", HIGHER, Status.AMBER),
        ("89.99", "100", HIGHER, Status.RED),
        ("110", "100", LOWER, Status.AMBER),
        ("110.01", "100", LOWER, Status.RED),
        ("-550", "-500", HIGHER, Status.AMBER),
        ("-551", "-500", HIGHER, Status.RED),
        ("0", "0", LOWER, Status.GREEN),
    ],
)
def test_without_limits_amber_is_a_tenth_of_the_target_on_its_worse_side(
    value: str, target: str, direction: Direction, status: Status
) -> None:
    assert status_of(Decimal(value), Decimal(target), direction) is status


@pytest.mark.parametrize(
    ("value", "status"),
    [("89.9", Status.AMBER), ("90", Status.GREEN), ("100", Status.GREEN), ("105", Status.AMBER), ("106", Status.RED)],
)
def test_bands_are_the_limits_of_an_on_target_kpi(value: str, status: Status) -> None:
    bands = Bands.model_validate({"full": ["0.9", "1.0"], "warning": ["0.85", "1.05"]})
    assert status_of(Decimal(value), Decimal(100), Direction.ON_TARGET, bands) is status


@pytest.mark.parametrize("direction", Direction)
def test_without_limits_and_target_there_is_no_status(direction: Direction) -> None:
    assert status_of(Decimal(1), None, direction) is Status.NONE


def test_a_part_is_green_from_the_score_of_a_kpi_on_target() -> None:
    card = template([{"kpi": "any"}], scoring={"points": [["0.5", "0"], ["0.8", "70"], ["1", "100"], ["1.2", "120"]]})
    statuses = [status_of_part(Decimal(score), card) for score in ("100", "99.99", "85", "84.99")]
    assert statuses == [Status.GREEN, Status.AMBER, Status.AMBER, Status.RED]
    assert status_of_part(None, card) is Status.NONE
