"""What intake says about a workbook: the tables it saw, the facts it understood, the findings."""

from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, SkipValidation

from kpi.facts import Fact
from kpi.findings import Finding, Severity


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reading(NamedTuple):
    """One number as understood in its table, whether or not the catalogue knows it.

    The columns of ``python -m kpi inspect --facts``; ``value`` is in base units of ``unit``, empty codes mean
    no match. ``period`` is empty when the sheet does not say.
    """

    sheet: str
    cell: str
    label: str
    kpi: str
    component: str
    org_unit: str
    period: str
    scenario: str
    cumulative: bool
    value: Decimal
    unit: str
    conversions: tuple[str, ...]


class TableFound(_Model):
    """A table on a sheet: its layout (``template``, ``long``, ``wide``), its area and its header cells by role."""

    sheet: str
    area: str
    layout: str
    roles: dict[str, str] = {}


class Inspection(_Model):
    """The whole answer for one workbook. Facts may be stored only when no finding is an error."""

    workbook: str
    filename: str
    sheets: tuple[str, ...]
    tables: tuple[TableFound, ...]
    readings: SkipValidation[tuple[Reading, ...]]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)
