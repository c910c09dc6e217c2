"""One KPI: its way so far, where it is heading, the same in every org unit, what it means and where it came from."""

import streamlit as st

from report.format import plain
from ui import data
from ui.components import kpi_charts, kpi_parts, kpi_record, track_record
from ui.components.frame import data_view, page_head, window_switch
from ui.components.outlook import overlay_note
from ui.components.sidebar import choose
from ui.components.status import status_badge
from ui.components.table import show_table

view = data_view("site.kpi")
t, catalogue, template = view.t, data.catalogue(), data.template()
kpi = catalogue.kpi[view.address.kpi or view.choices.kpis[0]]
card_entry = next(entry for entry in template.entries if entry.kpi == kpi.code)
objective = template.objective[card_entry.objective]

key, write = choose("kpi", kpi.code)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.selectbox(
        t("site.kpi"),
        view.choices.kpis,
        format_func=lambda code: catalogue.kpi[code].name.in_(view.language),
        key=key,
        on_change=write,
        placeholder=t("site.choose"),
        width=420,
    )
    window = window_switch(view)
group = template.group[objective.group].name.in_(view.language)
card = data.card(view.snapshot, view.org_unit, view.quarter, window)
result = next(result for result in card.kpis if result.kpi == kpi.code)
page_head(
    f"{kpi.name.in_(view.language)} {status_badge(result.status, t)}",
    f"{view.org_name} · {view.fmt.period(view.quarter)} · {group} · {objective.name.in_(view.language)}",
)
kpi_parts.figures(view, kpi, result, catalogue.unit_of(kpi.code))
overlay_note(view, kpi, catalogue.unit_of(kpi.code))

st.subheader(t("kpi.history"), anchor=False)
with st.container(border=True):
    st.vega_lite_chart(kpi_charts.history_spec(view, kpi.code, window), alt=t("kpi.history_alt"), key="history")
with st.expander(t("kpi.values"), on_change="rerun", key="values_open") as values:
    if values.open:
        show_table(kpi_charts.values_table(view, kpi.code, window), key="values")

st.subheader(t("kpi.record"), anchor=False)
with st.container(border=True):
    kpi_record.forecast_record(view, kpi)

st.subheader(t("track.title"), anchor=False)
with st.container(border=True):
    track_record.past_forecasts(view, kpi)

st.subheader(t("kpi.by_unit"), anchor=False)
with st.container(border=True):
    bars = kpi_charts.by_unit_spec(view, kpi.code, window)
    if bars is None:
        st.caption(t("kpi.no_units"))
    else:
        st.vega_lite_chart(bars, alt=t("kpi.by_unit"), key="by_unit")
        if silent := kpi_charts.units_without(view, kpi.code, window):
            st.caption(t("kpi.units_without", names=plain(t("site.list_comma").join(silent))))

st.subheader(t("kpi.definition"), anchor=False)
kpi_parts.definition(view, kpi)

st.subheader(t("kpi.origins"), anchor=False)
kpi_parts.origins(view, kpi, window)
