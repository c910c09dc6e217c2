"""The demo company's workbooks, in the layouts that such companies have."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from kpi.catalogue.models import Catalogue
from kpi.demo.company import BRANCHES, DEPARTMENTS, HEAD_OFFICE, LAST, QUARTERS
from kpi.demo.figures import Figures, Key, figures, restatements
from kpi.facts import Scenario
from kpi.intake.template import shown_unit, template_rows, write_template
from kpi.organisation import Organisation
from kpi.periods import Grain, Period
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Language
from kpi.units import Dimension

_WIDE = (
    *("standard_premium", "new_business_standard_premium", "new_business_market_total", "company_expense"),
    *("first_year_premium_of_cohort", "second_year_premium_received", "agents_on_roll", "agents_with_sales"),
    *("agents_licensed", "trainings_held", "core_staff", "core_leavers"),
)
_PLANNED = ("standard_premium", "company_expense", "trainings_held")
_HEAD = PatternFill("solid", fgColor="DCE8F2")
_CREATED = datetime(2026, 10, 15)  # noqa: DTZ001  (the file format knows no time zone)
_BEFORE_LAST = QUARTERS[:-1]
_Write = Callable[["_Source"], Workbook]


class _Source:
    """The figures with what is needed to write them down."""

    def __init__(self, catalogue: Catalogue, organisation: Organisation, scorecard: ScorecardTemplate) -> None:
        self.catalogue, self.organisation, self.scorecard = catalogue, organisation, scorecard
        self.figures: Figures = figures()
        self.restated: Figures = restatements()

    def name(self, measure: str, language: Language) -> str:
        return self.catalogue.name_of(measure).in_(language)

    def org_name(self, unit: str, language: Language) -> str:
        return self.organisation.by_code[unit].name.in_(language)

    def shown(self, key: Key) -> Decimal | None:
        """The figure in the unit people write, None when it was never reported."""
        value = self.figures.get(key)
        return None if value is None else shown_unit(key[0], self.catalogue).from_base(value)


def demo_workbooks(catalogue: Catalogue, organisation: Organisation, scorecard: ScorecardTemplate) -> dict[str, bytes]:
    """Every workbook by file name, in the order in which they are to be loaded."""
    source = _Source(catalogue, organisation, scorecard)
    books: dict[str, _Write] = {
        "01_branches_wide_zh.xlsx": _branches,
        "02_claims_and_service_long_en.xlsx": _claims,
        "03_head_office_long_zh.xlsx": _head_office,
        "04_annual_plan_2026_zh.xlsx": _annual_plan,
        "05_template_2026Q3_en.xlsx": _template,
        "06_restatement_long_en.xlsx": _restatement,
    }
    return {name: _bytes(write(source)) for name, write in books.items()}


def _bytes(book: Workbook) -> bytes:
    book.properties.created = book.properties.modified = _CREATED
    book.properties.creator = "Haiyue Life Insurance"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _new_sheet(book: Workbook, title: str, first: bool) -> Any:  # openpyxl has no types
    sheet: Any = book.active if first else book.create_sheet()
    sheet.title = title
    return sheet


def _header(sheet: Any, row: int, words: Sequence[str], widths: Sequence[int]) -> None:
    for column, (word, width) in enumerate(zip(words, widths, strict=True), 1):
        cell = sheet.cell(row, column, word)
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(horizontal="center")
        sheet.column_dimensions[get_column_letter(column)].width = width


def _branches(source: _Source) -> Workbook:
    """Wide, Chinese: a sheet a year, quarters across with actual and plan below each, money in 万元."""
    book = Workbook()
    for number, year in enumerate(range(QUARTERS[0].year, LAST.year + 1)):
        sheet = _new_sheet(book, f"{year}年", number == 0)
        sheet["A1"], sheet["A1"].font = f"海岳人寿 分公司经营情况表（{year}年）", Font(bold=True, size=14)
        sheet["A2"] = "单位：万元（人力、次数为个）"
        quarters = Period(year).quarters()
        _header(
            sheet,
            3,
            ["指标", "机构", *(word for q in quarters for word in (f"{q.year}年第{q.index}季度", ""))],
            [26, 16, *[14] * 8],
        )
        _header(sheet, 4, ["", "", *["实际", "计划"] * 4], [26, 16, *[14] * 8])
        for column in range(3, 11, 2):
            sheet.merge_cells(start_row=3, end_row=3, start_column=column, end_column=column + 1)
        for label in "AB":
            sheet.merge_cells(f"{label}3:{label}4")
        row = 5
        for measure in _WIDE:
            for branch in BRANCHES:
                sheet.cell(row, 1, source.name(measure, "zh"))
                sheet.cell(row, 2, source.org_name(branch.code, "zh"))
                _wide_values(sheet, row, source, measure, branch.code, quarters)
                row += 1
        sheet.freeze_panes = "C5"
    return book


def _wide_values(sheet: Any, row: int, source: _Source, measure: str, unit: str, quarters: Iterable[Period]) -> None:
    column = 3
    for quarter in quarters:
        actual = source.shown((measure, unit, quarter, Scenario.ACTUAL)) if quarter < LAST else None
        plan = source.shown((measure, unit, quarter, Scenario.PLAN)) if measure in _PLANNED else None
        for value in (actual, plan):
            cell = sheet.cell(row, column, value)
            cell.number_format = "#,##0.00" if shown_unit(measure, source.catalogue).factor > 1 else "#,##0"
            column += 1


def _service_measures(source: _Source) -> list[str]:
    found = {measure for measure, unit, _, _ in source.figures if unit == BRANCHES[0].code}
    people = {"appraisals_due", "appraisals_on_time", "employee_respondents", "employee_score_sum"}
    order = [component.code for component in source.catalogue.components]
    rest = found - set(_WIDE) - people - {"risk_loss_ratio"}
    return sorted(rest, key=order.index)


def _claims(source: _Source) -> Workbook:
    """Long, English: one row a figure; money in million yuan; targets of the loss ratio in percent."""
    book = Workbook()
    sheet = _new_sheet(book, "Claims and service", True)
    sheet["A1"], sheet["A1"].font = "Claims and policy service by branch", Font(bold=True, size=14)
    _header(sheet, 3, ["KPI", "Org unit", "Period", "Unit", "Actual", "Plan", "Remarks"], [44, 20, 10, 16, 14, 12, 30])
    row = 4
    for measure in _service_measures(source):
        money = source.catalogue.unit_of(measure).dimension is Dimension.MONEY
        unit = source.catalogue.units["million_yuan"] if money else source.catalogue.unit_of(measure)
        for branch in BRANCHES:
            for quarter in _BEFORE_LAST:
                value = source.figures.get((measure, branch.code, quarter, Scenario.ACTUAL))
                if value is None:
                    continue
                labels = [
                    source.name(measure, "en"),
                    source.org_name(branch.code, "en"),
                    f"Q{quarter.index} {quarter.year}",
                ]
                _write(sheet, row, [*labels, unit.name.en, unit.from_base(value), None, None])
                row += 1
    for key, value in source.figures.items():
        measure, org_unit, period, _ = key
        if measure == "risk_loss_ratio":
            labels = [source.name(measure, "en"), source.org_name(org_unit, "en"), str(period)]
            _write(sheet, row, [*labels, "%", None, value, "Target of the year"])
            sheet.cell(row, 6).number_format = "0.0%"
            row += 1
    sheet.freeze_panes = "A4"
    return book


def _head_office(source: _Source) -> Workbook:
    """Long, Chinese: the legal entity on one sheet, people of departments and branches on the other."""
    book = Workbook()
    headings = ["指标名称", "机构名称", "报告期", "计量单位", "本期实际", "计划", "备注"]
    widths = [26, 18, 12, 10, 16, 14, 24]
    sheets = {
        "法人口径": [key for key in source.figures if key[1] == HEAD_OFFICE and key[3] is Scenario.ACTUAL],
        "人员": [
            key for key in source.figures if key[0].startswith(("appraisals", "employee", "core_")) and _people(key)
        ],
    }
    for number, (title, keys) in enumerate(sheets.items()):
        sheet = _new_sheet(book, title, number == 0)
        sheet["A1"], sheet["A1"].font = f"海岳人寿 {title}季度数据", Font(bold=True, size=14)
        sheet["A2"] = "填报部门：财务部、人力资源部；空白表示未填报"
        _header(sheet, 4, headings, widths)
        row = 5
        for measure, org_unit, period, scenario in sorted(keys, key=lambda key: (key[0], key[1], key[2])):
            if period < LAST:
                unit = shown_unit(measure, source.catalogue)
                labels = [
                    source.name(measure, "zh"),
                    source.org_name(org_unit, "zh"),
                    f"{period.year}年{'一二三四'[period.index - 1]}季度",
                ]
                _write(
                    sheet, row, [*labels, unit.name.zh, source.shown((measure, org_unit, period, scenario)), None, None]
                )
                row += 1
        sheet.freeze_panes = "A5"
    return book


def _people(key: Key) -> bool:
    return key[1] in DEPARTMENTS or not key[0].startswith("core_")


def _annual_plan(source: _Source) -> Workbook:
    """Wide, Chinese: the annual plan; premium in 亿元, the increase of embedded value of the whole company."""
    book = Workbook()
    sheet = _new_sheet(book, "年度计划", True)
    sheet["A1"], sheet["A1"].font = "海岳人寿 2026年度经营计划", Font(bold=True, size=14)
    sheet["A2"] = "经董事会批准；按季度分解见计分卡设置"
    _header(sheet, 4, ["指标", "机构", "单位", "2026年度"], [26, 18, 10, 16])
    sheet["E4"], sheet["E4"].font, sheet["E4"].fill = "备注", Font(bold=True), _HEAD
    row = 5
    for (measure, org_unit, period, scenario), value in source.figures.items():
        if period.grain is Grain.YEAR and scenario is Scenario.PLAN and measure != "risk_loss_ratio":
            unit = source.catalogue.units["yi_yuan"]
            labels = [source.name(measure, "zh"), source.org_name(org_unit, "zh"), unit.name.zh]
            _write(sheet, row, [*labels, unit.from_base(value), None])
            row += 1
    return book


def _template(source: _Source) -> Workbook:
    """Our own template, filled in for the last quarter."""
    before = {
        (measure, unit): value
        for (measure, unit, period, scenario), value in source.figures.items()
        if scenario is Scenario.ACTUAL and period == LAST.shift(-1)
    }
    rows = template_rows(source.scorecard, source.catalogue, source.organisation, before)
    content = write_template(rows, source.scorecard, source.catalogue, source.organisation, LAST, "en")
    book = load_workbook(BytesIO(content))
    sheet: Any = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[4]}
    for row in range(5, sheet.max_row + 1):
        measure, unit = sheet.cell(row, columns["Code"]).value, sheet.cell(row, columns["Org unit code"]).value
        sheet.cell(row, columns["Actual"]).value = source.shown((measure, unit, LAST, Scenario.ACTUAL))
    return book


def _restatement(source: _Source) -> Workbook:
    """Long, English, with a scenario column: what was corrected afterwards."""
    book = Workbook()
    sheet = _new_sheet(book, "Restatement", True)
    sheet["A1"], sheet["A1"].font = "Restated figures, approved by the finance department", Font(bold=True, size=14)
    _header(
        sheet, 3, ["KPI", "Org unit", "Period", "Scenario", "Unit", "Value", "Remarks"], [30, 20, 10, 12, 16, 16, 46]
    )
    for row, ((measure, unit, period, scenario), value) in enumerate(source.restated.items(), 4):
        labels = [source.name(measure, "en"), source.org_name(unit, "en"), str(period), scenario.value]
        reason = "Advertising of December was booked twice"
        _write(sheet, row, [*labels, "yuan", value, reason])
    return book


def _write(sheet: Any, row: int, values: Sequence[object]) -> None:
    for column, value in enumerate(values, 1):
        sheet.cell(row, column, value)
