"""What header cells and the lines above a table say."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from openpyxl.utils import get_column_letter

from kpi.facts import Scenario
from kpi.intake.context import IntakeContext
from kpi.intake.grid import Cell, Sheet
from kpi.intake.names import SCENARIO_WORDS, folded, split_unit
from kpi.text import Text
from kpi.units import Unit, UnitTable

_WORDS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "指标编码", "代码", "指标代码", "code", "kpi code", "measure code", "component code"),
    "measure": (
        *("指标", "指标名称", "项目", "数据项", "科目", "名称", "kpi", "kpi name", "item", "measure", "quantity"),
        *("indicator", "metric", "name"),
    ),
    "org_code": ("机构编码", "机构代码", "org unit code", "org code", "branch code"),
    "org_unit": (
        *("机构", "机构名称", "分公司", "部门", "公司", "单位名称", "填报单位", "org unit", "branch", "organisation"),
        *("organization", "entity", "department", "company"),
    ),
    "period": (
        "期间",
        "季度",
        "报告期",
        "时间",
        "日期",
        "年度",
        "period",
        "quarter",
        "date",
        "reporting period",
        "year",
    ),
    "scenario": ("情景", "类型", "场景", "数据类型", "scenario", "version", "type"),
    "value": ("数值", "值", "金额", "value", "amount", "figure"),
    "unit": ("单位", "计量单位", "unit", "unit of measure", "units"),
    "derived": (
        *(
            "合计",
            "总计",
            "小计",
            "全年",
            "全年合计",
            "达成率",
            "完成率",
            "达成",
            "差异",
            "同比",
            "环比",
            "增长率",
            "占比",
            "进度",
        ),
        *("total", "full year", "attainment", "variance", "growth", "yoy", "qoq", "share of total", "achievement"),
    ),
    "reference": ("上期值", "上季值", "最近值", "last value", "previous value"),
    "note": ("备注", "说明", "所属指标", "note", "notes", "remark", "remarks", "comment", "used in"),
}
ROLES: dict[str, str] = {folded(word): role for role, words in _WORDS.items() for word in words}
ROLE_NAMES: dict[str, Text] = {
    "measure": Text(zh="指标", en="KPI"),
    "org_unit": Text(zh="机构", en="org unit"),
    "period": Text(zh="期间", en="period"),
    "actual": Text(zh="实际", en="actual"),
    "plan": Text(zh="计划", en="plan"),
    "scenario": Text(zh="情景", en="scenario"),
    "value": Text(zh="数值", en="value"),
}
_UNIT_LINE = re.compile(
    r"(?<![制报名])单位\s*:\s*(?P<zh>[^()\s]+)|(?<!org )\bunits?\s*:\s*(?P<en>[^()]+)", re.IGNORECASE
)
_ORG_LINE = re.compile(
    r"(?:机构|分公司|部门|编制单位|填报单位|单位名称|org(?:anisation)? unit|branch|entity)\s*:\s*(?P<name>.+)",
    re.IGNORECASE,
)
_PLAN_WORDS = re.compile(r"计划|预算|目标|\bplan(?:ned)?\b|\bbudget\b|\btargets?\b", re.IGNORECASE)
_ACTUAL_WORDS = re.compile(r"实际|完成情况|实绩|\bactuals?\b|\bresults?\b", re.IGNORECASE)


def _half_width(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", cell.text)


def area(first: Cell, last_row: int, sheet: Sheet) -> str:
    """The A1 area from a table's first cell to its last row and the sheet's last filled column."""
    return f"{first.address}:{get_column_letter(sheet.last_column)}{last_row}"


def role_of(cell: Cell, units: UnitTable) -> tuple[str, Unit | None]:
    """The role that a header cell names (``actual``, ``plan`` and ``restated`` among them) and the unit behind it."""
    name, unit = split_unit(cell.text, units)
    word = folded(name)
    scenario = SCENARIO_WORDS.get(word)
    return (scenario.value if scenario else ROLES.get(word, "")), unit


def scenario_of(cell: Cell) -> Scenario | None:
    """The scenario that a cell names."""
    return SCENARIO_WORDS.get(folded(cell.text))


def lines_above(sheet: Sheet, row: int) -> Iterator[Cell]:
    """The text cells above a table's header, the nearest first."""
    for above in sorted((number for number in sheet.rows if number < row), reverse=True):
        for cell in sheet.rows[above]:
            if isinstance(cell.content, str):
                yield cell


def stated_units(above: Iterable[Cell], units: UnitTable) -> tuple[Unit, ...]:
    """The units of a line such as ``单位:万元、%`` or ``Unit: million yuan``; unknown words there are left alone."""
    for cell in above:
        match = _UNIT_LINE.search(_half_width(cell))
        if match:
            words = re.split(r"[、,;/]", match["zh"] or match["en"])
            return tuple(unit for word in words if (unit := units.find(word)) is not None)
    return ()


def stated_org_unit(sheet: Sheet, above: Iterable[Cell], context: IntakeContext) -> str:
    """The org unit named by a line above the table, or by the sheet; empty when neither does."""
    for cell in above:
        match = _ORG_LINE.search(_half_width(cell))
        code = context.names.org_unit(match["name"]) if match else None
        if code:
            return code
    return context.names.org_unit(sheet.name) or ""


def stated_scenario(sheet: Sheet, above: Iterable[Cell]) -> Scenario | None:
    """The scenario that the title or else the sheet's name speaks of; None when neither or both are meant."""
    for text in (*(cell.text for cell in above), sheet.name):
        plan, actual = bool(_PLAN_WORDS.search(text)), bool(_ACTUAL_WORDS.search(text))
        if plan != actual:
            return Scenario.PLAN if plan else Scenario.ACTUAL
    return None
