"""Strategies as YAML files: the one a scorecard begins with, and any that is exported or loaded."""

from pathlib import Path
from typing import Any

import yaml

from kpi.scorecard.template import ScorecardTemplate
from kpi.strategy.models import Strategy, StrategyLink
from kpi.text import Text
from kpi.yaml_lines import Document, Path_, read_document

_NO_REASON = Text(zh="", en="")


def default_strategy(template: ScorecardTemplate, folder: Path) -> Strategy:
    """What a scorecard begins with until somebody saves a strategy: the file in ``folder`` named after it, or else no
    more than the links that the scorecard itself has. Raises Refused as :func:`read_strategy`."""
    file = folder / f"{template.code}.yaml"
    if file.exists():
        return read_strategy(file, template)
    links = (StrategyLink(cause=link.cause, effect=link.effect, reason=_NO_REASON) for link in template.links)
    return Strategy(scorecard=template.code, links=tuple(links))


def read_strategy(file: Path, template: ScorecardTemplate) -> Strategy:
    """The strategy in ``file``. Raises Refused naming file and line for what cannot be read, is for another scorecard
    or names an objective that ``template`` does not have."""
    document = read_document(file)
    strategy = document.model(Strategy, document.content, ())
    if strategy.scorecard != template.code:
        raise document.refusal(
            ("scorecard",),
            f"这是记分卡“{strategy.scorecard}”的战略，而在用的是“{template.code}”",
            f"this is the strategy of scorecard {strategy.scorecard!r}, but {template.code!r} is in use",
        )
    for index, link in enumerate(strategy.links):
        _known(document, template, link.cause, ("links", index, "cause"))
        _known(document, template, link.effect, ("links", index, "effect"))
    for index, theme in enumerate(strategy.themes):
        for at, code in enumerate(theme.objectives):
            _known(document, template, code, ("themes", index, "objectives", at))
    for index, plan in enumerate(strategy.plans):
        _known(document, template, plan.objective, ("plans", index, "objective"))
    return strategy


def _known(document: Document, template: ScorecardTemplate, code: str, at: Path_) -> None:
    if code not in template.objective:
        have = ", ".join(template.objective)
        raise document.refusal(
            at, f"未知的目标“{code}”，现有：{have}", f"unknown objective {code!r}; there are: {have}"
        )


def as_yaml(strategy: Strategy) -> str:
    """The file that :func:`read_strategy` reads back to the same strategy."""
    content: dict[str, Any] = strategy.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
