"""How one workbook of the corpus is written: its language, periods, numbers and units."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from random import Random

from opencc import OpenCC

from tests.kpi.intake.builders import catalogue, context

Period = tuple[str, int, int]  # Q, M, YTD (up to a quarter) or Y; year; number
MONEY_FLOWS = (
    *("standard_premium", "company_expense", "claims_paid", "received_premium"),
    *("net_profit", "investment_income"),
)
MONEY_STOCKS = ("outstanding_claims", "embedded_value", "equity")
COUNT_FLOWS = ("policies_issued", "claims_closed", "complaints_received", "leavers", "claim_cycle_days_total")
COUNT_STOCKS = ("headcount", "policies_in_force", "agents_on_roll")
RATIOS = ("risk_loss_ratio", "persistency_13m_premium", "combined_ratio")
ORGS = ("beijing", "shanghai", "guangdong", "jiangsu", "zhejiang", "sichuan")
UNITS = {
    "yuan": (Decimal(1), "元", "yuan"),
    "wan_yuan": (Decimal(10**4), "万元", "10k yuan"),
    "yi_yuan": (Decimal(10**8), "亿元", "100 million yuan"),
    "million_yuan": (Decimal(10**6), "百万元", "million yuan"),
    "percent": (Decimal("0.01"), "%", "%"),
    "day": (Decimal(1), "天", "days"),
    "one": (Decimal(1), "件", "number"),
}
WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "measure": (("指标", "指标名称", "项目"), ("KPI", "Item", "Measure")),
    "org": (("机构", "分公司", "机构名称"), ("Org unit", "Branch", "Entity")),
    "period": (("期间", "季度", "报告期"), ("Period", "Quarter")),
    "unit": (("单位", "计量单位"), ("Unit",)),
    "scenario": (("情景", "类型"), ("Scenario", "Version")),
    "value": (("数值", "金额"), ("Value", "Amount")),
    "actual": (("实际", "实际数", "实际"), ("Actual", "Actuals")),
    "plan": (("计划", "预算", "目标"), ("Plan", "Budget", "Target")),
    "serial": (("序号",), ("No",)),
    "remark": (("备注", "说明"), ("Remarks", "Notes")),
    "total": (("合计", "总计"), ("Total", "Grand total")),
    "subtotal": (("小计",), ("Subtotal",)),
    "other": (("达成率", "完成率"), ("Attainment", "Achievement")),
    "growth": (("同比", "同比增速"), ("YoY", "Growth")),
    "prior": (("上年同期", "去年同期"), ("Prior year", "Last year")),
    "forecast": (("预测",), ("Forecast",)),
    "single": (("本季", "当季"), ("Current quarter",)),
    "to_date": (("本年累计", "年初至今"), ("YTD", "Year to date")),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDE = str.maketrans("0123456789.,-()%", "０１２３４５６７８９．，－（）％")
_TO_TRADITIONAL = OpenCC("s2t")


@dataclass(frozen=True)
class Shown:
    """What stands in one cell, and its number format."""

    content: object
    number_format: str = "General"


@dataclass
class Style:
    """One manner of writing; what is not given is drawn from ``rng``."""

    rng: Random
    language: str = "zh"
    unit: str = "wan_yuan"
    unit_place: str = "line"  # or label, column, heading, corner
    quarters: str = "iso"
    number: str = "number"
    negative: str = "minus"
    missing: tuple[object, ...] = (None, "—", "N/A", "-")
    csv: bool = False
    _words: dict[str, str] = field(default_factory=dict)

    @property
    def english(self) -> bool:
        """Whether words are English."""
        return self.language == "en"

    @property
    def money_only(self) -> bool:
        """Whether one unit holds for the whole table, so that only money may stand in it."""
        return self.unit_place in ("heading", "corner")

    def local(self, zh: str, en: str) -> str:
        """A text in the workbook's language and script."""
        return en if self.english else _TO_TRADITIONAL.convert(zh) if self.language == "hant" else zh

    def word(self, name: str) -> str:
        """One word of headings, always the same in one workbook."""
        if name not in self._words:
            zh, en = WORDS[name]
            at = self.rng.randrange(12)
            self._words[name] = self.local(zh[at % len(zh)], en[at % len(en)])
        return self._words[name]

    def measure(self, code: str, bare: bool = False) -> str:
        """A measure's name, with its unit where names carry it."""
        known = catalogue().component.get(code) or next(kpi for kpi in catalogue().kpis if kpi.code == code)
        name = self.local(known.name.zh, known.name.en)
        if bare or self.unit_place != "label":
            return name
        unit = self.unit_of(code)
        return f"{name} ({unit})" if self.english else f"{name}（{unit}）"

    def org(self, code: str) -> str:
        """An org unit's name, now and then the short one."""
        unit = context().organisation.by_code[code]
        short = unit.synonyms[-1 if self.english else 0]
        return short if self.short_names else self.local(unit.name.zh, unit.name.en)

    @cached_property
    def short_names(self) -> bool:
        """Whether branches are written as 北京 instead of 北京分公司."""
        return self.rng.random() < 0.4

    def unit_code(self, measure: str) -> str:
        """The unit that this workbook shows a measure in."""
        code = catalogue().unit_of(measure).code
        if code != "yuan" or not self.mixed:
            return self.unit if code == "yuan" else code
        return ("yuan", "wan_yuan", "million_yuan" if self.english else "yi_yuan")[len(measure) % 3]

    @cached_property
    def mixed(self) -> bool:
        """Whether rows of money have different units, each saying its own."""
        return self.unit_place in ("label", "column") and self.number != "scaled" and self.rng.random() < 0.3

    def unit_of(self, measure: str) -> str:
        """The same as a word."""
        _, zh, en = UNITS[self.unit_code(measure)]
        return self.local(zh, en)

    def money_unit(self) -> str:
        """The unit of all money, as a word."""
        _, zh, en = UNITS[self.unit]
        return self.local(zh, en)

    def year(self, year: int) -> object:
        """A year over its quarters."""
        if self.quarters == "date":
            return year
        return f"FY{year}" if self.english else f"{year}年"

    def quarter_alone(self, quarter: int) -> str:
        """A quarter under its year."""
        if self.english or self.quarters == "iso":
            return f"Q{quarter}"
        return f"{'一二三四'[quarter - 1]}季度" if self.quarters == "zh" else f"第{quarter}季度"

    def period(self, period: Period) -> object:
        """A whole period as a heading or label."""
        kind, year, index = period
        if kind == "Y":
            return f"{year}" if self.english else f"{year}年"
        if kind == "YTD":
            return self._to_date(year, index)
        return self._month(year, index) if kind == "M" else self._quarter(year, index)

    def _quarter(self, year: int, quarter: int) -> object:
        match self.quarters:
            case "en":
                return f"Q{quarter} {year}"
            case "short":
                return f"{quarter}Q{year % 100:02}"
            case "zh" if not self.english:
                return f"{year}年{'一二三四'[quarter - 1]}季度"
            case "zh2" if not self.english:
                return f"{year}年第{quarter}季度"
            case "date":
                return date(year, quarter * 3, monthrange(year, quarter * 3)[1])
        return f"{year}Q{quarter}"

    def _month(self, year: int, month: int) -> object:
        match self.quarters:
            case "date":
                return date(year, month, monthrange(year, month)[1])
            case "en" | "short" if self.english:
                return f"{_MONTHS[month - 1]}-{year % 100:02}"
            case "zh" | "zh2" if not self.english:
                return f"{year}年{month}月"
            case "en":
                return f"{year}.{month:02}"
            case "short":
                return float(f"{year}.{month:02}") if month < 10 else f"{year}.{month:02}"
        return f"{year}-{month:02}"

    def _to_date(self, year: int, quarter: int) -> str:
        if self.english:
            return f"{quarter * 3}M {year}" if self.quarters == "short" else f"Jan-{_MONTHS[quarter * 3 - 1]} {year}"
        if self.quarters == "zh2" and quarter > 1:
            return f"{year}年前{'一二三四'[quarter - 1]}季度"
        return f"{year}年1-{quarter * 3}月"

    def shown(self, value: Decimal, measure: str) -> Shown:
        """A stored value as it is written in this workbook."""
        code = self.unit_code(measure)
        if code == "percent":
            return self._share(value)
        if self.number == "scaled" and self.unit == "yuan" and code in ("yuan", "one"):
            scale, sign = (10**8, "亿") if abs(value) >= 10**8 else (10**4, "万")
            return Shown(f"{value / scale:f}{sign}")
        return self.digits(value / UNITS[code][0])

    def _share(self, value: Decimal) -> Shown:
        points = value * 100
        if self.unit_place == "column" and self.number == "number":
            return Shown(self._plain(points))
        if self.number == "number" and not self.csv:
            return Shown(float(value), "0.0%")
        return Shown(f"{points:f}%".translate(_WIDE) if self.number == "fullwidth" else f"{points:f}%")

    def _plain(self, value: Decimal) -> object:
        return int(value) if value == int(value) else float(value)

    def digits(self, value: Decimal) -> Shown:
        """A number as it is written in this workbook."""
        size = abs(value)
        if self.number == "number" and (value >= 0 or self.negative == "minus"):
            return Shown(self._plain(value))
        digits = f"{size:,f}" if self.number in ("thousands", "fullwidth") else f"{size:f}"
        if value < 0:
            digits = {"minus": f"-{digits}", "paren": f"({digits})", "trailing": f"{digits}-"}[self.negative]
        return Shown(digits.translate(_WIDE) if self.number == "fullwidth" else digits)
