"""What the lines above a table say about all of it: unit, org unit, period."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kpi.findings import Finding
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.labels import simplified
from kpi.intake.layouts.unit_text import composed_unit, is_scale, scale_in
from kpi.intake.layouts.window import Window
from kpi.intake.period_text import NOTHING, PeriodParts, parts_of, plain, settled, take_period
from kpi.intake.slots import UnitStated
from kpi.periods import FiscalCalendar
from kpi.text import Text
from kpi.units import Dimension, Unit, UnitTable

UNIT_LINE = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=计量)|(?<=金额)|(?<=货币))单位\s*[:为]\s*(?P<zh>[^()\s]+)"
    r"|(?<!org )(?<!business )\bunits?\s*:\s*(?P<en>[^()]+?)(?=\s{2}|[()]|$)",
    re.IGNORECASE,
)
_IN_UNITS = re.compile(r"\bin (?:[\w$]+ )?(?:hundred|thousand|million|billion)s?\b", re.IGNORECASE)
_ORG_LINE = re.compile(
    r"(?:机构|分公司|(?<!填报)(?<!编制)部门|编制单位|填报单位|单位名称|org(?:anisation)? unit|branch|entity"
    r"|business unit)\s*:\s*(?P<name>.+)",
    re.IGNORECASE,
)
NO_TITLE = re.compile(
    r"\s*(?:注|说明|备注|填报|填表|编制|制表|审核|数据来源|资料来源|notes?\b|sources?\b|prepared by)", re.IGNORECASE
)
_UNLESS = re.compile(r",? (?:unless|except).*$", re.IGNORECASE)
_MONEY_WORDS = re.compile(
    r"^(?:(?:all )?(?:amounts?|figures?|values?)?,? ?(?:are )?(?:expressed |stated |shown )?in )?"
    r"(?:(?:RMB|CNY|yuan)(?: in)? (?P<scale>thousand|million)s?"
    r"|(?P<before>thousand|million)s? (?:of )?(?:RMB|CNY|yuan))$",
    re.IGNORECASE,
)
_DAY_OF_WORK = re.compile(
    r"(?:制表|填报|填表|打印|编制|报送|导出|生成|更新|上报)(?:日期|时间)"
    r"|(?:print|report|prepar|export|updat)\w* (?:date|on)",
    re.IGNORECASE,
)
_WORKED_ON = re.compile(
    r"录入|修改|更新|创建|提交|审核|审批|到期|截止|签|完成(?:日期|时间)|due|deadline|updat|enter|creat|modif|submit|approv|sign|expir",
    re.IGNORECASE,
)
YEARS = re.compile(r"(?<!\d)((?:19|20|21)\d{2})(?!\d)")
_WHOLE_PERIOD = re.compile(
    r"季度?$|^q[1-4]|[1-4]q|月$|half|半年|quarter|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A text cell above a table; a cell that ends with a colon goes on in the next one."""

    cell: Cell
    text: str


def half_width(text: str) -> str:
    """Half-width, in simplified characters."""
    return simplified(unicodedata.normalize("NFKC", text))


def lines_of(window: Window, rows: Iterable[int]) -> list[Line]:
    """The texts of ``rows``, half-width and in simplified characters, in the order given."""
    found = []
    for row in rows:
        cells = window.row(row)
        for cell, after in zip(cells, (*cells[1:], None), strict=True):
            if isinstance(cell.content, str):
                text = half_width(cell.text).strip()
                more = half_width(after.text) if after and text.endswith(":") else ""
                found.append(Line(cell, text + more))
    return found


def is_line(cells: list[Cell]) -> bool:
    """Whether a row speaks of the whole table, as ``单位：万元`` or ``Prepared by: A`` do, and heads no columns."""
    said = others = periods = 0
    goes_on = False
    for cell in cells:
        text = half_width(cell.text).strip()
        speaks = isinstance(cell.content, str) and (":" in text or UNIT_LINE.search(text) or NO_TITLE.match(text))
        if speaks:
            said += 1
        elif not goes_on:
            others += 1
            periods += parts_of(cell.content) is not None
        goes_on = bool(speaks) and text.endswith(":")
    begins = bool(cells) and parts_of(cells[0].content) is not None
    return said > 0 and others <= 1 and (not periods or said > 1 or begins)


def is_title(text: str) -> bool:
    """Whether a text may say what a table is about: no note, no signature, no day of printing, nothing long."""
    return len(text) <= LONGEST_TITLE and not NO_TITLE.match(text) and not _DAY_OF_WORK.search(text)


def is_work(heading: str) -> bool:
    """Whether a heading speaks of when something was entered, changed or falls due, not of what numbers are about."""
    return bool(_DAY_OF_WORK.search(heading) or _WORKED_ON.search(heading))


def stated_period(lines: Iterable[Line], sheet: Sheet, calendar: FiscalCalendar) -> tuple[PeriodParts, Cell | None]:
    """What the lines, the nearest first, and the sheet's name say of the period, as far as they agree; and the line.

    A line that names two years, or the day on which something was printed, says nothing.
    """
    parts, at = NOTHING, None
    for line in (*lines, None):
        text = line.text if line else half_width(sheet.name)
        if not is_title(text):
            continue
        said, _ = take_period(plain(text))
        known = settled(said, calendar) if said.says_period else None
        if known is None or len(set(YEARS.findall(half_width(text)))) > 1:
            continue
        if line is None and said.year is None and not _WHOLE_PERIOD.search(plain(text)):
            continue
        more = parts.under(known)
        if more is not None and more != parts:
            parts, at = more, at or (line.cell if line else None)
    return parts, at


def stated_units(lines: Iterable[Line], units: UnitTable) -> tuple[tuple[UnitStated, ...], Cell | None]:
    """The units of lines such as ``单位：万元、%`` or ``Unit: million yuan``, one a dimension, and the line that is
    unclear: it has a word that is no unit, or a second unit of the same dimension."""
    found: dict[Dimension, UnitStated] = {}
    contested: set[Dimension] = set()
    unclear: Cell | None = None
    for line in lines:
        match = UNIT_LINE.search(line.text)
        words = re.split(r"[、,;]", match["zh"] or match["en"]) if match else []
        named = [units.find(word) or composed_unit(word, units) for word in words] or _units_alone(line.text, units)
        for unit in named or [scale_in(line.text, units)]:
            if unit is not None and found.setdefault(unit.dimension, (unit, line.cell))[0] != unit:
                contested.add(unit.dimension)
                unclear = line.cell
        vague = any(unit is None or is_scale(unit) for unit in named)
        if vague or (not named and _IN_UNITS.search(line.text)):
            unclear = unclear or line.cell
    return tuple(stated for dimension, stated in found.items() if dimension not in contested), unclear


def unit_phrase(text: str, units: UnitTable) -> Unit | None:
    """The unit that a text consists of, as ``(in RMB million)`` or ``RMB'000`` do."""
    word = _UNLESS.sub("", half_width(text).strip().strip("()[] "))
    money = _MONEY_WORDS.match(word)
    known = units.find(f"RMB {money['scale'] or money['before']}" if money else word) if word else None
    return known or composed_unit(word, units)


def _units_alone(text: str, units: UnitTable) -> list[Unit | None]:
    """The units that a line, something in parentheses in it, or its last part consists of."""
    inside = re.findall(r"[(\[]([^()\[\]]+)[)\]]", text)
    pieces = re.split(r"\s[-–—]+\s|[,;，；]", text)
    found = [unit for part in (text, *inside, *pieces) if (unit := unit_phrase(part, units))]
    return list({unit.code: unit for unit in found}.values())


def stated_org_unit(sheet: Sheet, lines: list[Line], context: IntakeContext) -> tuple[str, Finding | None]:
    """The org unit named by a line above the table, or else by the sheet; empty when neither does.

    With a finding when a line names an unknown one, or a title another branch than the sheet.
    """
    names = context.names
    code = _org_unit_of_sheet(sheet, context)
    for line in lines:
        match = _ORG_LINE.search(line.text)
        if match is None:
            continue
        words = match["name"].split()
        named = (names.org_unit(" ".join(words[:count])) for count in range(len(words), 0, -1))
        stated = next((found for found in named if found), "")
        if not stated:
            return "", finding("unknown_org_unit", line.cell, similar=Text(zh="", en=""))
        filled_in_by = "单位" in match[0].split(":")[0]
        if filled_in_by and context.organisation.by_code[stated].kind == "department":
            continue
        return stated, _disagree(line.cell, sheet) if code not in ("", stated) else None
    other = next((line.cell for line in lines if code and _names_another(line.text, code, context)), None)
    if not code:
        titles = [line.text for line in lines if not NO_TITLE.match(line.text)]
        code = next((found for text in titles if (found := _org_unit_of_title(text, context))), "")
    return code, _disagree(other, sheet) if other else None


def _org_unit_of_title(title: str, context: IntakeContext) -> str:
    """The one org unit whose full name stands in a title, or which a word of it names; a company's name before its
    branch's doesn't count."""
    units = context.organisation.by_code
    named = {
        unit.code
        for unit in context.organisation.units
        if unit.name.zh in title or re.search(rf"\b{re.escape(unit.name.en)}\b", title, re.IGNORECASE)
    }
    words = (word for word in re.split(r"[\s,:;，；：()（）]+", title) if word)
    branches = {code for word in words if (code := context.names.org_unit(word)) and units[code].kind != "department"}
    named |= branches or ({context.organisation.root.code} if context.organisation.name.zh in title else set())
    above = {units[code].parent for code in named}
    inner = named - above
    return inner.pop() if len(inner) == 1 else ""


def _org_unit_of_sheet(sheet: Sheet, context: IntakeContext) -> str:
    """A department only by its full name: a sheet called 财务 may well be about a perspective of the scorecard."""
    code = context.names.org_unit(sheet.name) or ""
    unit = context.organisation.by_code.get(code)
    if unit and unit.kind == "department" and sheet.name.strip() not in (unit.code, unit.name.zh, unit.name.en):
        return ""
    return code


def _disagree(at: Cell, sheet: Sheet) -> Finding:
    return finding("org_units_disagree", at, other=sheet.name)


def _names_another(title: str, code: str, context: IntakeContext) -> bool:
    """Whether a title has the name of an org unit of the same kind and not the one of ``code``."""
    units = context.organisation.units
    kind = context.organisation.by_code[code].kind
    within = {unit.code for unit in units if unit.kind == kind and (unit.name.zh in title or unit.name.en in title)}
    return bool(within) and code not in within
