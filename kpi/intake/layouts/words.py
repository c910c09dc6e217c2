"""The words of headings, from ``data/headings.yaml``: which column they name, which scenario, which derived figure."""

from pydantic import BaseModel, ConfigDict

from kpi.facts import Scenario
from kpi.intake.names import SCENARIO_WORDS, folded
from kpi.settings import DATA
from kpi.text import Text
from kpi.yaml_lines import read_document


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: dict[str, tuple[str, ...]]
    figures: dict[str, tuple[str, ...]]
    totals: tuple[str, ...]


_WORDS = _Words.model_validate(read_document(DATA / "headings.yaml").content)
ROLE_WORDS: dict[str, str] = {folded(word): role for role, words in _WORDS.roles.items() for word in words}
DERIVED = frozenset({"growth", "share", "variance", "other"})
STORED = frozenset(scenario.value for scenario in Scenario)
SCENARIOS: dict[str, str] = {
    **{folded(word): scenario for scenario, words in _WORDS.figures.items() for word in words},
    **{folded(word): scenario.value for word, scenario in SCENARIO_WORDS.items()},
}
TOTAL_WORDS = frozenset(map(folded, _WORDS.totals))
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
