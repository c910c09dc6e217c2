import json
import tomllib
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import dist
from typing import Any

import pytest

from kpi.scorecard.results import Status
from kpi.settings import ROOT
from report import charts
from report.heat_map import SHADES

NAMES = {"actual": "Actual", "plan": "Plan", "forecast": "Forecast"}
AXIS = charts.value_axis(percent=False, divisor=1e6, suffix="M")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
ORDER = ["2026Q1", "2026Q2", "2026Q3"]


def row(quarter: str, role: str, amount: float = 1.0) -> charts.Row:
    return {"quarter": quarter, "role": role, "series": NAMES[role], "amount": amount, "text": str(amount)}


def bar(name: str, target: float | None) -> charts.Row:
    return {
        "name": name,
        "amount": 1.0,
        "target": target,
        "edge": 2.0,
        "label": "1",
        "text": "1",
        "target_text": "2",
        "role": "green",
        "status": "On track",
    }


def drawn(spec: charts.Spec) -> Iterator[tuple[charts.Spec, list[Any]]]:
    """Every layer that draws something, with its data."""

    def walk(layer: charts.Spec, values: list[Any]) -> Iterator[tuple[charts.Spec, list[Any]]]:
        values = layer["data"]["values"] if "data" in layer else values
        if "layer" not in layer:
            yield layer, values
        for inner in layer.get("layer", ()):
            yield from walk(inner, values)

    yield from walk(spec, [])


def marks(spec: charts.Spec) -> list[str]:
    return [layer["mark"]["type"] for layer, _ in drawn(spec)]


@pytest.mark.parametrize(
    "roles", [set(some) for count in (1, 2, 3) for some in combinations(("actual", "plan", "forecast"), count)]
)
def test_a_history_has_no_layer_without_data(roles: set[str]) -> None:
    spec = charts.history([row(ORDER[0], role) for role in sorted(roles)], ORDER, AXIS, NAMES)
    for layer, values in drawn(spec):
        assert values, layer
    legends = {tuple(layer["encoding"]["color"]["legend"]["values"]) for layer, _ in drawn(spec) if is_coloured(layer)}
    assert legends == {tuple(role for role in NAMES if role in roles)}


def is_coloured(layer: charts.Spec) -> bool:
    return "color" in layer["encoding"]


def test_a_history_of_nothing_but_actuals_draws_neither_plan_nor_band() -> None:
    spec = charts.history([row(quarter, "actual") for quarter in ORDER], ORDER, AXIS, NAMES)
    assert marks(spec) == ["line", "point"]


def test_a_break_of_the_definition_is_a_line_with_its_words() -> None:
    spec = charts.history([row(ORDER[0], "actual")], ORDER, AXIS, NAMES, [{"quarter": ORDER[1], "text": "changed"}])
    assert marks(spec)[1:3] == ["rule", "text"]
    assert all(values for _, values in drawn(spec))


def test_every_quarter_has_its_place_even_without_a_value() -> None:
    spec = charts.history([row(ORDER[2], "actual")], ORDER, AXIS, NAMES)
    assert {tuple(layer["encoding"]["x"]["scale"]["domain"]) for layer, _ in drawn(spec)} == {tuple(ORDER)}


def test_many_quarters_keep_at_most_nine_labels_or_so() -> None:
    order = [f"{year}Q{quarter}" for year in range(2016, 2026) for quarter in range(1, 5)]
    spec = charts.history([row(order[0], "actual")], order, AXIS, NAMES)
    labels = next(drawn(spec))[0]["encoding"]["x"]["axis"]["values"]
    assert 5 <= len(labels) <= 15


def test_bars_without_any_target_have_no_layer_of_targets() -> None:
    spec = charts.by_unit([bar("north", None), bar("south", None)], ["north", "south"])
    assert marks(spec) == ["bar", "text"]


def test_only_the_org_units_with_a_target_get_a_tick() -> None:
    spec = charts.by_unit([bar("north", None), bar("south", 2.0)], ["south", "north"])
    ticks = next(values for layer, values in drawn(spec) if layer["mark"]["type"] == "tick")
    assert [value["name"] for value in ticks] == ["south"]
    assert all(values for _, values in drawn(spec))


def test_a_chart_is_plain_json() -> None:
    spec = charts.by_unit([bar("北京", 2.0)], ["北京"])
    assert json.loads(json.dumps(spec)) == spec


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_theme_has_a_colour_for_every_role(mode: str) -> None:
    colours = THEME[mode]["chartCategoricalColors"]
    assert len(colours) == len(charts.ROLES)
    assert len({colour.lower() for colour in colours}) == len(colours)
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in colours)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", ["green", "orange", "red", "gray"])
def test_the_theme_has_the_colours_that_tables_ask_for(mode: str, name: str) -> None:
    assert {f"{name}Color", f"{name}TextColor", f"{name}BackgroundColor"} <= THEME[mode].keys()


def contrast(one: str, two: str) -> float:
    """The contrast of two colours by the web's accessibility rules, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", ["text", "link", "greenText", "orangeText", "redText", "grayText"])
def test_every_text_colour_is_readable_on_both_backgrounds(mode: str, name: str) -> None:
    theme = THEME[mode]
    for background in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(theme[f"{name}Color"], theme[background]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_is_readable_on_each_of_the_ten_diverging_colours(mode: str) -> None:
    colours = THEME[mode]["chartDivergingColors"]
    assert len(colours) == 10
    assert all(contrast(THEME[mode]["textColor"], colour) >= 4.5 for colour in colours)


# What the eye sees of linear red, green and blue without red, green or blue cones; source: Machado, Oliveira and
# Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009, severity 1.
EYES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def seen(colour: str, eye: str) -> list[float]:
    """Lightness and both opponent axes as an eye sees them, 0 to 100 (Ottosson's Oklab)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]

    def times(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
        return [sum(weight * value for weight, value in zip(row, values, strict=True)) for row in rows]

    light = [min(max(value, 0.0), 1.0) for value in times(EYES[eye], linear)]
    to_cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    to_axes = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return [100 * axis for axis in times(to_axes, [cone ** (1 / 3) for cone in times(to_cones, light)])]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_every_eye_tells_the_steps_of_a_heat_map_apart(mode: str, eye: str) -> None:
    colours = [seen(THEME[mode]["chartDivergingColors"][at], eye) for at in SHADES.values()]
    just_noticeable = 2.0
    for one, other in combinations(colours, 2):
        assert dist(one, other) > 1.5 * just_noticeable


def test_statuses_and_lines_are_roles_of_the_charts() -> None:
    assert {status.value for status in Status} | NAMES.keys() == set(charts.ROLES)


def test_percent_axes_say_percent_and_others_their_step() -> None:
    assert charts.value_axis(percent=True, divisor=1, suffix="")["format"] == ".0%"
    assert "1000000.0" in AXIS["labelExpr"]
    assert "'M'" in AXIS["labelExpr"]


def test_a_fan_is_an_area_for_each_share_in_the_place_of_the_one_band() -> None:
    fan: list[charts.Row] = [
        {"quarter": ORDER[1], "share": share, "low": low, "high": 9.0 - low}
        for share, low in (("95 %", 1.0), ("50 %", 4.0))
    ]
    rows = [row(ORDER[0], "actual"), {**row(ORDER[1], "forecast"), "low": 2.0, "high": 7.0}]

    areas = [
        values
        for layer, values in drawn(charts.history(rows, ORDER, AXIS, NAMES, fan=fan))
        if layer["mark"]["type"] == "area"
    ]
    alone = [layer for layer, _ in drawn(charts.history(rows, ORDER, AXIS, NAMES)) if layer["mark"]["type"] == "area"]

    assert [[each["share"] for each in values] for values in areas] == [["95 %"], ["50 %"]]
    assert all(each["role"] == "forecast" for values in areas for each in values)
    assert len(alone) == 1


def test_a_restated_value_has_a_mark_of_its_own() -> None:
    rows = [row(quarter, "actual") for quarter in ORDER]
    spec = charts.history(rows, ORDER, AXIS, NAMES, restated=[{**rows[1], "text": "restated"}])

    marked = [values for layer, values in drawn(spec) if layer["mark"].get("shape") == "diamond"]
    assert [[each["quarter"] for each in values] for values in marked] == [[ORDER[1]]]
    assert json.loads(json.dumps(spec)) == spec
