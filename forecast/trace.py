"""From a number on a report to the cells it came from, by what a passport holds and nothing else."""

import csv
import io
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from openpyxl.utils.cell import coordinate_to_tuple
from pydantic import BaseModel, ConfigDict
from rapidfuzz import process

from forecast.evidence import Evidence
from forecast.lineage import ORIGINS, WORKBOOKS, workbook_name
from kpi.catalogue.models import Kpi, KpiVersion
from kpi.errors import Refused, refuse
from kpi.facts import CellOfOrigin, Fact, FactKey, Scenario, canonical_decimal
from kpi.intake.grid import Workbook
from kpi.intake.isolated import isolated
from kpi.intake.readers import PasswordNeeded, read_workbook
from kpi.periods import Period
from kpi.scorecard.origins import effective_facts, measures_behind, quarters_behind, subtree
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.values import KpiView
from kpi.text import Text

_LIKE: Final = 5  # codes to offer in place of an unknown one


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class TracedFact(_Model):
    """A fact behind the number and its cell. ``stands`` says whether the workbook inside the passport has that text in
    that cell; None where the workbook is not inside or opens with a password alone."""

    measure: str
    org_unit: str
    period: str
    scenario: str
    value: str
    workbook: str
    filename: str
    sheet: str
    cell: str
    text: str
    conversions: str
    stands: bool | None


class Trace(_Model):
    """A KPI of an org unit in a quarter: its value where that is known, its forecast where that is made, and the facts.

    ``value`` and ``target`` are exact decimals in base units; ``reason`` says why there is no value. ``forecast`` are
    the rows of ``results/kpi_forecast.csv`` for the quarter, by window.
    """

    kpi: str
    name: Text
    formula: str
    org_unit: str
    period: str
    value: str | None
    target: str | None
    reason: str | None
    forecast: dict[str, dict[str, str]]
    facts: tuple[TracedFact, ...]


def trace(evidence: Evidence, kpi: str, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Trace:
    """Raises Refused for a KPI or org unit that the passport does not have, or a passport of an earlier format."""
    inputs = evidence.inputs
    found = inputs.catalogue.kpi.get(kpi)
    if found is None:
        raise _unknown("指标", "KPI", kpi, inputs.catalogue.kpi)
    if org_unit not in inputs.organisation.by_code:
        raise _unknown("单位", "org unit", org_unit, inputs.organisation.by_code)
    panel = Panel.build(inputs.rows, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    view = KpiView(panel, found)
    value, target = view.value(org_unit, quarter, window), view.target(org_unit, quarter, window)
    return Trace(
        kpi=kpi,
        name=found.name,
        formula=_formula(view.version_at(quarter)),
        org_unit=org_unit,
        period=str(quarter),
        value=None if value.amount is None else canonical_decimal(value.amount),
        target=None if target.amount is None else canonical_decimal(target.amount),
        reason=None if value.reason is None else value.reason.value,
        forecast=_forecast(evidence.files, kpi, org_unit, quarter),
        facts=tuple(_facts(evidence, found, org_unit, quarter, window)),
    )


def _unknown(zh: str, en: str, code: str, known: Iterable[str]) -> Refused:
    near = ", ".join(match for match, *_ in process.extract(code, sorted(known), limit=_LIKE))
    return refuse(f"护照里没有{zh} {code}，相近的有：{near}。", f"the passport has no {en} {code}; similar: {near}.")


def _formula(version: KpiVersion) -> str:
    sides = [" + ".join(term.component for term in side) for side in (version.numerator, version.denominator) if side]
    return " / ".join(f"({side})" if " + " in side else side for side in sides)


def _forecast(files: Mapping[str, bytes], kpi: str, org_unit: str, quarter: Period) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(files["results/kpi_forecast.csv"].decode()))
    return {
        row["window"]: {name: cell for name, cell in row.items() if cell}
        for row in rows
        if (row["kpi"], row["org_unit"], row["period"]) == (kpi, org_unit, str(quarter))
    }


def _facts(evidence: Evidence, kpi: Kpi, org_unit: str, quarter: Period, window: Window) -> Iterable[TracedFact]:
    inputs, files = evidence.inputs, evidence.files
    if ORIGINS not in files:
        raise refuse(
            "这份护照的格式没有保留单元格出处。", "a passport of this format does not hold the cells of its facts."
        )
    names = {row["sha256"]: row["filename"] for row in _table(files[WORKBOOKS])}
    measures = set(measures_behind(kpi, inputs.catalogue))
    units, quarters = set(subtree(inputs.organisation, org_unit)), quarters_behind(quarter, window)
    behind = [
        fact
        for fact in map(_fact, _table(files[ORIGINS]))
        if fact.key.measure in measures and fact.key.org_unit in units and fact.key.period in quarters
    ]
    kept = effective_facts(behind, inputs.organisation, org_unit)
    books = {sha: _opened(files, sha, names.get(sha, "")) for sha in {fact.origin.workbook for fact in kept}}
    for fact in kept:
        origin = fact.origin
        book = books[origin.workbook]
        yield TracedFact(
            measure=fact.key.measure,
            org_unit=fact.key.org_unit,
            period=str(fact.key.period),
            scenario=fact.key.scenario.value,
            value=canonical_decimal(fact.value),
            workbook=origin.workbook,
            filename=names.get(origin.workbook, ""),
            sheet=origin.sheet,
            cell=origin.cell,
            text=origin.text,
            conversions="; ".join(origin.conversions),
            stands=None if book is None else _text(book, origin) == origin.text,
        )


def _table(content: bytes) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO(content.decode()))


def _fact(row: Mapping[str, str]) -> Fact:
    key = FactKey(
        measure=row["measure"],
        org_unit=row["org_unit"],
        period=Period.parse(row["period"]),
        scenario=Scenario(row["scenario"]),
    )
    conversions = tuple(filter(None, row["conversions"].split("; ")))
    origin = CellOfOrigin(
        conversions=conversions, **{name: row[name] for name in ("workbook", "sheet", "cell", "text")}
    )
    return Fact.model_validate({"key": key, "value": row["value"], "origin": origin})


def _opened(files: Mapping[str, bytes], sha256: str, filename: str) -> Workbook | None:
    """The workbook inside the passport; None where it is not there or is encrypted."""
    content = files.get(workbook_name(sha256, filename))
    if content is None:
        return None
    try:
        return isolated(partial(read_workbook, content, filename))
    except PasswordNeeded:
        return None


def _text(book: Workbook, origin: CellOfOrigin) -> str | None:
    sheet = next((sheet for sheet in book.sheets if sheet.name == origin.sheet), None)
    cell = sheet.at(*coordinate_to_tuple(origin.cell)) if sheet else None
    return None if cell is None else cell.text
