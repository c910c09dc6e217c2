"""What needs somebody: KPIs that are off track, that are on track and unlikely to end so, or without data."""

from collections.abc import Iterator

from forecast.records import KpiForecast
from kpi.scorecard.results import KpiResult, Reason, Status
from report.pack.desk import Desk
from report.pack.document import Need, Needs
from report.status import reason_word, status_word

UNLIKELY = 0.5
"""A chance below it is no longer called likely."""
SHOWN = 9


def needs(desk: Desk) -> Needs:
    """The matters of the pack's org unit and quarter, the gravest first: by kind, then by weight in the total."""
    t = desk.t
    found = [*_red(desk), *_unlikely(desk), *_missing(desk)]
    more = len(found) - SHOWN
    return Needs(
        title=t("pack.needs"),
        items=tuple(found[:SHOWN]),
        empty=t("pack.no_needs"),
        more=t("pack.more_needs", count=more) if more > 0 else "",
    )


def _heaviest(desk: Desk) -> list[KpiResult]:
    weight = {group.code: group.weight for group in desk.template.groups}
    return sorted(desk.card.kpis, key=lambda row: row.weight * weight[desk.objective(row).group], reverse=True)


def _red(desk: Desk) -> Iterator[Need]:
    for row in _heaviest(desk):
        if row.status is Status.RED:
            yield _need(desk, row, Status.RED, _beside_plan(desk, row))


def _beside_plan(desk: Desk, row: KpiResult) -> str:
    unit, fmt, t = desk.unit(row.kpi), desk.fmt, desk.t
    actual = fmt.value(row.value.amount, unit)
    if row.target.amount is None:
        return t("pack.need_red_alone", actual=actual)
    plan = fmt.value(row.target.amount, unit)
    if row.attainment.amount is None:
        return t("pack.need_red", actual=actual, plan=plan)
    return t("pack.need_red_attained", actual=actual, plan=plan, share=fmt.percent(row.attainment.amount))


def _unlikely(desk: Desk) -> Iterator[Need]:
    for row in _heaviest(desk):
        landing = desk.source.outlook(row.kpi).landing(desk.quarter)
        if row.status is Status.GREEN and landing and landing.green is not None and landing.green < UNLIKELY:
            yield _need(desk, row, Status.AMBER, _landing(desk, landing, landing.green))


def _landing(desk: Desk, landing: KpiForecast, chance: float) -> str:
    unit, fmt = desk.unit(landing.kpi), desk.fmt
    numbers = {"low": landing.p10, "middle": landing.p50, "high": landing.p90}
    shown = {name: fmt.value(number, unit) for name, number in numbers.items()}
    return desk.t("pack.need_unlikely", chance=fmt.chance(chance), **shown)


def _missing(desk: Desk) -> Iterator[Need]:
    for row in _heaviest(desk):
        value = row.value
        if value.amount is None and value.reason is Reason.NO_DATA:
            yield _need(desk, row, Status.NONE, desk.t("pack.need_missing"))
        elif value.amount is None:
            yield _need(desk, row, Status.NONE, reason_word(value.reason, desk.t))
        elif value.present < value.expected:
            yield _need(
                desk, row, Status.NONE, desk.t("pack.need_partial", present=value.present, expected=value.expected)
            )


def _need(desk: Desk, row: KpiResult, status: Status, reason: str) -> Need:
    word = {
        Status.RED: status_word(Status.RED, desk.t),
        Status.AMBER: desk.t("pack.at_risk"),
        Status.NONE: desk.t("pack.data"),
    }[status]
    return Need(status=status, word=word, subject=desk.name(row.kpi), reason=reason)
