"""What needs somebody, each in one sentence and a link away."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from forecast.attention import UNLIKELY, Concern
from forecast.attention import Need as Kind
from kpi.scorecard.results import GateResult
from ui import data
from ui.components.reasons import Reason, ReasonGroup, show_reasons
from ui.home import Front, Need
from ui.site import pages
from ui.view import DataView

SHOWN = 5
"""Of each kind; the rest is on the scorecard."""
MARK = {Kind.RED: "red", Kind.UNLIKELY: "amber", Kind.DATA: "none"}


def needs(view: DataView, shown: Front) -> None:
    """The list, or that there is nothing; and the way to all KPIs."""
    t = view.t
    st.header(t("home.needs"), anchor=False, help=t("home.help_needs", limit=view.fmt.percent(UNLIKELY, 0)))
    if shown.needs:
        chosen = show_reasons(reason_groups(view, shown), key="needs")
        if chosen:
            page, params = _page_of(view, chosen)
            st.switch_page(pages(t)[page], query_params=params)
    else:
        _calm(view, landing_known=shown.year_end is not None)
    st.page_link(
        pages(t)["scorecard"],
        label=t("home.all_kpis", count=len(shown.cards[-1].kpis)),
        icon=":material/arrow_forward:",
        query_params=view.address.params(),
    )


def reason_groups(view: DataView, shown: Front) -> list[ReasonGroup]:
    """What needs somebody by kind, the most important first; kinds without anything are left out."""
    scored = shown.cards[-1].total.amount is not None
    kinds = [(kind, [need for need in shown.needs if need.concern.need is kind]) for kind in Kind]
    return [_group(view, kind, found, scored) for kind, found in kinds if found]


def _calm(view: DataView, landing_known: bool) -> None:
    note = view.t("home.calm_ahead" if landing_known else "home.calm_now")
    with st.container(border=True):
        st.markdown(f":green[:material/check_circle:] **{view.t('home.calm')}**  \n:gray[{note}]")


def _group(view: DataView, kind: Kind, found: Sequence[Need], scored: bool) -> ReasonGroup:
    items = [_item(view, need, scored) for need in found[:SHOWN]]
    rest = len(found) - len(items)
    more = view.t("home.more", count=rest) if rest else ""
    return ReasonGroup(view.t(f"home.need_{kind.value}"), MARK[kind], str(len(found)), items, more)


def _item(view: DataView, need: Need, scored: bool) -> Reason:
    kpi = need.concern.kpi
    page, params = _page_of(view, kpi)
    name = data.catalogue().kpi[kpi].name.in_(view.language)
    return Reason(kpi, name, _note(view, need.concern, scored), need.reason, f"{page}?{urlencode(params)}")


def _note(view: DataView, concern: Concern, scored: bool) -> str:
    """The perspective, and what the KPI costs the total or how much of it it is."""
    t, fmt, row = view.t, view.fmt, concern.about
    if isinstance(row, GateResult):
        return t("home.note_gate")
    template = data.template()
    group = template.group[template.objective[row.objective].group].name.in_(view.language)
    if scored and concern.need is Kind.RED and concern.loss:
        return t("home.note_loss", group=group, points=fmt.score(concern.loss))
    return t("home.note", group=group, share=fmt.percent(concern.share))


def _page_of(view: DataView, kpi: str) -> tuple[str, dict[str, str]]:
    """A KPI's own page; the scorecard for what has none, as a gate that is no KPI of the scorecard."""
    if kpi in view.choices.kpis:
        return "kpi", view.address.params(kpi=kpi)
    return "scorecard", view.address.params()
