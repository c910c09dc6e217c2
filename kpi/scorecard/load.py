"""Reads scorecard templates from YAML and checks them against the catalogue."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from kpi.catalogue.checks import find_cycle
from kpi.catalogue.models import Catalogue, Direction
from kpi.errors import refuse
from kpi.scorecard.template import AnchorScoring, ScorecardTemplate
from kpi.yaml_lines import Document, Path_, read_document

_ONE = Decimal(1)


def load_templates(folder: Path, catalogue: Catalogue) -> dict[str, ScorecardTemplate]:
    """Every template in ``folder`` by its code. Raises Refused as :func:`load_template`, or for a code used twice."""
    templates: dict[str, ScorecardTemplate] = {}
    for file in sorted(folder.glob("*.yaml")):
        template = load_template(file, catalogue)
        if template.code in templates:
            raise refuse(f"{file}:1: 编码“{template.code}”重复。", f"{file}:1: code {template.code!r} is used twice.")
        templates[template.code] = template
    if not templates:
        raise refuse(f"{folder} 中没有计分卡文件(*.yaml)。", f"{folder} holds no scorecard files (*.yaml).")
    return templates


def load_template_named(code: str, folder: Path, catalogue: Catalogue) -> ScorecardTemplate:
    """The template in use. Raises Refused as :func:`load_templates`, or naming those there are."""
    templates = load_templates(folder, catalogue)
    if code not in templates:
        have = ", ".join(sorted(templates))
        raise refuse(
            f"没有记分卡模板 {code}，现有：{have}。请检查 SCORECAST_SCORECARD。",
            f"there is no scorecard template {code}; there are: {have}. Check SCORECAST_SCORECARD.",
        )
    return templates[code]


def load_template(path: Path, catalogue: Catalogue) -> ScorecardTemplate:
    """One template. Raises Refused, naming file and line, for anything unreadable or inconsistent."""
    document = read_document(path)
    template = document.model(ScorecardTemplate, document.content, ())
    _check_references(document, template, catalogue)
    _check_weights(document, template)
    for index, entry in enumerate(template.entries):
        if isinstance(entry.scoring, AnchorScoring):
            direction = catalogue.kpi[entry.kpi].current.direction
            _check_anchors(document, entry.scoring, direction, ("entries", index, "scoring", "points"))
        if entry.limits is not None:
            _check_limits(document, catalogue, template, index)
    _check_anchors(document, template.scoring, Direction.HIGHER_BETTER, ("scoring", "points"))
    cycle = find_cycle({o.code: [k.effect for k in template.links if k.cause == o.code] for o in template.objectives})
    if cycle:
        way = " -> ".join(cycle)
        raise document.refusal(("links",), f"因果关系形成循环：{way}", f"cause and effect run in a circle: {way}")
    return template


def _check_references(document: Document, template: ScorecardTemplate, catalogue: Catalogue) -> None:
    def known(code: str, among: object, at: Path_, zh: str, en: str) -> None:
        if code not in among:  # type: ignore[operator]
            raise document.refusal(at, f"未知的{zh}“{code}”", f"unknown {en} {code!r}")

    for index, objective in enumerate(template.objectives):
        known(objective.group, template.group, ("objectives", index, "group"), "分组", "group")
    seen: set[str] = set()
    for index, entry in enumerate(template.entries):
        known(entry.kpi, catalogue.kpi, ("entries", index, "kpi"), "指标", "KPI")
        known(entry.objective, template.objective, ("entries", index, "objective"), "目标", "objective")
        if entry.kpi in seen:
            raise document.refusal(
                ("entries", index, "kpi"), f"指标“{entry.kpi}”出现了两次", f"KPI {entry.kpi!r} stands twice"
            )
        seen.add(entry.kpi)
    for index, objective in enumerate(template.objectives):
        if not template.entries_of(objective.code):
            zh, en = (
                f"目标“{objective.code}”没有指标",
                f"objective {objective.code!r} has no KPI; give it one or remove it",
            )
            raise document.refusal(("objectives", index), zh, en)
    for index, link in enumerate(template.links):
        known(link.cause, template.objective, ("links", index, "cause"), "目标", "objective")
        known(link.effect, template.objective, ("links", index, "effect"), "目标", "objective")
    for index, gate in enumerate(template.gates):
        known(gate.kpi, catalogue.kpi, ("gates", index, "kpi"), "指标", "KPI")


def _check_weights(document: Document, template: ScorecardTemplate) -> None:
    def one(parts: Sequence[Decimal], at: Path_, zh: str, en: str) -> None:
        total = sum(parts, Decimal(0))
        if total != _ONE:
            raise document.refusal(at, f"{zh}之和应为 1,现为 {total}", f"{en} must sum to 1, not {total}")

    one([group.weight for group in template.groups], ("groups",), "分组权重", "group weights")
    for group in template.groups:
        inside = [
            (index, entry.weight)
            for index, entry in enumerate(template.entries)
            if template.objective[entry.objective].group == group.code
        ]
        at: Path_ = ("entries", inside[0][0]) if inside else ("groups",)
        one([w for _, w in inside], at, f"分组“{group.code}”的指标权重", f"the KPI weights of group {group.code!r}")
    for index, entry in enumerate(template.entries):
        if entry.phasing is not None:
            one(entry.phasing, ("entries", index, "phasing"), "分季比例", "the phasing")


def _check_anchors(document: Document, scoring: AnchorScoring, direction: Direction, at: Path_) -> None:
    points = sorted(scoring.points)
    if any(left[0] == right[0] for left, right in pairwise(points)):
        raise document.refusal(at, "两个锚点的横坐标相同", "two anchors have the same x")
    if list(scoring.points) not in (points, points[::-1]):
        raise document.refusal(at, "锚点应按顺序排列", "anchors must be in order of x")
    if direction is Direction.ON_TARGET:
        return
    falling = direction is Direction.LOWER_BETTER and scoring.basis == "value"
    scores = [score for _, score in (points[::-1] if falling else points)]
    if scores != sorted(scores):
        raise document.refusal(
            at, "更好的数值得分反而更低，与指标方向矛盾", "a better value scores lower, against the KPI's direction"
        )


def _check_limits(document: Document, catalogue: Catalogue, template: ScorecardTemplate, index: int) -> None:
    entry = template.entries[index]
    direction, at = catalogue.kpi[entry.kpi].current.direction, ("entries", index, "limits")
    if direction is Direction.ON_TARGET:
        raise document.refusal(
            at, "on_target 指标的界限是其区间，不用 limits", "an on_target KPI has bands, not limits"
        )
    limits, higher = entry.limits, direction is Direction.HIGHER_BETTER
    if limits is not None and limits.green != limits.amber and (limits.green < limits.amber) is higher:
        raise document.refusal(
            at,
            "绿灯界限比黄灯界限更差，与指标方向矛盾",
            "the green limit is worse than the amber one, against the direction",
        )
