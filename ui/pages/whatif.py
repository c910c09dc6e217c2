"""What if: coming quarters changed by hand, the scorecard at year-end before and after, and the scenarios kept."""

import streamlit as st

from kpi.errors import Refused
from report.format import plain
from report.tables import as_csv
from ui import assumed, whatif
from ui.components import whatif_beside, whatif_editor, whatif_flow, whatif_results, whatif_saved
from ui.components.downloads import offer
from ui.components.frame import data_view, empty, page_head
from ui.components.table import show_table

view = data_view("site.whatif")
t = view.t
records = whatif.book().every()
if view.run is None:
    page_head(t("site.whatif"))
    empty(view, "no_forecast", "runs")
    st.stop()
if assumed.recall():
    st.rerun()
now = assumed.assumed(view, view.run, records)
assumed.remember(view)
with st.spinner(t("whatif.working")):
    base = whatif.base(now.ground)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    with st.container(width="content", gap="xxsmall"):
        page_head(t("site.whatif"), t("whatif.caption", org_unit=view.org_name))
    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        year = whatif_editor.year_switch(view, base)
        whatif_saved.chooser(view, now, records)
if now.unknown:
    st.warning(t("site.unknown_code", codes=plain(t("site.list_comma").join(now.unknown))))
if isinstance(base, Refused) or year is None:
    st.error(plain(base.in_(view.language)) if isinstance(base, Refused) else t("whatif.no_quarters"))
    st.stop()
if now.changes:
    whatif_saved.banner(view, now)
whatif_saved.not_newest(view, now)
if now.newest:
    with st.container(border=True):
        whatif_editor.editor(view, now, base, year)
if now.changes:
    whatif_editor.listed(view, now)
found = whatif.resolved(now.ground, now.changes)
before = whatif.card(now.ground, (), view.org_unit, year)
after = whatif.card(now.ground, now.changes, view.org_unit, year)
if isinstance(found, Refused) or isinstance(before, Refused) or isinstance(after, Refused):
    st.error(plain(found.in_(view.language)) if isinstance(found, Refused) else "")
    st.stop()

st.header(t("whatif.year_end", year=view.fmt.period(after.quarter)), anchor=False)
whatif_results.cards(view, before, after)
if not now.changes:
    st.caption(t("whatif.begin"))
else:
    whatif_results.moved_total(view, before, after)
    every = st.toggle(t("whatif.all_kpis"), key="all_kpis")
    kpis = whatif_results.kpi_table(view, now, before, after, every=every)
    show_table(kpis, key="scenario_kpis")
    st.caption(t("whatif.no_chance"))
    offer(t("whatif.csv"), as_csv(kpis), f"scorecast-scenario-not-actual-{view.language}", "csv", key="scenario_csv")
    with st.expander(t("whatif.flow"), on_change="rerun", key="flow_open") as flow:
        if flow.open:
            show_table(whatif_flow.flow_table(view, now, found, before, after), key="flow")
            st.markdown(f"**{t('whatif.way')}**")
            show_table(whatif_flow.way_table(view, now, before), key="way")
    if now.opened and now.kept:
        whatif_saved.managing(view, now.opened)
    elif now.newest:
        whatif_saved.keeping(view, now)
    whatif_beside.against(view, now, records, after)
if records:
    with st.expander(t("whatif.list"), on_change="rerun", key="list_open") as kept:
        if kept.open:
            whatif_saved.catalogue_of(view, records)
