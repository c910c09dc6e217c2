"""The heat map and the moves between two quarters, as the page that compares needs them; caches as in :mod:`ui.data`.

Rows in sight, a column to sort by and the moves to rank are each computed for many org units at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from forecast.records import KpiForecast
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.compute import glances, judge
from kpi.scorecard.heat import Page, Rank, attainment_rank, move_rank, ordered, status_rank
from kpi.scorecard.moves import Move, Ranking, moves, ranked
from kpi.scorecard.origins import subtree
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Glance, Window
from kpi.text import Language
from report.heat_builder import NAME, HeatSource, Metric, Sorting, build
from report.heat_map import SCORE, HeatMap
from report.outlook import Outlook
from ui import data
from ui.address import COMPARE
from ui.components.heat_map import payload
from ui.kept import kept
from ui.view import DataView

BACK = {"quarter": 1, "year": 4}


@dataclass(frozen=True)
class Sight:
    """Which facts and which forecast, at which quarter and window: what every answer here hangs on."""

    snapshot_id: int
    content_hash: str
    run_id: str
    quarter: Period
    window: Window

    @classmethod
    def of(cls, view: DataView) -> "Sight":
        """What the page shows."""
        run_id = view.run.run_id if view.run else ""
        return cls(view.snapshot.id, view.snapshot.content_hash, run_id, view.quarter, view.address.window)

    @property
    def panel(self) -> Panel:
        """The facts."""
        return data.panel_of(self.snapshot_id, self.content_hash)

    @property
    def now(self) -> tuple[Period, Window]:
        """Quarter and window."""
        return self.quarter, self.window


@dataclass(frozen=True)
class Asked:
    """A heat map: whose children, which of them is the chosen one, coloured by what, in which order, how many of
    them to a page, and which page."""

    top: str
    chosen: str
    metric: Metric
    back: int
    sort: str
    many: int
    page: int
    language: Language


@dataclass(frozen=True)
class Drawn:
    """A heat map with what goes to the browser, and which of how many rows it holds."""

    heat: HeatMap
    payload: str
    page: Page


def family(organisation: Organisation, org_unit: str) -> tuple[str, tuple[str, ...]]:
    """An org unit and those below it; for one that has none, the one above it and those below that."""
    parent = organisation.by_code[org_unit].parent
    top = org_unit if parent is None or organisation.children(org_unit) else parent
    return top, tuple(unit.code for unit in organisation.children(top))


@kept(max_entries=100)
def _moves(sight: Sight, org_units: tuple[str, ...], before: Period) -> Mapping[str, Mapping[str, Move]]:
    kpis = [entry.kpi for entry in data.template().entries]
    found: dict[str, dict[str, Move]] = {unit: {} for unit in org_units}
    for move in moves(sight.panel, kpis, org_units, before, *sight.now):
        found[move.org_unit][move.kpi] = move
    return found


def moves_of(view: DataView, org_unit: str, before: Period) -> Mapping[str, Move]:
    """The move of every KPI of the scorecard in one org unit, from ``before`` to the chosen quarter."""
    return _moves(Sight.of(view), (org_unit,), before)[org_unit]


@kept(max_entries=60)
def _glances(sight: Sight, org_units: tuple[str, ...]) -> Mapping[str, Glance]:
    return glances(sight.panel, data.template(), org_units, *sight.now)


@st.cache_resource(show_spinner=False, max_entries=100)
def _ranks(
    _view: DataView, sight: Sight, top: str, metric: Metric, back: int, column: str
) -> Mapping[str, Rank | None]:
    """What the org units below ``top`` are sorted by; only names hang on the language, and are not kept here."""
    codes, panel, template = family(_view.organisation, top)[1], sight.panel, data.template()
    if column == SCORE:
        seen = glances(panel, template, codes, *sight.now)  # too many to keep more than their totals
        totals = {code: each.total.amount for code, each in seen.items()}
        return {code: None if total is None else (total,) for code, total in totals.items()}
    if metric is Metric.TREND:
        before = sight.quarter.shift(-back)
        return {each.org_unit: move_rank(each) for each in moves(panel, [column], codes, before, *sight.now)}
    if metric is Metric.CHANCE:
        found = {code: _landing(_view, column, code) for code in codes}
        return {code: None if row is None or row.chance is None else (row.chance,) for code, row in found.items()}
    rank = status_rank if metric is Metric.STATUS else attainment_rank
    return {code: rank(judged) for code, judged in judge(panel, template, column, codes, *sight.now).items()}


def _landing(view: DataView, kpi: str, org_unit: str) -> KpiForecast | None:
    return Outlook(view.outlooks.get((kpi, org_unit), ())).landing(view.quarter)


def by_sound(name: str) -> Rank:
    """The place of a Chinese name among others: the commoner characters stand in the national encoding by their
    sound."""
    return tuple(name.encode("gb18030"))


def _by_name(view: DataView, codes: Sequence[str]) -> Mapping[str, Rank | None]:
    names = {code: view.organisation.by_code[code].name.in_(view.language) for code in codes}
    if view.language == "zh":
        return {code: by_sound(name) for code, name in names.items()}
    return {code: (name.casefold(),) for code, name in names.items()}


@st.cache_resource(show_spinner=False, max_entries=400)
def _heat(_view: DataView, sight: Sight, asked: Asked) -> Drawn:
    view, sorting = _view, Sorting(asked.sort)
    codes: Sequence[str] = family(view.organisation, asked.top)[1]
    if sorting.column:
        ranks = (
            _by_name(view, codes)
            if sorting.column == NAME
            else _ranks(view, sight, asked.top, asked.metric, asked.back, sorting.column)
        )
        codes = ordered(codes, ranks, sorting.descending)
    page = Page.of(len(codes), asked.many, asked.page)
    rows = tuple(page.cut(codes))
    drawn, before = (asked.top, *rows), sight.quarter.shift(-asked.back)
    source = HeatSource(
        organisation=view.organisation,
        catalogue=data.catalogue(),
        template=data.template(),
        metric=asked.metric,
        glances=_glances(sight, drawn),
        moves=_moves(sight, drawn, before) if asked.metric is Metric.TREND else {},
        landing=lambda kpi, code: _landing(view, kpi, code),
        has_run=view.run is not None,
    )
    heat = build(source, asked.top, rows, asked.chosen, sorting, view.t, view.fmt)
    return Drawn(heat, payload(heat, view.t), page)


def heat_map(view: DataView, metric: Metric, since: str) -> Drawn:
    """The org units below the chosen one, as many as stand on the page of the address."""
    top, _ = family(view.organisation, view.org_unit)
    address = view.address
    page, many = int(address.rows) if address.rows.isdecimal() else 1, int(address.many or COMPARE["many"][0])
    asked = Asked(top, view.org_unit, metric, BACK[since], address.sort, many, page, view.language)
    return _heat(view, Sight.of(view), asked)


def scope_units(organisation: Organisation, org_unit: str, scope: str) -> tuple[str, ...]:
    """Whose moves are ranked: the org units directly below (``children``) or ``all`` below, and the org unit itself
    where there are none."""
    below = (
        subtree(organisation, org_unit)[1:]
        if scope == "all"
        else tuple(unit.code for unit in organisation.children(org_unit))
    )
    return below or (org_unit,)


@st.cache_resource(show_spinner=False, max_entries=40)
def _ranking(_view: DataView, sight: Sight, org_unit: str, scope: str, before: Period) -> Ranking:
    kpis = [entry.kpi for entry in data.template().entries]
    units = scope_units(_view.organisation, org_unit, scope)
    return ranked(moves(sight.panel, kpis, units, before, *sight.now))


def ranking(view: DataView, scope: str, before: Period) -> Ranking:
    """Who moved most from ``before`` to the chosen quarter, among the :func:`scope_units` of the chosen org unit."""
    return _ranking(view, Sight.of(view), view.org_unit, scope, before)
