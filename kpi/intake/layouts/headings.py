"""What header cells say."""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from openpyxl.utils import get_column_letter

from kpi.facts import Scenario
from kpi.intake.context import IntakeContext
from kpi.intake.grid import Cell, Sheet
from kpi.intake.names import SCENARIO_WORDS, TOTALS, folded, split_unit
from kpi.intake.numbers import read_number
from kpi.intake.period_text import parse_period
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
    "note": (
        *("序号", "编号", "no", "number", "serial"),
        *("备注", "说明", "所属指标", "note", "notes", "remark", "remarks", "comment", "used in"),
    ),
}
ROLES: dict[str, str] = {folded(word): role for role, words in _WORDS.items() for word in words}
VALUE_ROLES = (*(scenario.value for scenario in Scenario), "value")
_DERIVED = tuple(folded(word) for word in _WORDS["derived"])
_SPELLINGS = (*ROLES.items(), *((folded(word), scenario.value) for word, scenario in SCENARIO_WORDS.items()))
_ALIKE, _HALF_ALIKE = 0.7, 0.5
_LOOKED_AT = 5
ROLE_NAMES: dict[str, Text] = {
    "measure": Text(zh="指标", en="KPI"),
    "org_unit": Text(zh="机构", en="org unit"),
    "period": Text(zh="期间", en="period"),
    "actual": Text(zh="实际", en="actual"),
    "plan": Text(zh="计划", en="plan"),
    "scenario": Text(zh="情景", en="scenario"),
    "value": Text(zh="数值", en="value"),
    "restated": Text(zh="重述", en="restated"),
    "unit": Text(zh="单位", en="unit"),
    "code": Text(zh="指标编码", en="code"),
    "org_code": Text(zh="机构编码", en="org unit code"),
}


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


def is_total(text: str, known: bool) -> bool:
    """Whether a label stands before totals: 合计, or 分公司合计 unless something is ``known`` by that name."""
    word = folded(text)
    return word in TOTALS or (not known and any(word.endswith(total) for total in TOTALS))


def is_derived(text: str) -> bool:
    """Whether a heading ends in a word for a derived column: 2025年合计, 计划完成率."""
    word = folded(text)
    return any(word.endswith(ending) for ending in _DERIVED if len(ending) > 1)


def is_number_like(cell: Cell) -> bool:
    """Whether a cell holds a number, or a formula or error value where one was meant."""
    return cell.uncalculated or cell.is_error or read_number(cell) is not None


def meant_role(heading: Cell, body: Sequence[Cell], absent: Iterable[str], context: IntakeContext) -> str:
    """Which of the ``absent`` roles a strange heading is likely to mean, by what stands below it or by its spelling."""
    fits: dict[str, Callable[[Cell], object]] = {
        "measure": lambda cell: context.names.measure(cell.text),
        "org_unit": lambda cell: context.names.org_unit(cell.text),
        "period": lambda cell: parse_period(cell.content, context.calendar),
        "unit": lambda cell: context.catalogue.units.find(cell.text),
        "scenario": scenario_of,
    }
    for role in absent:
        if role in fits and body and all(fits[role](cell) for cell in body[:_LOOKED_AT]):
            return role
        alike = max((_likeness(heading.text, word) for word, named in _SPELLINGS if named == role), default=0)
        close_enough = alike >= _HALF_ALIKE or not heading.text
        if alike >= _ALIKE or (close_enough and role in VALUE_ROLES and any(map(is_number_like, body))):
            return role
    return ""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, folded(one), other).ratio()
