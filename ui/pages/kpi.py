"""One KPI: its way so far, where it is heading and how sure that is, what changed it, the same in every org unit, what
people say of it, what it means and where it came from."""

import streamlit as st

from ui import data
from ui.components import kpi_branches, kpi_changes, kpi_history, kpi_notes, kpi_parts, kpi_record, track_record
from ui.components.frame import data_view, page_head, window_switch
from ui.components.outlook import overlay_note
from ui.components.sidebar import choose
from ui.components.status import status_badge

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

st.header(t("kpi.history"), anchor=False)
kpi_history.history(view, kpi, window)

st.header(t("kpi.record"), anchor=False)
with st.container(border=True):
    kpi_record.nearness_line(view, kpi)
    with st.expander(t("kpi.record_more"), on_change="rerun", key="record_open") as record:
        if record.open:
            kpi_record.past_quarters(view, kpi)
            kpi_record.forecast_record(view, kpi)
    with st.expander(t("track.title"), on_change="rerun", key="track_open") as track:
        if track.open:
            track_record.past_forecasts(view, kpi)

st.header(t("change.title"), anchor=False)
kpi_changes.changes(view, kpi, window)

st.header(t("kpi.by_unit"), anchor=False)
kpi_branches.branches(view, kpi, window)

st.header(t("note.title"), anchor=False)
kpi_notes.notes(view, kpi.code)

with st.expander(t("kpi.definition"), icon=":material/menu_book:", on_change="rerun", key="definition_open") as defined:
    if defined.open:
        kpi_parts.definition(view, kpi)
with st.expander(t("kpi.origins"), icon=":material/grid_on:", on_change="rerun", key="origins_open") as origins:
    if origins.open:
        kpi_parts.origins(view, kpi, window)
