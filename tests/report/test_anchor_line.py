from decimal import Decimal
from typing import Any

import pytest

from kpi.scorecard.template import AnchorScoring
from report import pictures
from report.anchor_line import anchor_line

RISING = AnchorScoring.model_validate({"points": [["0.5", "0"], ["0.8", "70"], ["1", "100"]], "floor": "zero"})
FALLING = AnchorScoring.model_validate({"basis": "value", "points": [["0.05", "100"], ["0.15", "0"]]})
PERCENT = (True, 1.0, "")


def drawn(scoring: AnchorScoring, x: str) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = anchor_line(scoring, Decimal(x), "green", "label", "title", PERCENT)["layer"]
    return layers


def test_the_point_lies_on_the_line_at_the_score_that_the_scorecard_gives() -> None:
    point = drawn(RISING, "0.9")[-1]["data"]["values"][0]
    assert (point["x"], point["score"], point["role"]) == (0.9, 85, "green")


def test_the_line_goes_through_the_anchors_and_falls_off_the_cliff() -> None:
    line = [(row["x"], row["score"]) for row in drawn(RISING, "0.9")[0]["data"]["values"]]
    assert line[2:5] == [(0.5, 0), (0.8, 70), (1, 100)]
    assert [score for _, score in line[:2]] == [0, 0]
    assert line == sorted(line)
    assert [row["score"] for row in drawn(FALLING, "0.1")[0]["data"]["values"]][-2:] == [0, 0]


@pytest.mark.parametrize("x", ["0.2", "3"])
def test_a_point_beyond_the_anchors_is_in_the_picture(x: str) -> None:
    layer = drawn(RISING, x)[0]
    low, high = layer["encoding"]["x"]["scale"]["domain"]
    assert low < float(x) < high


@pytest.mark.parametrize(
    ("scoring", "x", "above"),
    [(RISING, "0.95", True), (RISING, "0.55", False), (FALLING, "0.06", True), (FALLING, "0.14", False)],
)
def test_the_label_stands_beside_the_line_and_not_upon_it(scoring: AnchorScoring, x: str, above: bool) -> None:
    assert (drawn(scoring, x)[-1]["mark"]["dy"] < 0) is above


def test_it_can_be_drawn_without_a_browser() -> None:
    spec = anchor_line(RISING, Decimal("0.9"), "amber", "90% → 85.0", "Attainment", PERCENT)
    assert "90% → 85.0" in pictures.svg(spec, "Anchors", "light")
