"""What somebody said of a workbook's labels and sheets counts before what the workbook says; nothing else changes."""

from dataclasses import replace

from kpi.intake.corrections import Corrections, SheetCorrection
from kpi.intake.inspect import inspect_workbook, study_workbook
from kpi.intake.report import Inspection
from tests.kpi.intake.builders import LONG_ZH, context, errors, facts, workbook

UNKNOWN = workbook(
    LONG_ZH, ("标准保肥", "北京", "2026Q1", "万元", 10, 12), ("标准保费", "北分", "2026Q1", "万元", 1, 2)
)
BARE = workbook(("指标", "一季度"), ("标准保费", 10), title="表一")


def inspect_with(content: bytes, corrections: Corrections) -> Inspection:
    """The inspection of a workbook with corrections."""
    return inspect_workbook(content, "test.xlsx", replace(context(), corrections=corrections))


def test_a_label_is_read_as_what_somebody_said() -> None:
    said = Corrections(measures={"标准保肥": "company_expense"}, org_units={"北分": "beijing"})
    inspection = inspect_with(UNKNOWN, said)

    assert errors(inspection) == []
    assert facts(inspection)["company_expense|beijing|2026Q1|actual"] == "100000"
    assert facts(inspection)["standard_premium|beijing|2026Q1|actual"] == "10000"


def test_a_label_set_aside_leaves_its_numbers_out_and_is_not_asked_for_again() -> None:
    inspection = inspect_with(UNKNOWN, Corrections(measures={"标准保肥": ""}, org_units={"北分": ""}))

    assert inspection.facts == ()
    assert errors(inspection) == []
    assert len(inspection.readings) == 4


def test_what_holds_for_a_sheet_fills_in_what_it_does_not_say() -> None:
    said = SheetCorrection(org_unit="beijing", scenario="plan", year=2027, unit="wan_yuan")

    assert facts(inspect_with(BARE, Corrections(sheets={"表一": said}))) == {
        "standard_premium|beijing|2027Q1|plan": "100000"
    }


def test_a_sheet_set_aside_is_told_and_not_read() -> None:
    inspection = inspect_with(BARE, Corrections(sheets={"表一": SheetCorrection(skip=True)}))

    assert [item.code for item in inspection.findings] == ["sheet_set_aside"]


def test_a_study_shows_each_label_with_its_candidates_and_what_each_cell_is_for() -> None:
    study = study_workbook(UNKNOWN, "test.xlsx", context())
    found = {label.text: label for label in study.labels}
    (sheet,) = study.sheets

    assert (found["标准保费"].state, found["标准保费"].code) == ("certain", "standard_premium")
    assert found["标准保肥"].state == "open"
    assert found["标准保肥"].candidates[0].code == "standard_premium"
    assert found["北分"].kind == "org_unit"
    assert (sheet.roles[1, 1], sheet.roles[2, 3], sheet.roles[2, 5]) == ("header", "period", "listed")
    assert sheet.texts[1][:4] == ("标准保肥", "北京", "2026Q1", "万元")
    assert study.shape == study_workbook(UNKNOWN, "other name.xlsx", context()).shape
