"""Counts what a workbook offers, for the eye."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.facts import Fact, Scenario
from kpi.findings import Finding, Severity
from kpi.periods import Period

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass
class MeasureCount:
    """How many facts of one measure stand in a workbook, and over which periods and org units."""

    measure: str
    actual: int = 0
    plan: int = 0
    first: Period | None = None
    last: Period | None = None
    org_units: frozenset[str] = frozenset()

    def add(self, fact: Fact) -> None:
        """Count one more."""
        self.plan += fact.key.scenario is Scenario.PLAN
        self.actual += fact.key.scenario is not Scenario.PLAN
        self.first = min(self.first or fact.key.period, fact.key.period)
        self.last = max(self.last or fact.key.period, fact.key.period)
        self.org_units |= {fact.key.org_unit}


def count_by_measure(facts: Iterable[Fact]) -> list[MeasureCount]:
    """One count a measure, in the order the workbook first names them."""
    counts: dict[str, MeasureCount] = {}
    for fact in facts:
        counts.setdefault(fact.key.measure, MeasureCount(fact.key.measure)).add(fact)
    return list(counts.values())


def by_severity(findings: Iterable[Finding]) -> dict[Severity, list[Finding]]:
    """Findings by severity, the gravest first; every severity is there."""
    found: dict[Severity, list[Finding]] = {severity: [] for severity in SEVERITIES}
    for finding in findings:
        found[finding.severity].append(finding)
    return found
