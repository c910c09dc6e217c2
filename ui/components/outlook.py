"""Where the year is heading: a KPI's landing and what it still needs, and the expected scores."""

import streamlit as st

from forecast.records import KpiForecast
from kpi.catalogue.models import Kpi, OverTime
from kpi.scorecard.results import Status
from kpi.units import Unit
from report.format import plain
from report.outlook import Outlook
from ui import data
from ui.components.status import reason_word, status_badge
from ui.view import DataView


def landing_cards(view: DataView, kpi: Kpi, unit: Unit) -> None:
    """The year-end value, the chance of meeting the plan and of each status, and what the rest of the year needs."""
    t, fmt = view.t, view.fmt
    landing = Outlook(view.outlooks.get((kpi.code, view.org_unit), ())).landing(view.quarter)
    with st.container(border=True, gap=None, height="stretch"):
        st.metric(t("kpi.landing"), fmt.value(landing.p50 if landing else None, unit))
        st.caption(
            f"{fmt.value(landing.p10, unit)} – {fmt.value(landing.p90, unit)}" if landing else t("kpi.no_landing")
        )
    with st.container(border=True, gap=None, height="stretch"):
        st.metric(t("kpi.chance"), fmt.chance(landing.chance if landing else None))
        st.caption(t("kpi.chance_note") if landing else t("kpi.no_landing"))
    if landing:
        with st.container(border=True, gap="xxsmall", height="stretch"):
            st.markdown(f":small[{t('kpi.status_chances')}]", help=t("kpi.help_status_chances"))
            st.markdown(status_chances(view, landing))
        with st.container(border=True, gap=None, height="stretch"):
            st.metric(t("kpi.needed"), fmt.value(landing.needed, unit), help=t("kpi.help_needed"))
            st.caption(needed_note(view, kpi, landing, unit))


def overlay_note(view: DataView, kpi: Kpi, unit: Unit) -> None:
    """What people expect of the year-end instead, with reason and approver; nothing where nobody said so."""
    for made in data.standing_overlays():
        if (made.kpi, made.org_unit) == (kpi.code, view.org_unit) and made.year_end.year == view.quarter.year:
            value = view.fmt.value(float(made.value), unit)
            words = {"reason": plain(made.reason), "by": plain(made.made_by), "approver": plain(made.decided_by or "")}
            st.info(view.t("kpi.overlay", value=value, **words), icon=":material/edit_note:")


def status_chances(view: DataView, landing: KpiForecast) -> str:
    """The chance of each status at year-end, a line each, or that there will be none."""
    chances = {Status.GREEN: landing.green, Status.AMBER: landing.amber, Status.RED: landing.red}
    if landing.green is None:
        return status_badge(Status.NONE, view.t)
    lines = (f"{status_badge(status, view.t)} **{view.fmt.chance(chance)}**" for status, chance in chances.items())
    return "  \n".join(lines)


def needed_note(view: DataView, kpi: Kpi, landing: KpiForecast, unit: Unit) -> str:
    """What is expected beside what is needed, and how far apart they are; or why nothing is needed."""
    if landing.needed is None or landing.expected is None:
        return reason_word(landing.reason, view.t)
    gap = view.fmt.change(landing.expected - landing.needed, unit, relative=False)
    when = "level" if kpi.current.over_time is OverTime.LAST else "quarter"
    return view.t(f"kpi.expected_{when}", expected=view.fmt.value(landing.expected, unit), gap=gap)
