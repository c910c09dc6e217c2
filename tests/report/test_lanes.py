from typing import Any

import pytest

from report.charts import Spec
from report.contribution_bars import contribution_bars
from report.lanes import Lane, lanes
from report.pictures import svg

ORDER = ["2026Q1", "2026Q2"]


def point(quarter: str, amount: float | None, role: str = "actual") -> dict[str, str | float | None]:
    return {"quarter": quarter, "role": role, "amount": amount, "text": str(amount), "series": role}


def layers(spec: Spec, kind: str) -> list[list[dict[str, Any]]]:
    return [layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == kind]


def bar(name: str, amount: float) -> dict[str, str | float | None]:
    return {"name": name, "amount": amount, "text": f"{amount:+}", "role": "green", "word": "for the better"}


def test_all_lanes_share_one_scale_and_higher_values_stand_higher() -> None:
    spec = lanes(
        [Lane("north", [point(ORDER[0], 10.0)]), Lane("south", [point(ORDER[0], 0.0), point(ORDER[1], 5.0)])], ORDER
    )
    (places,) = layers(spec, "line")
    by_amount = {row["amount"]: row["place"] for row in places}

    assert 0 < by_amount[10.0] < 1 < by_amount[5.0] < by_amount[0.0] < 2
    assert 1 + by_amount[10.0] < by_amount[5.0]  # 10 stands higher in its lane than 5 in the next
    assert by_amount[5.0] - (1 + by_amount[10.0]) == pytest.approx(by_amount[0.0] - by_amount[5.0])


def test_each_lane_has_its_name_and_its_note_and_only_lines_with_values() -> None:
    spec = lanes([Lane("north", [point(ORDER[0], 1.0), point(ORDER[1], None)], "1 · Watch"), Lane("south", [])], ORDER)

    assert [[(row["name"], row["note"]) for row in rows] for rows in layers(spec, "text")] == [
        [("north", "1 · Watch"), ("south", "")]
    ] * 2
    assert [[row["quarter"] for row in rows] for rows in layers(spec, "line")] == [[ORDER[0]]]


@pytest.mark.parametrize("shown", [[], [Lane("north", [])], [Lane("north", [point(ORDER[0], 3.0)])]])
def test_few_lanes_or_equal_values_can_be_drawn(shown: list[Lane]) -> None:
    assert "<svg" in svg(lanes(shown, ORDER))


def test_bars_lie_between_nought_and_their_amount_one_row_each() -> None:
    (bars,) = layers(contribution_bars([bar("north", 2.0), bar("south", -1.0)]), "rect")

    assert [(row["from"], row["amount"], int(row["top"]), int(row["bottom"])) for row in bars] == [
        (0, 2.0, 0, 0),
        (0, -1.0, 1, 1),
    ]


@pytest.mark.parametrize("amounts", [[], [0.0], [0.0, 0.0], [3.0], [-3.0, -1.0]])
def test_any_contributions_can_be_drawn(amounts: list[float]) -> None:
    assert "<svg" in svg(contribution_bars([bar(f"unit {at}", amount) for at, amount in enumerate(amounts)]))
