"""A KPI's formula in words."""

from collections.abc import Iterable

from kpi.catalogue.models import Catalogue, KpiVersion, Term
from report.words import Words


def _term(term: Term, catalogue: Catalogue, t: Words) -> str:
    name = catalogue.component[term.component].name.in_(t.language)
    if term.scenario is not None:
        name = t("formula.plan", name=name)
    if term.at != "closing":
        name = t(f"formula.{term.at}", name=name)
    factor = abs(term.factor)
    return name if factor == 1 else f"{factor.normalize():f} × {name}"


def term_name(term: Term, catalogue: Catalogue, t: Words) -> str:
    """One summand with its sign, as ``− Dividends paid``."""
    return ("− " if term.factor < 0 else "") + _term(term, catalogue, t)


def _side(terms: Iterable[Term], catalogue: Catalogue, t: Words) -> str:
    text = ""
    for term in terms:
        sign = " − " if term.factor < 0 else " + "
        text += (sign if text else sign.strip(" +")) + _term(term, catalogue, t)
    return text


def formula(version: KpiVersion, catalogue: Catalogue, t: Words) -> str:
    """``a + b − c`` or ``(a + b) ÷ c`` with the components' names."""
    above, below = (_side(terms, catalogue, t) for terms in (version.numerator, version.denominator))
    if not below:
        return above
    sides = zip((above, below), (version.numerator, version.denominator), strict=True)
    return " ÷ ".join(f"({text})" if len(terms) > 1 else text for text, terms in sides)
