"""Which org units are named and in which order, beside a KPI's own page."""

from decimal import Decimal
from typing import Any

import pytest

from kpi.catalogue.models import Kpi
from kpi.scorecard.results import Value
from tests.kpi.scorecard.builders import kpi, version
from ui.components.kpi_branches import _ends, best_first

BANDS = {"full": ["0.9", "1.1"], "warning": ["0.8", "1.2"]}


def judged(direction: str, **more: Any) -> Kpi:
    return kpi("x", version("a", direction=direction, **more))


FOUND = {
    "north": (Value(Decimal(90)), Value(Decimal(100))),
    "south": (Value(Decimal(104)), Value(Decimal(100))),
    "east": (Value(Decimal(150)), Value(Decimal(150))),
    "west": (Value(Decimal(95)), Value()),
}


@pytest.mark.parametrize(
    ("definition", "order"),
    [
        (judged("higher_better"), ["east", "south", "west", "north"]),
        (judged("lower_better"), ["north", "west", "south", "east"]),
        (judged("on_target", bands=BANDS), ["east", "south", "north", "west"]),
    ],
)
def test_the_best_comes_first_whichever_way_is_good(definition: Kpi, order: list[str]) -> None:
    assert best_first(FOUND, definition) == order


@pytest.mark.parametrize(("count", "shown"), [(3, "abc"), (6, "abcdef"), (7, "abcefg")])
def test_too_many_org_units_are_shown_by_both_ends(count: int, shown: str) -> None:
    assert _ends("abcdefg"[:count], 6) == list(shown)
