"""Our own template goes out prefilled and comes back."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from kpi.catalogue.models import Catalogue
from kpi.facts import Scenario
from kpi.intake.export import facts_workbook
from kpi.intake.findings import kinds, manual_page
from kpi.intake.template import TemplateRow, last_values, template_rows, write_template
from kpi.periods import Period
from kpi.scorecard.load import load_templates
from kpi.scorecard.template import ScorecardTemplate
from kpi.settings import DATA, ROOT
from kpi.text import Language
from tests.kpi.intake.builders import catalogue, context, demo_inspection, errors, facts, inspect, saved

QUARTER = Period.quarter(2026, 3)
ROWS = [
    TemplateRow("standard_premium", "beijing", Decimal(1_234_500)),
    TemplateRow("persistency_13m_premium", "beijing", Decimal("0.85")),
    TemplateRow("policies_issued", "shanghai", None),
]


def balanced() -> ScorecardTemplate:
    return load_templates(DATA / "scorecards", catalogue())["balanced"]


def written(language: Language) -> bytes:
    return write_template(ROWS, balanced(), catalogue(), context().organisation, QUARTER, language)


def filled(language: Language, *values: tuple[object, object]) -> bytes:
    """The template with actual and plan written into its rows."""
    book = load_workbook(BytesIO(written(language)))
    sheet: Any = book.worksheets[0]
    for row, (actual, plan) in enumerate(values, 5):
        sheet.cell(row, 8).value, sheet.cell(row, 9).value = actual, plan
    return saved(book)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_filled_in_comes_back_in_base_units(language: Language) -> None:
    inspection = inspect(filled(language, (130, 120), (85.5, None), (None, 40)))

    assert inspection.findings == ()
    assert inspection.tables[0].layout == "template"
    assert facts(inspection) == {
        "standard_premium|beijing|2026Q3|actual": "1300000",
        "standard_premium|beijing|2026Q3|plan": "1200000",
        "persistency_13m_premium|beijing|2026Q3|actual": "0.855",
        "policies_issued|shanghai|2026Q3|plan": "40",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_template_has_no_facts_and_no_findings(language: Language) -> None:
    inspection = inspect(written(language))

    assert inspection.facts == ()
    assert inspection.findings == ()


def test_codes_names_units_and_the_last_value_are_prefilled_with_lists_and_notes() -> None:
    book = load_workbook(BytesIO(written("zh")))
    data, notes, lists = book.worksheets

    assert [cell.value for cell in data[5]][:7] == [
        "standard_premium",
        "标准保费",
        "beijing",
        "北京分公司",
        "2026Q3",
        "万元",
        123.45,
    ]
    assert {validation.type for validation in data.data_validations.dataValidation} == {"list", "decimal"}
    assert notes["A1"].value
    assert lists.sheet_state == "hidden"


def test_every_quantity_of_the_scorecard_is_asked_of_those_who_reported_it_before() -> None:
    rows = template_rows(balanced(), catalogue(), context().organisation, {("claims_paid", "beijing"): Decimal(1)})

    assert [row.org_unit for row in rows if row.measure == "claims_paid"] == ["beijing"]
    assert [row.org_unit for row in rows if row.measure == "embedded_value"] == ["head_office"]
    assert "average_agents" not in {row.measure for row in rows}  # derived from agents on roll


def test_the_last_value_is_the_newest_actual() -> None:
    rows = [
        ("claims_paid", "beijing", Period.quarter(2026, 2), Scenario.ACTUAL, Decimal(2)),
        ("claims_paid", "beijing", Period.quarter(2026, 1), Scenario.ACTUAL, Decimal(1)),
        ("claims_paid", "beijing", Period.quarter(2026, 4), Scenario.PLAN, Decimal(9)),
    ]

    assert last_values(rows) == ({("claims_paid", "beijing"): Decimal(2)}, Period.quarter(2026, 2))


@pytest.mark.parametrize(
    "file", ["01_branches_wide_zh.xlsx", "04_annual_plan_2026_zh.xlsx", "06_restatement_long_en.xlsx"]
)
def test_exported_facts_are_read_back_as_the_same_facts(file: str) -> None:
    given = demo_inspection(file).facts
    whole: Catalogue = catalogue()

    back = inspect(facts_workbook(given, whole, context().organisation, 1, "en"))

    assert errors(back) == []
    assert {fact.key: fact.value for fact in back.facts} == {fact.key: fact.value for fact in given}


def test_the_manual_page_of_the_findings_is_up_to_date() -> None:
    """Made anew by ``python -m kpi findings > docs/findings.md``."""
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == manual_page()
    for kind in kinds().values():
        assert kind.message.zh
        assert kind.remedy.en
