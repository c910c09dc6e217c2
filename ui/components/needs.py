"""What needs somebody, each in one sentence and a link away."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from forecast.attention import UNLIKELY, Concern, Need, attention
from kpi.periods import Period
from kpi.scorecard.results import GateResult, Window
from kpi.scorecard.values import kpi_target
from report.attention import Reasons
from ui import data
from ui.components.cards import Trend
from ui.components.reasons import Reason, ReasonGroup, show_reasons
from ui.forecasts import landings_of_year
from ui.site import pages
from ui.view import DataView

SHOWN = 5
"""Of each kind; the rest is on the scorecard."""
MARK = {Need.RED: "red", Need.UNLIKELY: "amber", Need.DATA: "none"}


def concerns(view: DataView, trend: Trend) -> tuple[Concern, ...]:
    """What needs somebody in the org unit and quarter of the page."""
    landings = landings_of_year(view.outlooks, (row.kpi for row in trend[-1].kpis), view.org_unit, view.quarter)
    return attention(trend, data.template(), landings, company=view.org_unit == view.organisation.root.code)


def _note(view: DataView, concern: Concern, total_known: bool) -> str:
    t, fmt, row = view.t, view.fmt, concern.about
    if isinstance(row, GateResult):
        return t("home.note_gate")
    template = data.template()
    group = template.group[template.objective[row.objective].group].name.in_(view.language)
    if concern.need is Need.RED and total_known and concern.loss:
        return t("home.note_loss", group=group, points=fmt.score(concern.loss))
    return t("home.note", group=group, share=fmt.percent(concern.share))


def _page_of(view: DataView, kpi: str) -> tuple[str, dict[str, str]]:
    """A KPI's own page; the scorecard for one that has none, as a gate that is no KPI of the scorecard."""
    if kpi in view.choices.kpis:
        return "kpi", view.address.params(kpi=kpi)
    return "scorecard", view.address.params()


def _group(view: DataView, need: Need, found: Sequence[Concern], total_known: bool) -> ReasonGroup:
    catalogue, words = data.catalogue(), Reasons(view.t, view.fmt, view.quarter)
    items = []
    for concern in found[:SHOWN]:
        kpi, unit = catalogue.kpi[concern.kpi], catalogue.unit_of(concern.kpi)
        page, params = _page_of(view, kpi.code)
        goal = kpi_target(view.panel, kpi.code, view.org_unit, Period.quarter(view.quarter.year, 4), Window.YEAR)
        items.append(
            Reason(
                key=kpi.code,
                name=kpi.name.in_(view.language),
                note=_note(view, concern, total_known),
                reason=words.sentence(concern, kpi, unit, goal),
                href=f"{page}?{urlencode(params)}",
            )
        )
    rest = len(found) - len(items)
    more = view.t("home.more", count=rest) if rest else ""
    return ReasonGroup(view.t(f"home.need_{need.value}"), MARK[need], str(len(found)), items, more)


def needs(view: DataView, trend: Trend) -> None:
    """The list, or that there is nothing; and the way to all KPIs."""
    t, found = view.t, concerns(view, trend)
    st.subheader(t("home.needs"), anchor=False, help=t("home.help_needs", limit=view.fmt.percent(UNLIKELY, 0)))
    total_known = trend[-1].total.amount is not None
    groups = {need: [concern for concern in found if concern.need is need] for need in Need}
    shown = [_group(view, need, some, total_known) for need, some in groups.items() if some]
    if shown:
        chosen = show_reasons(shown, key="needs")
        if chosen:
            page, params = _page_of(view, chosen)
            st.switch_page(pages(t)[page], query_params=params)
    else:
        note = t("home.calm_note" if view.run else "home.calm_note_no_forecast")
        with st.container(border=True):
            st.markdown(f":green[:material/check_circle:] **{t('home.calm')}**  \n:gray[{note}]")
    st.page_link(
        pages(t)["scorecard"],
        label=t("home.all_kpis", count=len(trend[-1].kpis)),
        icon=":material/arrow_forward:",
        query_params=view.address.params(),
    )
