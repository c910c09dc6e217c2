"""The design check: whether a scorecard and the strategy behind it are made so that they can work. It blocks nothing.

Source of the shares and of the number of KPIs: the validity test of the scorecard's founding text, 20/20/40/20.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kpi.catalogue.checks import find_cycle
from kpi.catalogue.models import Catalogue
from kpi.facts import canonical_decimal
from kpi.scorecard.template import ScorecardTemplate
from kpi.strategy.models import Strategy, closed
from kpi.strategy.perspectives import PERSPECTIVES, Perspective, perspective_of
from kpi.text import Text

SHARES: dict[Perspective, int] = {"financial": 20, "customer": 20, "internal": 40, "learning": 20}
FEWEST, MOST = 15, 25
"""About twenty KPIs."""
TOLERANCE = 5
"""Percentage points that a share may be off."""
PERSPECTIVE_NAMES: dict[Perspective, Text] = {
    "financial": Text(zh="财务", en="Financial"),
    "customer": Text(zh="客户", en="Customer"),
    "internal": Text(zh="内部流程", en="Internal process"),
    "learning": Text(zh="学习与成长", en="Learning and growth"),
}
_ONE, _HUNDRED = Decimal(1), Decimal(100)


class Rule(StrEnum):
    """What is checked, in the order in which it is told."""

    KPI_COUNT = "kpi_count"
    SHARE = "share"
    WEIGHTS = "weights"
    NO_KPI = "no_kpi"
    UNKNOWN = "unknown"
    ORPHAN = "orphan"
    CYCLE = "cycle"
    DOWNWARD = "downward"
    TIMETABLE = "timetable"


@dataclass(frozen=True)
class DesignFinding:
    """One thing to mend: where it stands, what was found, what is expected, what to do."""

    rule: Rule
    where: Text
    found: Text
    expected: Text
    remedy: Text


@dataclass(frozen=True)
class _Design:
    template: ScorecardTemplate
    catalogue: Catalogue
    strategy: Strategy

    def name(self, objective: str) -> Text:
        known = self.template.objective.get(objective)
        return known.name if known else Text(zh=objective, en=objective)

    def sides(self) -> list[tuple[str, str]]:
        """The links between objectives that there are, as (cause, effect)."""
        known = self.template.objective
        return [(k.cause, k.effect) for k in self.strategy.links if k.cause in known and k.effect in known]


def design_check(template: ScorecardTemplate, catalogue: Catalogue, strategy: Strategy) -> list[DesignFinding]:
    """Every finding, in the order of :class:`Rule`; none for a sound design."""
    design = _Design(template, catalogue, strategy)
    return [finding for rule in Rule for finding in _CHECKS[rule](design)]


def _kpi_count(design: _Design) -> Iterator[DesignFinding]:
    count = len(design.template.entries)
    if not FEWEST <= count <= MOST:
        fewer = count > MOST
        yield DesignFinding(
            Rule.KPI_COUNT,
            Text(zh="整张记分卡", en="the whole scorecard"),
            Text(zh=f"{count} 个指标", en=f"{count} KPIs"),
            Text(zh=f"20 个左右（{FEWEST} 至 {MOST} 个）", en=f"about 20 ({FEWEST} to {MOST})"),
            Text(
                zh="去掉含义重叠、不影响决策的指标" if fewer else "为缺少衡量的目标补充指标",
                en="drop KPIs that overlap or decide nothing" if fewer else "add KPIs to objectives that lack them",
            ),
        )


def _shares(design: _Design) -> Iterator[DesignFinding]:
    entries = design.template.entries
    for perspective, share in SHARES.items():
        held = sum(design.catalogue.kpi[entry.kpi].perspective == perspective for entry in entries)
        actual = Decimal(held * 100) / len(entries)
        if abs(actual - share) > TOLERANCE:
            name, more = PERSPECTIVE_NAMES[perspective], actual < share
            yield DesignFinding(
                Rule.SHARE,
                name,
                Text(
                    zh=f"{len(entries)} 个指标中占 {held} 个（{actual:.0f}%）",
                    en=f"{held} of {len(entries)} KPIs ({actual:.0f}%)",
                ),
                Text(zh=f"{share}%，上下 {TOLERANCE} 个百分点", en=f"{share}%, give or take {TOLERANCE} points"),
                Text(
                    zh=f"{'增加' if more else '减少'}{name.zh}指标",
                    en=f"{'add KPIs to' if more else 'take KPIs out of'} this perspective",
                ),
            )


def _weights(design: _Design) -> Iterator[DesignFinding]:
    template = design.template
    sums = [(Text(zh="各维度权重", en="weights of the perspectives"), [group.weight for group in template.groups])]
    for group in template.groups:
        inside = [e.weight for e in template.entries if template.objective[e.objective].group == group.code]
        sums.append((Text(zh=f"“{group.name.zh}”的指标权重", en=f"KPI weights of “{group.name.en}”"), inside))
    for where, weights in sums:
        total = sum(weights, Decimal(0))
        if total != _ONE:
            said = f"{canonical_decimal(total * _HUNDRED)}%"
            yield DesignFinding(
                Rule.WEIGHTS,
                where,
                Text(zh=f"合计 {said}", en=f"{said} together"),
                Text(zh="100%", en="100%"),
                Text(zh="在记分卡文件中调整权重", en="change the weights in the scorecard's file"),
            )


def _no_kpi(design: _Design) -> Iterator[DesignFinding]:
    for objective in design.template.objectives:
        if not design.template.entries_of(objective.code):
            yield DesignFinding(
                Rule.NO_KPI,
                objective.name,
                Text(zh="没有指标", en="no KPI"),
                Text(zh="至少一个指标", en="at least one KPI"),
                Text(zh="为该目标指定指标，或删除该目标", en="give the objective a KPI, or remove it"),
            )


def _unknown(design: _Design) -> Iterator[DesignFinding]:
    for code in sorted(design.strategy.objectives_named - design.template.objective.keys()):
        yield DesignFinding(
            Rule.UNKNOWN,
            Text(zh=f"战略中的“{code}”", en=f"“{code}” in the strategy"),
            Text(zh="记分卡上没有这个目标", en="the scorecard has no such objective"),
            Text(zh="记分卡上的目标", en="an objective of the scorecard"),
            Text(
                zh="改选现有目标，或删除涉及它的内容", en="choose an objective that there is, or remove what names it"
            ),
        )


def _orphans(design: _Design) -> Iterator[DesignFinding]:
    linked = {code for side in design.sides() for code in side}
    for objective in design.template.objectives:
        if objective.code not in linked:
            yield DesignFinding(
                Rule.ORPHAN,
                objective.name,
                Text(zh="没有因果关系", en="no link to any other objective"),
                Text(zh="至少一条因果关系", en="at least one cause or effect"),
                Text(zh="说明它促成什么，或由什么促成", en="say what it brings about, or what brings it about"),
            )


def _cycles(design: _Design) -> Iterator[DesignFinding]:
    edges = {o.code: [end for start, end in design.sides() if start == o.code] for o in design.template.objectives}
    circle = find_cycle(edges)
    if circle:
        way = [design.name(code) for code in circle]
        yield DesignFinding(
            Rule.CYCLE,
            Text(zh="因果关系", en="cause and effect"),
            Text(zh=" → ".join(name.zh for name in way), en=" → ".join(name.en for name in way)),
            Text(zh="没有循环", en="no circle"),
            Text(zh="删除其中最弱的一条", en="remove the weakest of these links"),
        )


def _downward(design: _Design) -> Iterator[DesignFinding]:
    level = {
        o.code: PERSPECTIVES.index(perspective_of(o.code, design.template, design.catalogue))
        for o in design.template.objectives
    }
    for cause, effect in design.sides():
        if level[effect] > level[cause]:
            start, end = design.name(cause), design.name(effect)
            from_, to = (PERSPECTIVE_NAMES[PERSPECTIVES[level[code]]] for code in (cause, effect))
            yield DesignFinding(
                Rule.DOWNWARD,
                Text(zh=f"{start.zh} → {end.zh}", en=f"{start.en} → {end.en}"),
                Text(zh=f"从{from_.zh}向下指向{to.zh}", en=f"runs down, from {from_.en} to {to.en}"),
                Text(zh="向上，或在同一维度内", en="upwards, or inside one perspective"),
                Text(zh="掉转方向，或改为连接真正的原因", en="turn it round, or link the true cause"),
            )


def _timetable(design: _Design) -> Iterator[DesignFinding]:
    strategy = design.strategy
    if not strategy.timetable:
        return
    done = closed(strategy.timetable)
    gap = strategy.gap.gap if strategy.gap else Decimal(0)
    if done != gap:
        yield DesignFinding(
            Rule.TIMETABLE,
            Text(zh="第 3 步 时间表", en="step 3, timetable"),
            Text(zh=f"各年合计 {canonical_decimal(done)} 元", en=f"the years close {canonical_decimal(done)} yuan"),
            Text(zh=f"等于差距 {canonical_decimal(gap)} 元", en=f"the gap, {canonical_decimal(gap)} yuan"),
            Text(zh="在第 3 步重新分配各年金额", en="spread the gap over the years again in step 3"),
        )


_CHECKS: dict[Rule, Callable[[_Design], Iterator[DesignFinding]]] = {
    Rule.KPI_COUNT: _kpi_count,
    Rule.SHARE: _shares,
    Rule.WEIGHTS: _weights,
    Rule.NO_KPI: _no_kpi,
    Rule.UNKNOWN: _unknown,
    Rule.ORPHAN: _orphans,
    Rule.CYCLE: _cycles,
    Rule.DOWNWARD: _downward,
    Rule.TIMETABLE: _timetable,
}
