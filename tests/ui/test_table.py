import json
import re
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from kpi.scorecard.results import Status
from report.tables import (
    BAR_END,
    ActionCell,
    BarCell,
    Cell,
    Column,
    Row,
    RowGroup,
    SparkCell,
    StatusCell,
    Table,
    TextCell,
)
from ui.components import table as module
from ui.components.marks import with_marks
from ui.components.table import show_table

SCRIPT, STYLE = with_marks("table.js"), with_marks("table.css")
OURS = (
    SCRIPT + STYLE + "".join(with_marks(f"{name}.{kind}") for name in ("reasons", "scores") for kind in ("js", "css"))
)
EVIL = "</script><img src=x onerror=alert(1)> **bold** [link](javascript:alert(1)) {{x}}"
SPARK = SparkCell("trend", (1.0, None), (None, 2.0), (None, 3.0), (None, 2.5), (None, 3.5))
CELLS: dict[str, Cell] = {
    "name": TextCell(EVIL, note="second line", title="hint"),
    "state": StatusCell("green", "On track"),
    "share": BarCell.attainment("96%", 0.96, Status.AMBER, "3 of 8 cells reported"),
    "trend": SPARK,
    "score": ActionCell("99.6", "kpi:premium", "Why this score"),
}
TABLE = Table(
    "All KPIs",
    [Column("name", "Name", link=True), Column("state", "State"), Column("share", "Share"), Column("trend", "Trend")],
    [RowGroup([Row("premium", CELLS, href="kpi?kpi=premium")], EVIL, "note", "red", "Off track")],
)


class Mount:
    """Takes the place of the platform: remembers what goes to the browser."""

    def __init__(self, chosen: str | None = None) -> None:
        self.chosen = chosen
        self.data: Any = None

    def __call__(self, **given: Any) -> "Mount":
        self.data, self.given = given["data"], given
        return self


@pytest.fixture
def mount(monkeypatch: pytest.MonkeyPatch) -> Mount:
    mount = Mount()
    monkeypatch.setattr(module, "_MOUNT", mount)
    return mount


def sent(mount: Mount) -> dict[str, Any]:
    """The JSON that the browser gets, read back."""
    show_table(TABLE, key="table")
    content: dict[str, Any] = json.loads(json.dumps(mount.data, allow_nan=False))
    return content


def test_a_table_goes_to_the_browser_as_plain_json(mount: Mount) -> None:
    content = sent(mount)
    assert content["label"] == "All KPIs"
    assert content["columns"][0] == {"key": "name", "title": "Name", "align": "left", "help": "", "link": True} | {
        "head": False,
        "sort": "",
    }
    group = content["groups"][0]
    assert (group["note"], group["code"], group["word"]) == ("note", "red", "Off track")
    row = group["rows"][0]
    assert (row["key"], row["href"], row["chosen"]) == ("premium", "kpi?kpi=premium", False)
    assert {name: cell["kind"] for name, cell in row["cells"].items()} == {
        "name": "text",
        "state": "status",
        "share": "bar",
        "trend": "spark",
        "score": "action",
    }


def test_text_from_a_workbook_arrives_letter_by_letter(mount: Mount) -> None:
    content = sent(mount)
    assert content["groups"][0]["title"] == EVIL
    assert content["groups"][0]["rows"][0]["cells"]["name"] == {
        "text": EVIL,
        "note": "second line",
        "title": "hint",
        "kind": "text",
    }


def test_our_scripts_put_text_in_as_text_and_never_as_markup() -> None:
    markup = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\b|srcdoc"
    )
    assert not re.search(markup, OURS)
    assert "textContent" in SCRIPT


def test_our_scripts_and_styles_ask_nobody_else_for_anything() -> None:
    addresses = set(re.findall(r"https?://[^\s\"')]+", OURS))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|@import|url\(", OURS)


def test_the_script_draws_every_kind_of_cell_and_every_status() -> None:
    drawn = re.findall(r"\w+", SCRIPT[SCRIPT.index("const DRAW") :].splitlines()[0])
    for cell in CELLS.values():
        assert cell.kind in drawn
    shapes = SCRIPT[SCRIPT.index("const SHAPES") : SCRIPT.index("const element")]
    for status in Status:
        assert f"  {status.value}: [" in shapes
        assert f".status.{status.value}" in STYLE
        assert f".fill.{status.value}" in STYLE


def test_a_missing_point_of_a_sparkline_is_null_and_not_zero(mount: Mount) -> None:
    trend = sent(mount)["groups"][0]["rows"][0]["cells"]["trend"]
    assert (trend["actual"], trend["target"]) == ([1.0, None], [None, 2.0])


def test_an_attainment_bar_is_full_at_its_end_and_marked_at_its_target() -> None:
    assert BarCell.attainment("150%", 1.5, Status.GREEN).share == 1
    assert BarCell.attainment("100%", 1.0, Status.GREEN).share == BarCell("", 0, "").mark == 1 / BAR_END


def test_the_link_just_clicked_is_told_by_its_rows_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOUNT", Mount(chosen="premium"))
    assert show_table(TABLE, key="table") == "premium"


@pytest.mark.parametrize("chosen", [None, ""])
def test_without_a_click_nothing_is_chosen(monkeypatch: pytest.MonkeyPatch, chosen: str | None) -> None:
    monkeypatch.setattr(module, "_MOUNT", Mount(chosen=chosen))
    assert show_table(replace(TABLE, groups=()), key="table") is None


def test_a_click_on_a_title_or_a_score_is_told_before_the_page_is_drawn_anew(
    mount: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    show_table(TABLE, key="table", on_sort=lambda column: told.append(f"sort {column}"), on_ask=told.append)
    monkeypatch.setattr(st, "session_state", {"table": {"sorted": "score", "asked": "kpi:premium"}})
    mount.given["on_sorted_change"]()
    mount.given["on_asked_change"]()
    assert told == ["sort score", "kpi:premium"]

    monkeypatch.setattr(st, "session_state", {"table": {"sorted": None, "asked": None}})
    mount.given["on_sorted_change"]()
    mount.given["on_asked_change"]()
    assert len(told) == 2
