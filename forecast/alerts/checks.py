"""Rules from people and files: understood, and about KPIs and org units that there are."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.alerts.rules import RULE, Rule
from kpi.errors import refuse
from kpi.organisation import Organisation
from kpi.scorecard.template import ScorecardTemplate
from kpi.yaml_lines import read_document


class _RuleFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...]


def read_default_rules(folder: Path) -> tuple[Rule, ...]:
    """The rules to begin with. Raises Refused naming file and line."""
    document = read_document(folder / "default.yaml")
    return document.model(_RuleFile, document.content, ()).rules


def rule_of(said: Mapping[str, Any], template: ScorecardTemplate, organisation: Organisation) -> Rule:
    """The rule that ``said`` describes (the fields of a kind of :mod:`forecast.alerts.rules`).

    Raises Refused naming what is wrong: a field, or a KPI or org unit that there is not.
    """
    try:
        rule = RULE.validate_python(said)
    except ValidationError as problem:
        wrong = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in problem.errors())
        raise refuse(f"规则无效：{wrong}。", f"the rule is not valid: {wrong}.") from problem
    _refuse_unknown("指标", "KPI", rule.kpis, [entry.kpi for entry in template.entries])
    if not isinstance(rule.units, str):
        _refuse_unknown("机构", "org unit", rule.units, organisation.by_code)
    return rule


def said_units(text: str) -> str | tuple[str, ...]:
    """``all``, ``head_office`` or codes separated by commas."""
    return text if text in ("all", "head_office") else said_codes(text)


def said_codes(text: str) -> tuple[str, ...]:
    """Codes separated by commas."""
    return tuple(code for part in text.split(",") if (code := part.strip()))


def _refuse_unknown(zh: str, en: str, codes: Collection[str], known: Collection[str]) -> None:
    unknown = [code for code in codes if code not in known]
    if unknown:
        named, have = ", ".join(unknown), ", ".join(known)
        raise refuse(f"没有{zh} {named}，现有：{have}。", f"there is no {en} {named}; there are: {have}.")
