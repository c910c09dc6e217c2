"""A workbook as people make them: titles, headings over two rows, own names, an error value, totals, hidden parts."""

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from tests.kpi.intake.builders import saved

OWN_LABEL = "标保费收入（含银保）"
OWN_BRANCH = "滨海新区支公司"
_BRANCHES = (("北京分公司", 431), ("上海分公司", 385), (OWN_BRANCH, 12))


def messy(quarter: int = 3) -> bytes:
    """The report of one quarter; another quarter's has the same form."""
    book: Any = Workbook()
    _report(book.active, quarter)
    _figures(book.create_sheet("Other figures"), quarter)
    notes = book.create_sheet("Notes")
    notes["A1"] = "Prepared by Finance, not for publication"
    notes.sheet_state = "hidden"
    return saved(book)


def _report(sheet: Any, quarter: int) -> None:
    sheet.title = "经营月报"
    sheet["A1"] = f"示例人寿 2026年第{'一二三四'[quarter - 1]}季度经营分析"
    sheet["A2"], sheet["G2"] = "单位：万元", "制表：财务部"
    for cell, text in {"A4": "指标 KPI", "B4": "机构", "C4": f"2026Q{quarter - 1}", "E4": f"2026Q{quarter}"}.items():
        sheet[cell] = text
    sheet["G4"] = "备注"
    for column in "CE":
        sheet[f"{column}5"] = "实际 Actual"
    for column in "DF":
        sheet[f"{column}5"] = "计划 Plan"
    for area in ("A1:G1", "A4:A5", "B4:B5", "C4:D4", "E4:F4", "G4:G5"):
        sheet.merge_cells(area)
    for name, share in (("标准保费", 100), (OWN_LABEL, 60), ("赔付支出 Claims paid", 9)):
        for branch, size in _BRANCHES:
            amounts = [round(size * share * part / 100, 1) for part in (101.4, 100.2, 103.7, 102.5)]
            sheet.append([name, branch, *amounts])
    last = sheet.max_row
    sheet.append(
        ["合计", None, *(round(sum(sheet.cell(row, at).value for row in range(6, last + 1)), 1) for at in (3, 4, 5, 6))]
    )
    sheet["E7"] = "#DIV/0!"
    sheet["G8"] = '<b>含税</b> & "调整"'
    sheet.column_dimensions["D"].hidden = True
    for cell in ("A1", "A4", "B4", "C4", "E4"):
        sheet[cell].font = Font(bold=True)


def _figures(sheet: Any, quarter: int) -> None:
    for row in (
        ("Figures nobody else keeps",),
        (),
        ("Item", f"Q{quarter - 1} 2026", f"Q{quarter} 2026"),
        ("Training evenings", 31, 44),
        ("Customer breakfasts", 5, 6),
    ):
        sheet.append(list(row))
