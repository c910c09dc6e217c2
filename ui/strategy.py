"""The pages' way to the strategy: its versions, drafts, the map of a quarter, and what the forms do."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from kpi.errors import Refused
from kpi.periods import Period
from kpi.scorecard.results import Scorecard, Window
from kpi.strategy.book import StrategyBook, StrategyRecord
from kpi.strategy.design import DesignFinding, design_check
from kpi.strategy.load import default_strategy
from kpi.strategy.models import Part, Strategy
from kpi.strategy.perspectives import Rows, Side, map_rows
from kpi.strategy.steps import Form, form_of, strategy_with
from report.strategy_map import StrategyMap, strategy_map
from report.year_ends import YearEnd, year_ends
from ui import data
from ui.view import DataView


@st.cache_resource(show_spinner=False)
def _default() -> Strategy:
    return default_strategy(data.template(), data.settings().strategies_dir)


def book() -> StrategyBook:
    """The strategy of the scorecard in use."""
    return StrategyBook(data.store(), _default())


@st.cache_resource(show_spinner=False, max_entries=50)
def _rows(links: tuple[Side, ...]) -> Rows:
    return map_rows(data.template(), data.catalogue(), links)


def findings(strategy: Strategy) -> list[DesignFinding]:
    """The design check of a strategy."""
    return design_check(data.template(), data.catalogue(), strategy)


def ends(view: DataView) -> Mapping[str, YearEnd]:
    """How each objective ends the chosen quarter's year."""
    return year_ends(
        data.template(), view.quarter.year, view.scores.get(view.org_unit, ()), whole_year(view, view.quarter.year)
    )


def whole_year(view: DataView, year: int) -> Scorecard | None:
    """The scorecard of a year that is over; None while quarters are missing."""
    last = Period.quarter(year, 4)
    return data.card(view.snapshot, view.org_unit, last, Window.YEAR) if last <= view.last_actual else None


def drawn(view: DataView, strategy: Strategy, window: Window) -> StrategyMap:
    """The map of the chosen org unit and quarter."""
    card = data.card(view.snapshot, view.org_unit, view.quarter, window)
    rows = _rows(tuple((link.cause, link.effect) for link in strategy.links))
    return strategy_map(data.template(), rows, strategy, card, ends(view), view.t, view.fmt)


def money(view: DataView, yuan: Decimal) -> str:
    """An amount as written."""
    return view.fmt.value(yuan, data.catalogue().units["yuan"])


def entered(record: StrategyRecord, part: Part) -> tuple[Form, int, bool]:
    """What the form of a part holds, the version that it began with, and whether it is a draft.

    A draft counts as begun with the newest version as long as nobody has changed its part since.
    """
    saved = form_of(record.strategy, part)
    draft = book().draft(part, data.settings().user)
    if draft is None:
        return saved, record.version, False
    same = draft.base != record.version and form_of(book().version(draft.base).strategy, part) == saved
    return draft.form, record.version if same else draft.base, True


def keep(part: Part, base: int, form: Form) -> None:
    """Keep what was entered until now as a draft; what says no more than is saved needs none."""
    if form == form_of(book().version(base).strategy, part):
        drop(part)
    else:
        book().keep_draft(part, data.settings().user, base, form)


def drop(part: Part) -> None:
    """Forget the draft of a part."""
    book().drop_draft(part, data.settings().user)


def changed(record: StrategyRecord, part: Part, form: Form) -> Strategy:
    """The strategy with what was entered. Raises Refused naming every field that is wrong."""
    return strategy_with(record.strategy, part, form, data.template(), data.catalogue().units)


def save(part: Part, base: int, form: Form, reason: str) -> StrategyRecord | Refused:
    """Save what was entered as the version after ``base``; or why that was refused."""
    try:
        strategy = changed(book().newest(), part, form)
        return book().save(strategy, base, part, data.settings().user, reason)
    except Refused as refusal:
        return refusal
