"""A small insurer built by code: head office over north (with n1 and n2) and south."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpi.catalogue.models import Catalogue, Component, Kpi
from kpi.facts import Scenario
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import FiscalCalendar, Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Text
from kpi.units import Dimension, Unit, UnitTable

PARENTS = {"head": None, "north": "head", "south": "head", "n1": "north", "n2": "north"}
LINEAR = {"points": [["0", "0"], ["2", "200"]]}  # the score is the attainment in percent


def words(code: str) -> dict[str, str]:
    return {"zh": f"{code}(中)", "en": code}


def organisation(parents: Mapping[str, str | None] | None = None) -> Organisation:
    tree = PARENTS if parents is None else parents
    units = tuple(
        OrgUnit(code=code, name=Text(**words(code)), kind="branch" if parent else "head_office", parent=parent)
        for code, parent in tree.items()
    )
    return Organisation(name=Text(**words("insurer")), units=units)


def component(code: str, kind: str = "flow", **more: Any) -> Component:
    return Component.model_validate({"code": code, "name": words(code), "kind": kind, "unit": "one"} | more)


def version(numerator: str, denominator: str = "", **more: Any) -> dict[str, Any]:
    """A definition by the sums ``a + b`` and ``c + d``; ``plan:c`` reads the plan, ``opening:c`` the quarter before."""
    content: dict[str, Any] = {
        "effective_from": "2000-01-01",
        "measure": "ratio" if denominator else "flow",
        "direction": "higher_better",
        "unit": "one",
        "numerator": [_term(text) for text in numerator.split(" + ")],
        "denominator": [_term(text) for text in denominator.split(" + ") if text],
    }
    return content | more


def _term(text: str) -> dict[str, str]:
    text, factor = (text[1:], "-1") if text.startswith("-") else (text, "1")
    moment, _, code = text.rpartition(":")
    if moment == "plan":
        return {"component": code, "scenario": "plan", "factor": factor}
    return {"component": code, "at": moment or "closing", "factor": factor}


def kpi(code: str, *versions: Mapping[str, Any]) -> Kpi:
    common = {
        "name": words(code),
        "description": words(code),
        "owner": words("finance"),
        "data_source": words("ledger"),
    }
    return Kpi.model_validate(
        {"code": code, "perspective": "financial", "evidence": {"level": "practice"}, "versions": versions} | common
    )


def catalogue(kpis: Iterable[Kpi], components: Iterable[Component] = ()) -> Catalogue:
    """``kpis`` with their components: flows, but for those given."""
    kpis = tuple(kpis)
    known = {c.code: c for c in components}
    terms = (term for k in kpis for v in k.versions for term in (*v.numerator, *v.denominator))
    for term in terms:
        known.setdefault(term.component, component(term.component))
    one = Unit(code="one", dimension=Dimension.COUNT, factor=Decimal(1), name=Text(**words("one")))
    return Catalogue(units=UnitTable(units=(one,)), components=tuple(known.values()), kpis=kpis)


def fact(measure: str, unit: str, period: str, value: str | int | Decimal, scenario: str = "actual") -> Row:
    return measure, unit, Period.parse(period), Scenario(scenario), Decimal(value)


def quarters(measure: str, unit: str, year: int, values: Sequence[str | int], scenario: str = "actual") -> list[Row]:
    """Facts from the year's first quarter on."""
    return [fact(measure, unit, f"{year}Q{at + 1}", value, scenario) for at, value in enumerate(values)]


def template(entries: Sequence[Mapping[str, Any]], **more: Any) -> ScorecardTemplate:
    """One group with one objective, ``only``, unless ``more`` says otherwise; the score is the attainment."""
    content: dict[str, Any] = {
        "code": "small",
        "name": words("small"),
        "description": words("small"),
        "groups": [{"code": "results", "name": words("results"), "weight": "1"}],
        "objectives": [{"code": "only", "name": words("only"), "group": "results"}],
        "entries": [{"objective": "only", "weight": "1", **entry} for entry in entries],
        "scoring": LINEAR,
    }
    return ScorecardTemplate.model_validate(content | more)


def panel(
    facts: Iterable[Row],
    kpis: Iterable[Kpi] | Catalogue,
    card: ScorecardTemplate | None = None,
    calendar: FiscalCalendar | None = None,
    tree: Organisation | None = None,
) -> Panel:
    known = kpis if isinstance(kpis, Catalogue) else catalogue(kpis)
    return Panel.build(facts, tree or organisation(), known, card, calendar)
