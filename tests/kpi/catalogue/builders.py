"""A small valid catalogue and scorecard as files, of which each test changes one line."""

from pathlib import Path

from kpi.errors import Refused

CATALOGUE = """\
units:
- {code: yuan, dimension: money, factor: "1", name: {zh: 元, en: yuan}}
- {code: wan_yuan, dimension: money, factor: "10000", name: {zh: 万元, en: ten thousand yuan}}
- {code: day, dimension: days, factor: "1", name: {zh: 天, en: days}}
- {code: percent, dimension: share, factor: "0.01", name: {zh: 百分比, en: percent}}
components:
- {code: claims, name: {zh: 赔款, en: Claims}, kind: flow, unit: yuan}
- {code: premium, name: {zh: 保费, en: Premium}, kind: flow, unit: yuan}
- code: result
  name: {zh: 承保结果, en: Result}
  kind: flow
  unit: yuan
  derived_from: [{component: premium}, {component: claims, factor: "-1"}]
kpis:
- code: loss_ratio
  name: {zh: 赔付率, en: Loss ratio}
  description: {zh: 赔款 ÷ 保费。, en: Claims over premium.}
  perspective: financial
  owner: {zh: 财务部, en: Finance department}
  data_source: {zh: 总账, en: Ledger}
  evidence: {level: practice, sources: [BOOK]}
  versions:
  - effective_from: 2020-01-01
    measure: ratio
    direction: lower_better
    unit: percent
    numerator: [{component: claims}]
    denominator: [{component: premium}]
sources:
- {code: BOOK, what: {zh: 手册, en: Handbook}}
"""

EXTRA = """\
components:
- {code: calls_answered, name: {zh: 接听电话数, en: Calls answered}, kind: flow, unit: day}
- {code: calls_received, name: {zh: 来电数, en: Calls received}, kind: flow, unit: day}
kpis:
- code: answer_rate
  name: {zh: 接通率, en: Answer rate}
  description: {zh: 接听电话数 ÷ 来电数。, en: Calls answered over calls received.}
  perspective: customer
  owner: {zh: 客户服务部, en: Customer service department}
  data_source: {zh: 呼叫中心, en: Call centre}
  evidence: {level: practice}
  versions:
  - effective_from: 2026-01-01
    measure: ratio
    direction: higher_better
    unit: percent
    numerator: [{component: calls_answered}]
    denominator: [{component: calls_received}]
"""

SCORECARD = """\
code: small
name: {zh: 小计分卡, en: Small scorecard}
description: {zh: 两个指标, en: Two KPIs}
scoring: {points: [["0.5", "0"], ["1", "100"]]}
groups:
- {code: money, name: {zh: 财务, en: Money}, weight: "0.6"}
- {code: customers, name: {zh: 客户, en: Customers}, weight: "0.4"}
objectives:
- {code: earn, name: {zh: 盈利, en: Earn}, group: money}
- {code: answer, name: {zh: 接听, en: Answer}, group: customers}
entries:
- {kpi: loss_ratio, objective: earn, weight: "1", target: "0.6", limits: {green: "0.6", amber: "0.66"}}
- {kpi: answer_rate, objective: answer, weight: "1", phasing: ["0.4", "0.3", "0.2", "0.1"]}
links:
- {cause: answer, effect: earn}
gates:
- {kpi: loss_ratio, minimum: "0"}
"""


def line_of(text: str, part: str) -> int:
    """The number of the first line that contains ``part``."""
    return 1 + next(number for number, line in enumerate(text.splitlines()) if part in line)


def changed(text: str, old: str, new: str) -> str:
    """``text`` with the one place where ``old`` stands changed."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def place_of(refused: Refused) -> tuple[str, int]:
    """File name and line of a refusal."""
    file, line, _ = str(refused).split(":", 2)
    return Path(file).name, int(line)
