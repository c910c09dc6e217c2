"""Where the main KPIs will land at year-end, beside their plans."""

import streamlit as st

from ui.components.chart import show_chart
from ui.components.frame import empty
from ui.home import YearEnd
from ui.view import DataView


def year_end(view: DataView, found: YearEnd | None) -> None:
    """The chart with what it shows in a line; or why there is none, and the next step."""
    t, title = view.t, view.t("home.landing")
    st.header(title, anchor=False)
    if view.run is None:
        empty(view, "no_forecast", "runs")
    elif found is None:
        empty(view, "no_landing")
    else:
        st.caption(t("home.landing_note", count=found.count, share=view.fmt.percent(found.share, 0)))
        show_chart(view, found.chart, found.table, key="year_end", title=title, alt=found.alt)
