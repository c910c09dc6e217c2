"""What titles, remarks and sheet names say: what a table is about, actual or plan, another currency, year to date."""

import re
from collections.abc import Iterable

from kpi.facts import Scenario
from kpi.intake.grid import Cell, Sheet
from kpi.intake.labels import simplified
from kpi.intake.layouts.lines import LONGEST_TITLE, NO_TITLE, UNIT_LINE, Line, half_width, is_line, is_title
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.names import MeasureName
from kpi.intake.period_text import plain, take_period

_PLAN_WORDS = re.compile(
    r"(?:计划|预算)(?!财务|部|处|科|外)|目标(?!客户|市场|人群)|\bplan(?:ned)?\b|\bbudget\b|\btargets?\b", re.IGNORECASE
)
_ANY_PLAN = re.compile(
    r"计划|预算|目标|预测|预计|预估|任务|规划|情景|\b(?:plan|budget|target|forecast|outlook|estimate|projection|scenario|aop\b|reforecast)",
    re.IGNORECASE,
)
_ACTUAL_WORDS = re.compile(
    r"实际|实绩|完成|达成|执行|实现|\bactuals?\b|\bresults?\b|\bachieve|\battain|\bperformance\b", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"美元|美金|港币|港元|欧元|英镑|日元|澳门元|新台币|外币|\b(?:USD|HKD|EUR|GBP|JPY|MOP|TWD|SGD)(?![a-z])"
    r"|US\$|HK\$|[€£]|(?i:\b(?:US|HK|Hong Kong) dollars?\b|\beuros?\b)"
)
_AVERAGED = re.compile(
    r"日均|月均|滚动|年化|\b(?:rolling|trailing|daily average|annuali[sz]ed|TTM|LTM)\b", re.IGNORECASE
)
_REMARKABLE = re.compile(
    r"单位[为是]|预估|暂估|估算|估计|预计|(?:19|20)\d\d年(?:数据|数)|仅(?:含|个|银|团|限|包括)|不含|\b(?:estimate|provisional|preliminary|only)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?<![分各全按])渠道|个险|银保|团险|经代|网销|电销|(?<![分各全按新])产品(?!线|结构)|分出"
    r"|(?<!by )(?<!all )\b(?:channel|agency|bancassurance|ceded)\b",
    re.IGNORECASE,
)
_NARROWS = re.compile(
    r"不含|剔除|除.{1,8}外|同比|环比|占比|增长率|增速|增减|差异|上年同期|去年同期|模拟|测算|作废|草稿|样例|示例"
    r"|\b(?:excluding|excl\.?|growth|variance|share of|prior year|last year|simulat\w*|void|draft|sample|example)\b",
    re.IGNORECASE,
)
_TABLE_WORDS = re.compile(
    r"(?:完成|达成|执行|发展|经营)?(?:情况)?(?:统计|一览|明细|汇总|分析|月报|季报|日报|报)?表?$"
    r"|\b(?:by (?:branch|region|org unit)|summary|table|report)$"
)
_FOR_WHOM = re.compile(r"^(?:全国|全系统|全辖|公司)?(?:各|分)?(?:地区|省份|机构|分公司|支公司|branches|branch)?")
_SCENARIO_WORDS = re.compile(r"(?:实际|计划|预算|目标)(?:值|数)?$|\b(?:actuals?|plan|budget|target)s?$")
_YEAR_TO_DATE = re.compile(
    r"(?<![非不勿无])(?:本年|年初)?(?:累计|年初至今|本年至今)"
    r"|(?<!not )(?:\bYTD\b|\byear[- ]to[- ]date\b|\bcumulative\b)",
    re.IGNORECASE,
)


def subject(title: str) -> str:
    """What a title is about: without period, parentheses, whom it is for, and the word for a table."""
    _, text = take_period(plain(re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", " ", title)))
    text = UNIT_LINE.sub(" ", text)
    text = _TABLE_WORDS.sub("", text.strip(" -_:：、,，"))
    text = _FOR_WHOM.sub("", text)
    return _SCENARIO_WORDS.sub("", text).strip(" -_:：、,，")


def title_subject(line: Line) -> str:
    """What a line above a table is about, empty when it is no title."""
    return "" if is_line([line.cell]) or len(line.text) > LONGEST_TITLE else subject(line.text)


def foreign_currency(texts: Iterable[Line | Cell]) -> Cell | None:
    """The first place that speaks of another currency than yuan."""
    for place in texts:
        cell = place.cell if isinstance(place, Line) else place
        if isinstance(cell.content, str) and _FOREIGN.search(half_width(cell.text)):
            return cell
    return None


def says_average(line: Line) -> bool:
    """Whether a title speaks of daily averages, rolling sums or the like, which are no values of a quarter."""
    return is_title(line.text) and bool(_AVERAGED.search(line.text))


def is_of_part(text: str) -> bool:
    """Whether a title or a sheet's name speaks of one channel or product, or of business ceded."""
    return is_title(half_width(text)) and bool(_PART.search(half_width(text)))


def narrows(text: str) -> bool:
    """Whether a title or a sheet's name leaves something out, or speaks of other figures than values or of a draft."""
    return is_title(half_width(text)) and bool(_NARROWS.search(half_width(text)))


def in_note(text: str) -> bool:
    """Whether a note below a table may change what its numbers mean."""
    return bool(_REMARKABLE.search(text))


def contradicts(remark: str) -> bool:
    """Whether a remark beside a number speaks of its unit, of an estimate, or of a part only."""
    text = half_width(remark)
    return bool(UNIT_LINE.search(text) or _REMARKABLE.search(text))


def stated_measure(sheet: Sheet, lines: Iterable[Line], vocabulary: Vocabulary) -> tuple[MeasureName, Cell] | None:
    """The measure that a title or the sheet's name speaks of, for a table whose rows and columns name none."""
    for line in (*lines, None):
        text = line.text if line else half_width(sheet.name)
        cell = line.cell if line else Cell(sheet.name, 1, 1, sheet.name)
        known = vocabulary.of_text(text).measure or vocabulary.of_text(subject(text)).measure
        if known is not None:
            return known, cell
    return None


def stated_scenario(sheet: Sheet, lines: Iterable[Line]) -> Scenario | None:
    """The scenario that titles and the sheet's name speak of; None when neither or both are meant.

    Notes are no titles, a 计划财务部 has no plan in it, and ``计划完成情况`` speaks of both.
    """
    titles = [line.text for line in lines if not NO_TITLE.match(line.text)]
    plan = any(_PLAN_WORDS.search(text) for text in (*titles, half_width(sheet.name)))
    actual = any(_ACTUAL_WORDS.search(text) for text in (*titles, half_width(sheet.name)))
    if plan == actual:
        return None
    return Scenario.PLAN if plan else Scenario.ACTUAL


def speaks_of_plans(texts: Iterable[str]) -> bool:
    """Whether any text has a word for plans, forecasts or scenarios, whatever it means by it."""
    return any(_ANY_PLAN.search(half_width(text)) for text in texts)


def says_year_to_date(text: str) -> bool:
    """Whether ``text`` speaks of values from the start of the year."""
    return bool(_YEAR_TO_DATE.search(simplified(text)))


def year_to_date_in_notes(sheet: Sheet, lines: Iterable[Line], notes: Iterable[Line]) -> Cell | None:
    """The line above, the note below, or the first cell of a sheet so called, that speaks of year-to-date values."""
    said = (line.cell for line in (*lines, *notes) if says_year_to_date(line.text))
    found = next(said, None)
    if found is None and says_year_to_date(sheet.name):
        return Cell(sheet.name, 1, 1, sheet.name)
    return found
