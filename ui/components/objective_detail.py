"""One objective of the strategy map: where it stands and ends, its KPIs, what it leads to and what drives it."""

from collections.abc import Iterable
from urllib.parse import urlencode

import streamlit as st

from kpi.scorecard.results import KpiResult, PartResult, Window
from kpi.strategy.models import Strategy
from kpi.strategy.perspectives import perspective_of
from kpi.text import Text
from report.format import NOTHING, plain
from report.outlook import Outlook
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from report.year_ends import YearEnd
from ui import data, strategy
from ui.components.status import attainment_cell, reason_word, status_badge, status_cell
from ui.components.table import show_table
from ui.site import pages
from ui.view import DataView


def detail(view: DataView, said: Strategy, code: str, window: Window, *, picked: bool) -> None:
    """The objective with the code; ``picked`` when the visitor chose it."""
    t, template = view.t, data.template()
    card = data.card(view.snapshot, view.org_unit, view.quarter, window)
    perspective = perspective_of(code, template, data.catalogue())
    with st.container(gap="xxsmall"):
        st.header(template.objective[code].name.in_(view.language), anchor=False)
        place = t(f"map.perspective_{perspective}")
        st.caption(place if picked else f"{place} · {t('map.needs_attention')}")
    part = next(each for each in card.objectives if each.code == code)
    st.markdown(f"{_now(view, part)}  \n{_ahead(view, strategy.ends(view)[code])}")
    _kpis(view, code, [result for result in card.kpis if result.objective == code])
    _linked(view, "leads", [(link.effect, link.reason) for link in said.links if link.cause == code])
    _linked(view, "driven", [(link.cause, link.reason) for link in said.links if link.effect == code])
    _plans(view, said, code)


def _now(view: DataView, part: PartResult) -> str:
    t, fmt = view.t, view.fmt
    score = fmt.score(part.score.amount) if part.score.amount is not None else reason_word(part.score.reason, t)
    return f"{t('map.now')} {status_badge(part.status, t)} **{score}**"


def _ahead(view: DataView, end: YearEnd) -> str:
    """The year-end; of a forecast with its interval and the chance of ending on track."""
    t, fmt, row = view.t, view.fmt, end.forecast
    head = f"{t('map.ahead')} {status_badge(end.status, t)} **{fmt.score(end.score)}**"
    if row is None:
        why = t("map.year_over") if end.score is not None else t("map.no_year_end")
        return f"{head} :small[:gray[{why}]]"
    low, high, chance = fmt.score(row.p10), fmt.score(row.p90), fmt.chance(row.green)
    return f"{head} :small[:gray[{t('map.expected', low=low, high=high, chance=chance)}]]"


def _kpis(view: DataView, code: str, results: Iterable[KpiResult]) -> None:
    t = view.t
    names = ("kpi", "status", "attainment", "landing", "chance")
    columns = [Column(name, t(f"map.kpi_{name}"), link=name == "kpi") for name in names]
    label = t("map.kpis_of", objective=data.template().objective[code].name.in_(view.language))
    rows = [_kpi_row(view, result) for result in results]
    chosen = show_table(Table(label, columns, [RowGroup(rows)]), key="objective_kpis")
    if chosen in view.choices.kpis:
        st.switch_page(pages(t)["kpi"], query_params=_to_kpi(view, chosen))


def _to_kpi(view: DataView, kpi: str) -> dict[str, str]:
    return view.address.params(kpi=kpi, objective="", section="", step="")


def _kpi_row(view: DataView, result: KpiResult) -> Row:
    t, fmt, kpi = view.t, view.fmt, data.catalogue().kpi[result.kpi]
    unit = data.catalogue().unit_of(kpi.code)
    landing = Outlook(view.outlooks.get((kpi.code, view.org_unit), ())).landing(view.quarter)
    cells: dict[str, Cell] = {
        "kpi": TextCell(kpi.name.in_(view.language)),
        "status": status_cell(result.status, t),
        "attainment": attainment_cell(result, t, fmt),
        "landing": TextCell(fmt.value(landing.p50, unit)) if landing else TextCell(NOTHING, title=t("map.no_year_end")),
        "chance": TextCell(fmt.chance(landing.chance if landing else None)),
    }
    return Row(kpi.code, cells, href="kpi?" + urlencode(_to_kpi(view, kpi.code)))


def _linked(view: DataView, way: str, links: Iterable[tuple[str, Text]]) -> None:
    """The objectives at the other ends, each with how it helps."""
    known = data.template().objective
    lines = [
        f"- **{plain(known[code].name.in_(view.language))}**  \n  {plain(reason.in_(view.language))}"
        for code, reason in links
        if code in known
    ]
    if lines:
        st.markdown(f"**{view.t(f'map.{way}')}**\n" + "\n".join(lines))


def _plans(view: DataView, said: Strategy, code: str) -> None:
    lines = [
        f"- **{plain(plan.name.in_(view.language))}**  \n  "
        + plain(f"{plan.owner.in_(view.language)} · {strategy.money(view, plan.budget)} · {plan.due.isoformat()}")
        for plan in said.plans
        if plan.objective == code
    ]
    if lines:
        st.markdown(f"**{view.t('map.plans')}**\n" + "\n".join(lines))
