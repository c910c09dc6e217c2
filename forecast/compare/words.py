"""A comparison in words."""

from collections.abc import Iterable
from typing import Final

from forecast.compare.changes import Cause, Changes
from forecast.compare.facts import FactChanges, FactGroup, Kind
from kpi.facts import Scenario
from kpi.text import Text

CAUSES: Final = {
    Cause.DATA: Text(zh="数据", en="data"),
    Cause.DEFINITIONS: Text(zh="定义", en="definitions"),
    Cause.CONFIGURATION: Text(zh="配置", en="configuration"),
    Cause.CODE: Text(zh="代码", en="code"),
}
PARTS: Final = {
    "catalogue": Text(zh="指标目录", en="catalogue"),
    "template": Text(zh="记分卡", en="scorecard"),
    "organisation": Text(zh="组织结构", en="organisation"),
    "calendar": Text(zh="财政日历", en="calendar"),
    "config": Text(zh="配置", en="configuration"),
    "code": Text(zh="代码", en="code"),
    "git": Text(zh="版本库", en="repository"),
    "software": Text(zh="软件", en="software"),
    "machine": Text(zh="机器", en="machine"),
    "device": Text(zh="设备", en="device"),
}
_KINDS: Final = {
    Kind.ADDED: Text(zh="新增", en="added"),
    Kind.CHANGED: Text(zh="变更", en="changed"),
    Kind.REMOVED: Text(zh="删除", en="removed"),
}
_SCENARIOS: Final = {
    Scenario.ACTUAL: Text(zh="实际", en="actual"),
    Scenario.PLAN: Text(zh="计划", en="plan"),
    Scenario.RESTATED: Text(zh="重述", en="restated"),
}
_SAME: Final = Text(zh="没有变化", en="unchanged")
_GROUPS: Final = 3


def facts_in_words(facts: FactChanges) -> Text:
    """How many facts came, changed and went, and of which periods most."""
    told = [(kind, facts.count(kind)) for kind in (Kind.ADDED, Kind.CHANGED, Kind.REMOVED) if facts.count(kind)]
    if not told:
        return _SAME
    zh = "，".join(f"{_KINDS[kind].zh} {count} 个" for kind, count in told)
    en = ", ".join(f"{count} {_KINDS[kind].en}" for kind, count in told)
    groups = sorted(facts.groups, key=lambda group: -group.count)[:_GROUPS]
    more = len(facts.groups) > len(groups)
    where_zh = "、".join(f"{_place(group).zh} {group.count}" for group in groups) + ("等" if more else "")
    where_en = ", ".join(f"{group.count} of {_place(group).en}" for group in groups) + (", ..." if more else "")
    return Text(zh=f"{zh}（{where_zh}）", en=f"{en} ({where_en})")


def _place(group: FactGroup) -> Text:
    words = _SCENARIOS[group.scenario]
    return Text(zh=f"{group.period} {words.zh}", en=f"{group.period} {words.en}")


def fields_in_words(parts: Iterable[str]) -> Text:
    """How many fields differ in each part."""
    counts: dict[str, int] = {}
    for part in parts:
        counts[part] = counts.get(part, 0) + 1
    if not counts:
        return _SAME
    zh = "、".join(f"{PARTS[part].zh} {count} 处" for part, count in counts.items())
    en = ", ".join(f"{count} in the {PARTS[part].en}" for part, count in counts.items())
    return Text(zh=zh, en=en)


def _parts_in_words(parts: Iterable[str]) -> Text:
    """Which parts differ; how many fields of a machine do means nothing."""
    found = [PARTS[part] for part in dict.fromkeys(parts)]
    if not found:
        return _SAME
    return Text(zh="、".join(words.zh for words in found), en=", ".join(words.en for words in found))


def changes_in_words(changes: Changes) -> dict[Cause, Text]:
    """A phrase for each cause."""
    return {
        Cause.DATA: facts_in_words(changes.facts),
        Cause.DEFINITIONS: fields_in_words(each.part for each in changes.definitions),
        Cause.CONFIGURATION: fields_in_words(each.part for each in changes.configuration),
        Cause.CODE: _parts_in_words(each.part for each in changes.code),
    }
