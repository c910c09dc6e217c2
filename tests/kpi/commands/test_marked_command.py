"""``marked`` and what leaves the house as text."""

import csv
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kpi.commands import main
from kpi.commands.inspect import readings_csv
from kpi.intake.export import facts_workbook
from tests.kpi.intake.builders import DEMO, catalogue, context, demo_with, inspect, workbook

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SCORECAST_LANGUAGE", "en")
    return tmp_path


def test_a_workbook_comes_back_marked_and_nothing_is_stored(folder: Path) -> None:
    file, out = folder / "faulty.xlsx", folder / "out.xlsx"
    content = demo_with("04_annual_plan_2026_zh.xlsx", lambda sheet: sheet.__setitem__("D6", "tbd"))
    file.write_bytes(content)

    assert main(["marked", str(file), "-o", str(out)]) == 0

    book = load_workbook(BytesIO(out.read_bytes()))
    assert book.sheetnames == ["Findings", *load_workbook(BytesIO(content)).sheetnames]
    assert book["年度计划"]["D6"].comment.text.startswith("error ")
    assert file.read_bytes() == content
    assert not (folder / "var").exists()


def test_what_is_no_workbook_is_refused_and_nothing_is_written(folder: Path) -> None:
    file, out = folder / "a.pdf", folder / "out.xlsx"
    file.write_bytes(b"%PDF-1.4")

    assert main(["marked", str(file), "-o", str(out)]) == 2
    assert main(["marked", str(DEMO / "04_annual_plan_2026_zh.xlsx"), "-o", str(folder / "no" / "out.xlsx")]) == 2
    assert not out.exists()


def test_a_sheet_named_like_a_formula_is_text_in_an_export() -> None:
    (made,) = inspect(
        workbook(("指标", "机构", "期间", "单位", "实际"), ("标准保费", "江苏", "2026Q3", "万元", 5), title="=A1")
    ).facts

    content = facts_workbook([made], catalogue(), context().organisation, 1, "zh")

    note = load_workbook(BytesIO(content)).worksheets[0]["I4"]
    assert (note.value, note.data_type) == ("'=A1!E2", "s")


def test_a_label_that_begins_a_formula_is_neutralised_in_the_csv_and_a_negative_number_is_not() -> None:
    content = workbook(("指标", "机构", "期间", "单位", "实际"), ("+cmd", "江苏", "2026Q3", "万元", -5), title="@表")

    (row,) = list(csv.DictReader(readings_csv([inspect(content)]).splitlines()))

    assert row["sheet"] == "'@表"
    assert row["label"].startswith("'+cmd")
    assert row["value"].startswith("-5")
