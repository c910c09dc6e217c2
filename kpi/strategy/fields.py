"""The fields of the forms by which a strategy is entered, one form for each part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kpi.strategy.models import Asset, Part
from kpi.text import LANGUAGES, Text

_ONE_LINE = 4


class Kind(StrEnum):
    """What a field takes."""

    WORDS = "words"
    LONG = "long"  # words of several lines
    MONEY = "money"
    PERCENT = "percent"
    YEAR = "year"
    DATE = "date"
    OBJECTIVE = "objective"
    OBJECTIVES = "objectives"  # codes, separated by commas


@dataclass(frozen=True)
class Field:
    """One field of a form, by its name in the model."""

    name: str
    kind: Kind
    label: Text
    required: bool = True
    negative: bool = True  # whether an amount may be below zero

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which keys a row holds it."""
        words = self.kind in (Kind.WORDS, Kind.LONG)
        return tuple(f"{self.name}.{language}" for language in LANGUAGES) if words else (self.name,)


@dataclass(frozen=True)
class Step:
    """One part of the strategy; with ``many`` rows of the same fields, otherwise one."""

    part: Part
    fields: tuple[Field, ...]
    many: bool

    @property
    def roomy(self) -> bool:
        """Whether a row is too much for one line."""
        return len(self.fields) > _ONE_LINE or any(field.kind is Kind.LONG for field in self.fields)


def _field(name: str, kind: Kind, zh: str, en: str, *, required: bool = True, negative: bool = True) -> Field:
    return Field(name, kind, Text(zh=zh, en=en), required, negative)


_ASSETS = {
    Asset.HUMAN: Text(zh="人力资本", en="Human capital"),
    Asset.INFORMATION: Text(zh="信息资本", en="Information capital"),
    Asset.ORGANISATION: Text(zh="组织资本", en="Organisation capital"),
}
_READINESS = tuple(
    field
    for asset, name in _ASSETS.items()
    for field in (
        Field(asset.value, Kind.PERCENT, Text(zh=f"{name.zh}准备度（%）", en=f"{name.en}, readiness (%)")),
        Field(
            f"{asset.value}_note", Kind.WORDS, Text(zh=f"{name.zh}：缺什么", en=f"{name.en}: what is missing"), False
        ),
    )
)
STEPS: Mapping[Part, Step] = {
    step.part: step
    for step in (
        Step(
            Part.LINKS,
            (
                _field("cause", Kind.OBJECTIVE, "原因", "Cause"),
                _field("effect", Kind.OBJECTIVE, "结果", "Effect"),
                _field("reason", Kind.WORDS, "为什么", "How it helps"),
            ),
            many=True,
        ),
        Step(
            Part.GAP,
            (
                _field("measure", Kind.WORDS, "衡量什么", "What is measured"),
                _field("expected", Kind.MONEY, "期望值", "Expected"),
                _field("today", Kind.MONEY, "现值", "Today"),
                _field("by", Kind.YEAR, "目标年份", "By the year"),
            ),
            many=False,
        ),
        Step(
            Part.PROPOSITION,
            (
                _field("segment", Kind.WORDS, "客户群", "Customers"),
                _field("promise", Kind.LONG, "价值主张", "What they get from us"),
            ),
            many=True,
        ),
        Step(
            Part.TIMETABLE,
            (_field("year", Kind.YEAR, "年份", "Year"), _field("amount", Kind.MONEY, "缩小差距", "Part of the gap")),
            many=True,
        ),
        Step(
            Part.THEMES,
            (
                _field("name", Kind.WORDS, "主题", "Theme"),
                _field("processes", Kind.LONG, "关键内部流程", "Critical internal processes"),
                _field("objectives", Kind.OBJECTIVES, "服务的目标", "Objectives served", required=False),
            ),
            many=True,
        ),
        Step(Part.READINESS, _READINESS, many=False),
        Step(
            Part.PLANS,
            (
                _field("name", Kind.WORDS, "行动方案", "Action plan"),
                _field("objective", Kind.OBJECTIVE, "服务的目标", "Objective"),
                _field("owner", Kind.WORDS, "负责人", "Owner"),
                _field("budget", Kind.MONEY, "预算", "Budget", negative=False),
                _field("due", Kind.DATE, "完成日期", "Due"),
            ),
            many=True,
        ),
    )
}
SIX_STEPS = tuple(part for part in Part if part is not Part.LINKS)
