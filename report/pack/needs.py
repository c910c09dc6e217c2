"""What needs somebody, by the rules and in the words of the home page."""

from forecast.attention import Concern, Lack, attention
from forecast.attention import Need as Kind
from kpi.scorecard.results import Status
from report.attention import Reasons
from report.pack.desk import Desk
from report.pack.document import Need, Needs
from report.status import status_word

SHOWN = 9


def needs(desk: Desk) -> Needs:
    """The matters of the pack's org unit and quarter, the most important first."""
    t, source = desk.t, desk.source
    landings = {row.kpi: source.outlook(row.kpi).landing(desk.quarter) for row in desk.card.kpis}
    known = {kpi: landing for kpi, landing in landings.items() if landing}
    company = source.org_unit == source.inputs.organisation.root.code
    found = attention(tuple(desk.cards.values()), desk.template, known, company)
    more = len(found) - SHOWN
    return Needs(
        title=t("pack.needs"),
        items=tuple(_need(desk, concern) for concern in found[:SHOWN]),
        empty=t("pack.no_needs"),
        more=t("pack.more_needs", count=more) if more > 0 else "",
    )


def _need(desk: Desk, concern: Concern) -> Need:
    status, word = _sign(desk, concern)
    words = Reasons(desk.t, desk.fmt, desk.quarter)
    reason = words.sentence(concern, desk.kpi(concern.kpi), desk.unit(concern.kpi), desk.year_plan(concern.kpi))
    return Need(status=status, word=word, subject=desk.name(concern.kpi), reason=reason)


def _sign(desk: Desk, concern: Concern) -> tuple[Status, str]:
    match concern.need:
        case Kind.RED:
            return Status.RED, status_word(Status.RED, desk.t)
        case Kind.UNLIKELY:
            return Status.AMBER, desk.t("pack.at_risk")
    return Status.NONE, desk.t("pack.data" if concern.lack is not Lack.NO_PLAN else "reason.no_plan")
