"""The heat map on its way to the browser, and what the page asks of its cached doors."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kpi.scorecard.results import Status
from report.heat_map import SHADES, HeatCell, HeatColumn, HeatGroup, HeatMap, HeatRow, Swatch
from report.words import Words
from tests.kpi.scorecard.builders import organisation
from ui import heat
from ui.components import heat_map as module
from ui.components.heat_map import payload, show_heat

HERE = Path(module.__file__).parent
SCRIPT = (HERE / "heat_map.js").read_text(encoding="utf-8")
STYLE = (HERE / "heat_map.css").read_text(encoding="utf-8")
EVIL = "</script><img src=x onerror=alert(1)>"
CELL = HeatCell("99%", "99.3%", "Watch", "-1", "worse", partial=True, share=0.993)
HEAT = HeatMap(
    label=EVIL,
    names=HeatColumn("name", "Org unit", "Org unit"),
    groups=[HeatGroup(EVIL, [HeatColumn("sales", "Sales", "Sales of all kinds", "descending")])],
    top=HeatRow("head", EVIL, {"sales": CELL}, below=1),
    rows=[HeatRow("north", "North", {"sales": HeatCell("—", note="No data")}, chosen=True)],
    legend=[Swatch("-1", "under 100%")],
)


class Mount:
    """Takes the place of the platform: remembers what goes to the browser."""

    def __init__(self, chosen: str | None = None) -> None:
        self.chosen, self.data = chosen, None

    def __call__(self, **given: Any) -> "Mount":
        self.data = given["data"]
        return self


def test_a_heat_map_goes_to_the_browser_as_plain_json() -> None:
    sent = json.loads(payload(HEAT, Words("en")))
    assert sent["groups"][0]["columns"][0]["sorted"] == "descending"
    assert sent["rows"][0]["chosen"] is True
    assert sent["words"]["below"] == "# directly below"
    assert sent["top"]["cells"] == [["99%", "99.3%", "Watch", "-1", "worse", True]]
    assert sent["shades"] == SHADES


def test_the_script_puts_text_in_as_text_and_asks_nobody_else_for_anything() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", SCRIPT)
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|WebSocket|@import|url\(", SCRIPT + STYLE)


def test_every_tone_has_its_look() -> None:
    for status in Status:
        if status is not Status.NONE:
            assert f".{status.value}.tint" in STYLE
    for name in ("same", "partial", "nothing", "better", "worse", "shade"):
        assert f".{name}" in STYLE


@pytest.mark.parametrize(
    ("chosen", "clicked"),
    [(None, None), ("sort -score", ("sort", ["-score"])), ("kpi sales north", ("kpi", ["sales", "north"]))],
)
def test_a_click_says_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, clicked: tuple[str, list[str]] | None
) -> None:
    mount = Mount(chosen)
    monkeypatch.setattr(module, "_MOUNT", mount)
    assert show_heat(payload(HEAT, Words("en")), {"kpiLink": "kpi?"}, lambda *_: None, key="heat") == clicked
    assert mount.data is not None
    assert mount.data["kpiLink"] == "kpi?"


def test_an_org_unit_stands_above_those_below_it_or_among_those_beside_it() -> None:
    tree = organisation()
    assert heat.family(tree, "head") == ("head", ("north", "south"))
    assert heat.family(tree, "south") == ("head", ("north", "south"))
    assert heat.family(tree, "n1") == ("north", ("n1", "n2"))
    assert heat.family(organisation({"head": None}), "head") == ("head", ())


def test_the_moves_ranked_are_of_those_below_and_of_the_org_unit_itself_where_there_are_none() -> None:
    tree = organisation()
    assert heat.scope_units(tree, "head", "children") == ("north", "south")
    assert heat.scope_units(tree, "head", "all") == ("north", "n1", "n2", "south")
    assert heat.scope_units(tree, "n1", "children") == heat.scope_units(tree, "n1", "all") == ("n1",)


def test_names_in_chinese_are_sorted_by_their_sound() -> None:
    names = ["四川分公司", "北京分公司", "浙江分公司", "广东分公司", "江苏分公司"]
    assert sorted(names, key=heat.by_sound) == ["北京分公司", "广东分公司", "江苏分公司", "四川分公司", "浙江分公司"]
