"""What a scenario does: the total and the perspectives, what moved them, every KPI before and after."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import accumulate, pairwise

import streamlit as st

from forecast.scenario.effect import contributions
from kpi.periods import Period
from kpi.scorecard.results import KpiResult, Scorecard, Status, Value
from kpi.scorecard.rollup import QUARTERS
from report.charts import Spec
from report.format import NOTHING
from report.outlook import Outlook
from report.tables import Column, Row, RowGroup, Table, TextCell
from report.waterfall import Bar, waterfall
from ui import data
from ui.assumed import Assumed
from ui.components.chart import show_chart
from ui.components.status import attainment_cell, reason_word, status_badge, status_cell
from ui.view import DataView

_MOST = 10  # steps of a waterfall with a line of their own


def cards(view: DataView, before: Scorecard, after: Scorecard) -> None:
    """Total and perspectives under the scenario, each with its change on the forecast."""
    template = data.template()
    parts = [(view.t("scorecard.total"), (before.total, before.status), (after.total, after.status))]
    for then, now in zip(before.groups, after.groups, strict=True):
        name = template.group[now.code].name.in_(view.language)
        parts.append((name, (then.score, then.status), (now.score, now.status)))
    with st.grid(5, min_column_width=165):
        for part in parts:
            _card(view, *part)


def _card(view: DataView, name: str, before: tuple[Value, Status], after: tuple[Value, Status]) -> None:
    t, fmt = view.t, view.fmt
    (then, was), (now, status) = before, after
    moved = None if then.amount is None or now.amount is None else now.amount - then.amount
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(
            name,
            fmt.score(now.amount),
            delta=small(view, moved) if moved else None,
            delta_description=t("whatif.on_forecast", score=fmt.score(then.amount)) if moved else None,
            delta_color="primary",
        )
        if now.amount is None:
            st.markdown(reason_word(now.reason, t))
        elif was is status:
            st.markdown(status_badge(status, t))
        else:
            st.markdown(f"{status_badge(was, t)} → {status_badge(status, t)}")


def small(view: DataView, points: Decimal) -> str:
    """A difference of scores with two digits, because one KPI moves a total by little."""
    shown = view.fmt.score(points, 2)
    return f"+{shown}" if points > 0 else shown


def moved_total(view: DataView, before: Scorecard, after: Scorecard) -> None:
    """Which KPIs moved the total, as a waterfall; nothing where there is no total or nothing moved."""
    points = {kpi: moved for kpi, moved in contributions(before, after).items() if moved}
    none = next((card.total.reason for card in (before, after) if card.total.amount is None), None)
    if not points:
        words = view.t("whatif.nothing_moved")
        st.caption(words if none is None else view.t("whatif.no_total", reason=reason_word(none, view.t)))
        return
    spec, table = total_chart(view, before, after, points)
    t = view.t
    st.markdown(f"**{t('whatif.total_moves')}**")
    title = f"{t('whatif.banner')}: {t('whatif.total_moves')} · {view.org_name}"
    show_chart(view, spec, table, key="scenario_total", title=title, alt=t("whatif.total_alt"))


def total_chart(
    view: DataView, before: Scorecard, after: Scorecard, points: Mapping[str, Decimal]
) -> tuple[Spec, Table]:
    """The waterfall and its table; KPIs beyond the largest few are one step."""
    t, catalogue = view.t, data.catalogue()
    largest = sorted(points, key=lambda kpi: -abs(points[kpi]))
    steps = [(catalogue.name_of(kpi).in_(view.language), points[kpi]) for kpi in largest[:_MOST]]
    if largest[_MOST:]:
        steps.append((t("whatif.others"), sum((points[kpi] for kpi in largest[_MOST:]), Decimal(0))))
    start, end = before.total.amount or Decimal(0), after.total.amount or Decimal(0)
    ends = list(accumulate((moved for _, moved in steps), initial=start))
    bars = [Bar(t("whatif.before"), float(start), float(start), view.fmt.score(start, 2), "forecast")]
    for (name, moved), (then, now) in zip(steps, pairwise(ends), strict=True):
        arrow = "▲" if moved > 0 else "▼"
        text = f"{arrow} {small(view, moved)}"
        bars.append(Bar(name, float(then), float(now), text, "green" if moved > 0 else "red"))
    bars.append(Bar(t("whatif.after"), float(end), float(end), view.fmt.score(end, 2), "forecast"))
    columns = [Column("name", t("whatif.step")), Column("points", t("whatif.points"), "right")]
    rows = [Row(str(at), {"name": TextCell(bar.name), "points": TextCell(bar.text)}) for at, bar in enumerate(bars)]
    return waterfall(bars), Table(t("whatif.total_moves"), columns, [RowGroup(rows)])


def kpi_table(view: DataView, now: Assumed, before: Scorecard, after: Scorecard, *, every: bool) -> Table:
    """Each KPI before and after, under its perspective; only those that moved, or all."""
    t, fmt, template = view.t, view.fmt, data.template()
    year = after.quarter.year
    points = contributions(before, after)
    columns = [
        Column("kpi", t("scorecard.column_kpi")),
        Column("before", t("whatif.landing_before"), "right", help=t("whatif.help_before")),
        Column("after", t("whatif.landing_after"), "right"),
        Column("attainment", t("scorecard.column_attainment")),
        Column("was", t("whatif.status_before")),
        Column("status", t("whatif.status_after")),
        Column("score", t("whatif.score"), "right"),
        Column("points", t("whatif.points"), "right", help=t("whatif.help_points")),
        Column("chance", t("whatif.chance"), "right", help=t("whatif.help_chance")),
    ]
    groups = []
    for then, part in zip(before.groups, after.groups, strict=True):
        pairs = [
            (old, new)
            for old, new in zip(before.kpis, after.kpis, strict=True)
            if template.objective[new.objective].group == part.code and (every or old != new)
        ]
        if pairs:
            rows = [_kpi_row(view, now, old, new, points.get(new.kpi), year) for old, new in pairs]
            note = t("whatif.was_score", now=fmt.score(part.score.amount), before=fmt.score(then.score.amount))
            groups.append(RowGroup(rows, template.group[part.code].name.in_(view.language), note))
    return Table(t("whatif.kpis"), columns, groups)


def _kpi_row(view: DataView, now: Assumed, then: KpiResult, new: KpiResult, points: Decimal | None, year: int) -> Row:
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    unit = catalogue.unit_of(new.kpi)
    forecasts = data.forecasts(now.ground.run).get((new.kpi, view.org_unit), ())
    landing = Outlook(forecasts).landing(Period.quarter(year, QUARTERS))
    between = f"{fmt.value(landing.p10, unit)} – {fmt.value(landing.p90, unit)}" if landing else ""
    objective = data.template().objective[new.objective].name.in_(view.language)
    was = "" if then.score == new.score else t("whatif.was", value=fmt.score(then.score.amount))
    return Row(
        new.kpi,
        {
            "kpi": TextCell(catalogue.name_of(new.kpi).in_(view.language), note=objective),
            "before": TextCell(fmt.value(then.value.amount, unit), note=between),
            "after": TextCell(fmt.value(new.value.amount, unit), note=moved_by(view, new.kpi, then.value, new.value)),
            "attainment": attainment_cell(new, t, fmt),
            "was": status_cell(then.status, t),
            "status": status_cell(new.status, t),
            "score": TextCell(fmt.score(new.score.amount), note=was),
            "points": TextCell(small(view, points) if points else NOTHING),
            "chance": TextCell(fmt.chance(landing.chance) if landing else NOTHING),
        },
    )


def moved_by(view: DataView, code: str, then: Value, now: Value) -> str:
    """The change of a component or KPI: of an amount in percent, of a ratio as a difference; nothing without one."""
    if then.amount is None or now.amount is None or then.amount == now.amount:
        return ""
    catalogue, moved = data.catalogue(), now.amount - then.amount
    ratio = code not in catalogue.component and bool(catalogue.kpi[code].current.denominator)
    relative = not ratio and then.amount > 0
    return view.fmt.change(moved / then.amount if relative else moved, catalogue.unit_of(code), relative)
