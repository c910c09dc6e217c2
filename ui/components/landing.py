"""Where the main KPIs will land at year-end, beside their plans."""

import streamlit as st

from forecast.main_landings import main_landings
from kpi.scorecard.results import Scorecard
from report.landings import LandingWords
from ui import data
from ui.components.chart import show_chart
from ui.components.frame import empty
from ui.forecasts import landings_of_year
from ui.view import DataView


def year_end(view: DataView, card: Scorecard) -> None:
    """The chart with what it shows in a line; or why there is none, and the next step."""
    t, fmt, title = view.t, view.fmt, view.t("home.landing")
    st.subheader(title, anchor=False)
    if view.run is None:
        empty(view, "no_forecast", "runs")
        return
    landings = landings_of_year(view.outlooks, (row.kpi for row in card.kpis), view.org_unit, view.quarter)
    main = main_landings(view.panel, data.template(), card, landings)
    if not main:
        empty(view, "no_landing")
        return
    share = fmt.percent(sum(each.share for each in main), 0)
    st.caption(t("home.landing_note", count=len(main), share=share))
    words = LandingWords(data.catalogue(), t, fmt)
    show_chart(view, words.chart(main), words.table(main), key="year_end", title=title, alt=words.alt(main))
