"""What the home page shows, worked out once for each org unit, quarter, window and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from forecast.attention import Concern, attention
from forecast.main_landings import main_landings
from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import Scorecard, Window
from kpi.scorecard.values import kpi_target
from report.attention import Reasons
from report.charts import Spec
from report.landings import LandingWords
from report.outlook import landings_of_year
from report.tables import Table
from ui import data
from ui.view import DataView

TREND_QUARTERS = 8


@dataclass(frozen=True)
class Need:
    """Something that needs somebody, with its reason in a sentence."""

    concern: Concern
    reason: str


@dataclass(frozen=True)
class YearEnd:
    """Where the ``count`` main KPIs, with ``share`` of the total, will land: as a chart, as a table, in words."""

    chart: Spec
    table: Table
    alt: str
    count: int
    share: Decimal


@dataclass(frozen=True)
class Front:
    """``cards`` are those of the last quarters, the oldest first; ``year_end`` is None where no landing is known."""

    cards: tuple[Scorecard, ...]
    needs: tuple[Need, ...]
    year_end: YearEnd | None


def front(view: DataView, window: Window) -> Front:
    """What ``view`` shows on the home page. Nothing in it may be changed."""
    run = view.run.run_id if view.run else ""
    chosen = (view.org_unit, str(view.quarter), window.value, view.language)
    return _front((str(view.snapshot.id), view.snapshot.content_hash, run, *chosen), view)


@st.cache_resource(show_spinner=False, max_entries=1000)
def _front(key: tuple[str, ...], _view: DataView) -> Front:
    """``key`` is all of the view that matters here: snapshot, run, org unit, quarter, window and language."""
    view, window = _view, Window(key[-2])
    cards = recent_cards(view, window)
    landings = landings_of_year(view.outlooks, (row.kpi for row in cards[-1].kpis), view.org_unit, view.quarter)
    return Front(cards, _needs(view, cards, landings), _year_end(view, cards[-1], landings))


def recent_cards(view: DataView, window: Window) -> tuple[Scorecard, ...]:
    """The cards of the quarters up to the chosen one, the oldest first."""
    back = (view.quarter.shift(step) for step in range(1 - TREND_QUARTERS, 1))
    known = (quarter for quarter in back if quarter >= view.panel.quarters[0])
    return tuple(data.card(view.snapshot, view.org_unit, quarter, window) for quarter in known)


def _needs(view: DataView, cards: tuple[Scorecard, ...], landings: Mapping[str, KpiForecast]) -> tuple[Need, ...]:
    catalogue, words = data.catalogue(), Reasons(view.t, view.fmt, view.quarter)
    year_end = Period.quarter(view.quarter.year, 4)
    company = view.org_unit == view.organisation.root.code

    def reason(concern: Concern) -> str:
        kpi, unit = catalogue.kpi[concern.kpi], catalogue.unit_of(concern.kpi)
        return words.sentence(
            concern, kpi, unit, kpi_target(view.panel, kpi.code, view.org_unit, year_end, Window.YEAR)
        )

    found = attention(cards, data.template(), landings, company)
    return tuple(Need(concern, reason(concern)) for concern in found)


def _year_end(view: DataView, card: Scorecard, landings: Mapping[str, KpiForecast]) -> YearEnd | None:
    main = main_landings(view.panel, data.template(), card, landings)
    if not main:
        return None
    words, share = LandingWords(data.catalogue(), view.t, view.fmt), sum((each.share for each in main), Decimal(0))
    return YearEnd(words.chart(main), words.table(main), words.alt(main), len(main), share)
