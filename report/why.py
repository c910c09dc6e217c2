"""A trace in words: the sentences that lead from components to a score, with their numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpi.catalogue.models import Catalogue, Direction
from kpi.organisation import Organisation
from kpi.scorecard.attainment import Rule
from kpi.scorecard.exact import divide
from kpi.scorecard.results import Status, TargetSource, Value
from kpi.scorecard.scoring import GrowthPoints, OnLine, Place
from kpi.scorecard.status import Span
from kpi.scorecard.template import AnchorScoring, ScorecardTemplate
from kpi.scorecard.trace import KpiTrace, PartTrace
from kpi.units import Unit
from report.format import Format
from report.words import Words


@dataclass(frozen=True)
class Telling:
    """Whose words, numbers and names the sentences are made of."""

    t: Words
    fmt: Format
    catalogue: Catalogue
    template: ScorecardTemplate
    organisation: Organisation

    def names(self, kpis: Iterable[str]) -> str:
        """The names of KPIs in a row."""
        return self.t("site.list_comma").join(self.catalogue.kpi[kpi].name.in_(self.t.language) for kpi in kpis)

    def group(self, code: str) -> str:
        """The name of a perspective."""
        return self.template.group[code].name.in_(self.t.language)

    def reason(self, value: Value) -> str:
        """Why there is no number."""
        return self.t(f"reason.{value.reason.value}") if value.reason else ""


def scored_as(trace: KpiTrace, unit: Unit, say: Telling) -> str:
    """What is scored, as it is written in the sentences."""
    x = trace.x.amount
    if isinstance(trace.scoring, AnchorScoring) and trace.scoring.basis == "value":
        return say.fmt.exact(x, unit)
    return say.fmt.exact_percent(x)


def score_sentence(trace: KpiTrace, unit: Unit, say: Telling) -> str:
    """How the score follows from what is scored, or why there is none."""
    x, found = trace.x.amount, trace.found
    if x is None or found is None:
        return say.t("why.no_score", reason=say.reason(trace.result.score))
    if isinstance(found, OnLine):
        return _line_sentence(trace, found, unit, say)
    return _growth_sentence(x, found, say)


def _line_sentence(trace: KpiTrace, found: OnLine, unit: Unit, say: Telling) -> str:
    by_value = isinstance(trace.scoring, AnchorScoring) and trace.scoring.basis == "value"

    def at(place: Decimal) -> str:
        return say.fmt.exact(place, unit) if by_value else say.fmt.exact_percent(place)

    def points(score: Decimal) -> str:
        return say.fmt.score(score, 2)

    values = {
        "what": say.t("why.the_value" if by_value else "why.the_attainment"),
        "x": scored_as(trace, unit, say),
        "left": at(found.left[0]),
        "right": at(found.right[0]),
        "low": points(found.left[1]),
        "high": points(found.right[1]),
        "score": points(found.score),
    }
    if found.place is Place.BETWEEN and trace.x.amount in (found.left[0], found.right[0]):
        return say.t("why.on_anchor", **values)
    return say.t(f"why.{found.place.value}", **values)


def _growth_sentence(x: Decimal, found: GrowthPoints, say: Telling) -> str:
    decimal, scoring = say.fmt.decimal, found.rule
    return say.t(
        "why.growth",
        growth=decimal(x, 4),
        share=say.fmt.weight(scoring.base_share),
        mark=decimal(scoring.mark, 4),
        coefficient=decimal(scoring.coefficient, 4),
        base=decimal(found.base, 4),
        added=decimal(found.added, 4),
        points=decimal(found.points, 4),
        score=say.fmt.score(found.score, 2),
    )


def attainment_sentence(trace: KpiTrace, unit: Unit, say: Telling) -> str:
    """How the attainment follows from value and target, or why there is none."""
    reached, fmt = trace.reached, say.fmt
    if reached is None:
        return say.t("why.no_attainment", reason=say.reason(trace.result.attainment))
    bands = trace.version.bands.full if trace.version.bands else (Decimal(1), Decimal(1))
    key = reached.rule.value
    if reached.rule is Rule.MIRRORED and trace.version.direction is Direction.HIGHER_BETTER:
        key = "mirrored_negative"
    return say.t(
        f"why.{key}",
        actual=fmt.exact(trace.same.amount, unit),
        plan=fmt.exact(trace.goal.amount, unit),
        share=fmt.exact_percent(reached.share),
        edge=fmt.exact_percent(reached.edge),
        low=fmt.exact_percent(bands[0]),
        high=fmt.exact_percent(bands[1]),
        attainment=fmt.exact_percent(reached.amount),
    )


def cells_sentence(trace: KpiTrace, unit: Unit, say: Telling) -> str:
    """What is compared where not everything is; nothing where it is."""
    value, same = trace.result.value, trace.same
    if trace.made_of.compared is not None and trace.reached is not None:
        return say.t(
            "why.compared",
            value=say.fmt.exact(value.amount, unit),
            same=say.fmt.exact(same.amount, unit),
            present=same.present,
            expected=same.expected,
        )
    if value.amount is not None and value.present < value.expected:
        return say.t("why.partial", present=value.present, expected=value.expected)
    return ""


def target_sentence(trace: KpiTrace, unit: Unit, say: Telling) -> str:
    """Where the target comes from."""
    target = trace.made_of.target
    giver = say.organisation.by_code[target.org_unit].name.in_(say.t.language) if target.org_unit else ""
    amount = say.fmt.exact(target.value.amount, unit)
    if target.source is TargetSource.DEFINITION:
        amount = say.fmt.exact_percent(target.value.amount)
    return say.t(f"why.target_{target.source.value}", target=amount, org_unit=giver)


def weight_sentences(trace: KpiTrace, total: Value, say: Telling) -> list[str]:
    """Weight and effective weight, with the rule for missing KPIs as it was applied here, and what comes of it."""
    spread, result, fmt, t = trace.spread, trace.result, say.fmt, say.t
    group, weight = say.group(spread.group), fmt.weight(result.weight)
    share = fmt.weight(spread.group_weight)
    said = [t("why.weight", weight=weight, group=group, share=share)]
    if result.score.amount is None:
        return [*said, t("why.weight_spread", group=group)]
    inside = divide(result.weight, spread.present)
    if spread.missing:
        held = {"present": fmt.exact_percent(spread.present), "inside": fmt.exact_percent(inside)}
        said.append(t("why.missing", names=say.names(spread.missing), group=group, weight=weight, **held))
    if spread.groups_missing:
        names = t("site.list_comma").join(map(say.group, spread.groups_missing))
        said.append(t("why.groups_missing", names=names, present=fmt.exact_percent(spread.groups_present)))
    if not spread.missing and not spread.groups_missing:
        said.append(t("why.none_missing"))
    effective = result.effective_weight
    over = "" if spread.groups_present == 1 else f" ÷ {fmt.exact_percent(spread.groups_present)}"
    said.append(
        t(
            "why.effective",
            inside=fmt.exact_percent(inside),
            share=share + over,
            effective=fmt.exact_percent(effective),
            score=fmt.score(result.score.amount, 2),
            points=fmt.score(effective * result.score.amount, 2),
            total=fmt.score(total.amount, 2),
        )
        if total.amount is not None
        else t(
            "why.effective_alone",
            inside=fmt.exact_percent(inside),
            share=share + over,
            effective=fmt.exact_percent(effective),
        )
    )
    return said


def status_sentence(trace: KpiTrace, unit: Unit, say: Telling) -> str:
    """By which limits the status was judged."""
    t = say.t
    word = t(f"status.{trace.result.status.value}")
    if trace.zones is None or trace.judged is None or trace.result.status is Status.NONE:
        return t("why.no_status", status=word)
    spans = {
        name: _span(span, unit, say) for name, span in (("green", trace.zones.green), ("amber", trace.zones.amber))
    }
    words = {f"{name}_word": t(f"status.{name}") for name in ("green", "amber", "red")}
    return t("why.status", value=say.fmt.exact(trace.judged, unit), status=word, **spans, **words)


def _span(span: Span, unit: Unit, say: Telling) -> str:
    low, high = (None if bound is None else say.fmt.exact(bound, unit) for bound in (span.low, span.high))
    if low is not None and high is not None:
        return say.t("why.within", low=low, high=high)
    return say.t("why.at_least", low=low) if low is not None else say.t("why.at_most", high=high)


def part_sentence(trace: PartTrace, say: Telling) -> str:
    """How the score of an objective, a perspective or the total follows from its parts, or why there is none."""
    t, percent = say.t, say.fmt.exact_percent
    values: Mapping[str, str] = {
        "coverage": percent(trace.coverage),
        "minimum": percent(trace.minimum) if trace.minimum is not None else "",
    }
    if trace.score.amount is None:
        low = trace.minimum is not None and trace.coverage < trace.minimum and trace.coverage > 0
        return t("why.low_coverage", **values) if low else t("why.no_score", reason=say.reason(trace.score))
    said = t("why.part_total" if trace.kind == "total" else "why.part")
    if trace.coverage < 1:
        said += " " + t("why.part_missing" if trace.minimum is None else "why.part_missing_total", **values)
    return said
