"""How a change flows: by way of components, KPIs, objectives and perspectives to the total, and change by change."""

from collections.abc import Iterable, Mapping

from forecast.scenario.resolve import Resolved
from kpi.periods import Period
from kpi.scorecard.results import PartResult, Scorecard, Value
from kpi.scorecard.template import Group, Objective
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import data, whatif
from ui.assumed import Assumed
from ui.components.whatif_results import moved_by, small
from ui.view import DataView


def _columns(view: DataView, before: str, after: str) -> tuple[Column, ...]:
    t = view.t
    return (
        Column("step", t("whatif.step")),
        Column("before", before, "right"),
        Column("after", after, "right"),
        Column("change", t("whatif.change"), "right"),
    )


def _row(key: str, name: TextCell, amounts: tuple[str, str], change: str) -> Row:
    shown = {"before": amounts[0], "after": amounts[1], "change": change}
    return Row(key, {"step": name} | {column: TextCell(text) for column, text in shown.items()})


def flow_table(view: DataView, now: Assumed, found: Resolved, before: Scorecard, after: Scorecard) -> Table:
    """What was changed as it arrives in the org unit that is shown, and everything above it that moved."""
    t, template, year = view.t, data.template(), view.fmt.period(Period(after.quarter.year))
    changed = sorted({(each.quarter, found.carriers.get(each, each.driver)) for each in now.changes})
    kpis = [pair for pair in zip(before.kpis, after.kpis, strict=True) if pair[0].value != pair[1].value]
    total = _score_row(view, t("scorecard.total"), (before.total, after.total))
    return Table(
        t("whatif.flow"),
        _columns(view, t("whatif.before"), t("whatif.after")),
        [
            RowGroup([_component(view, now, *each) for each in changed], t("whatif.flow_components"), view.org_name),
            RowGroup(
                [
                    _value(view, new.kpi, year, then.value, new.value, _statuses(view, then.status, new.status))
                    for then, new in kpis
                ],
                t("whatif.flow_kpis"),
                year,
            ),
            RowGroup(
                _parts(view, before.objectives, after.objectives, template.objective), t("whatif.flow_objectives")
            ),
            RowGroup(_parts(view, before.groups, after.groups, template.group), t("whatif.flow_groups")),
            RowGroup([total], t("whatif.flow_total")),
        ],
    )


def _component(view: DataView, now: Assumed, quarter: Period, code: str) -> Row:
    then, new = (whatif.amounts(now.ground, said, code, view.org_unit, quarter) for said in ((), now.changes))
    return _value(view, code, view.fmt.period(quarter), then, new)


def _value(view: DataView, code: str, period: str, then: Value, new: Value, note: str = "") -> Row:
    catalogue, fmt = data.catalogue(), view.fmt
    unit, name = catalogue.unit_of(code), catalogue.name_of(code).in_(view.language)
    amounts = fmt.value(then.amount, unit), fmt.value(new.amount, unit)
    return _row(f"{code}{period}", TextCell(name, note=note or period), amounts, moved_by(view, code, then, new))


def _statuses(view: DataView, then: str, new: str) -> str:
    words = [view.t(f"status.{each}") for each in dict.fromkeys((then, new))]
    return " → ".join(words)


def _parts(
    view: DataView,
    before: Iterable[PartResult],
    after: Iterable[PartResult],
    names: Mapping[str, Objective] | Mapping[str, Group],
) -> list[Row]:
    return [
        _score_row(view, names[new.code].name.in_(view.language), (then.score, new.score))
        for then, new in zip(before, after, strict=True)
        if then.score != new.score
    ]


def _score_row(view: DataView, name: str, scores: tuple[Value, Value]) -> Row:
    then, new = (score.amount for score in scores)
    change = "" if then is None or new is None or then == new else small(view, new - then)
    return _row(name, TextCell(name), (view.fmt.score(then, 2), view.fmt.score(new, 2)), change)


def way_table(view: DataView, now: Assumed, before: Scorecard) -> Table:
    """The total after each driver's changes, one upon the other."""
    t, catalogue, organisation = view.t, data.catalogue(), view.organisation
    last, rows = before.total, []
    for step in whatif.way(now.ground, now.changes, view.org_unit, before.quarter.year):
        first = step.changes[0]
        where = organisation.by_code[first.org_unit].name.in_(view.language)
        when = t("site.list_comma").join(view.fmt.period(change.quarter) for change in step.changes)
        name = TextCell(catalogue.name_of(first.driver).in_(view.language), note=f"{where} · {when}")
        row = _score_row(view, str(first), (last, step.card.total))
        rows.append(Row(row.key, {**row.cells, "step": name}))
        last = step.card.total
    return Table(t("whatif.way"), _columns(view, t("whatif.total_before"), t("whatif.total_after")), [RowGroup(rows)])
