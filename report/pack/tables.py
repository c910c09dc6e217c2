"""The pages that are one table: the scorecard, and where the year will land."""

from collections.abc import Callable
from decimal import Decimal

from kpi.scorecard.results import KpiResult, Value
from kpi.scorecard.values import KpiView
from report.format import NOTHING
from report.pack.by_hand import set_by_hand
from report.pack.desk import TREND_QUARTERS, Desk
from report.pack.document import Band, Cell, Form, Grid, Line, Number, Page, Part, Prose
from report.pack.pages import LANDINGS, SCORECARD
from report.status import attainment_cell, reason_word, status_cell, status_word, value_cell
from report.tables import Column, Points, SparkCell, TextCell

Build = Callable[[Desk, KpiResult], Line]


def scorecard(desk: Desk) -> Page:
    """Every KPI with weight, actual, plan, attainment, status, changes, trend, landing and chance."""
    t = desk.t
    names = ("kpi", "weight", "actual", "plan", "attainment", "status")
    columns = [_column(desk, name) for name in names]
    columns += [
        Column("last_quarter", t("kpi.on_last_quarter"), "right"),
        Column("last_year", t("kpi.on_last_year"), "right"),
    ]
    columns += [_column(desk, name) for name in ("trend", "landing", "between", "chance")]
    grid = Grid(label=t("pack.scorecard"), columns=tuple(columns), parts=_parts(desk, _score_line))
    return Page(code=SCORECARD, title=t("pack.scorecard"), subtitle=desk.scope, bands=(Band.of(grid),))


def _column(desk: Desk, name: str) -> Column:
    right = name in {"weight", "actual", "plan", "landing", "between", "chance"}
    title = desk.t("pack.column_between") if name == "between" else desk.t(f"scorecard.column_{name}")
    return Column(name, title, "right" if right else "left")


def _parts(desk: Desk, build: Build) -> tuple[Part, ...]:
    t, fmt = desk.t, desk.fmt
    found = {part.code: part for part in desk.card.groups}
    parts = []
    for code, rows in desk.rows():
        part = found[code]
        note = t("pack.group_note", score=fmt.score(part.score.amount), weight=fmt.weight(part.weight))
        name = desk.template.group[code].name.in_(desk.language)
        lines = tuple(build(desk, row) for row in rows)
        if lines:
            parts.append(Part(rows=lines, title=name, note=note, status=part.status, word=status_word(part.status, t)))
    return tuple(parts)


def _numbers(**found: tuple[Value | Decimal | float | None, Form]) -> dict[str, Number]:
    numbers = {
        name: Number.of(value.amount if isinstance(value, Value) else value, form)
        for name, (value, form) in found.items()
    }
    return {name: number for name, number in numbers.items() if number is not None}


def _score_line(desk: Desk, row: KpiResult) -> Line:
    t, fmt, unit = desk.t, desk.fmt, desk.unit(row.kpi)
    landing = desk.source.outlook(row.kpi).landing(desk.quarter)
    quarter, year = (desk.change(row.kpi, value) for value in (row.on_last_quarter, row.on_last_year))
    cells: dict[str, Cell] = {
        "kpi": TextCell(desk.name(row.kpi)),
        "weight": TextCell(fmt.weight(row.weight)),
        "actual": value_cell(row.value, unit, t, fmt),
        "plan": value_cell(row.target, unit, t, fmt),
        "attainment": attainment_cell(row, t, fmt),
        "status": status_cell(row.status, t),
        "last_quarter": TextCell(quarter[0], title=_why_not(desk, row.on_last_quarter)),
        "last_year": TextCell(year[0], title=_why_not(desk, row.on_last_year)),
        "trend": spark(desk, row.kpi),
        "landing": TextCell(fmt.value(landing.p50 if landing else None, unit)),
        "between": TextCell(f"{fmt.value(landing.p10, unit)} – {fmt.value(landing.p90, unit)}" if landing else ""),
        "chance": TextCell(fmt.chance(landing.chance if landing else None)),
    }
    numbers = _numbers(
        weight=(row.weight, "weight"),
        actual=(row.value, unit.dimension),
        plan=(row.target, unit.dimension),
        attainment=(row.attainment, "percent"),
        landing=(landing.p50 if landing else None, unit.dimension),
        chance=(landing.chance if landing else None, "chance"),
    )
    changes = {"last_quarter": quarter[1], "last_year": year[1]}
    return Line(cells=cells, numbers=numbers | {name: number for name, number in changes.items() if number})


def _why_not(desk: Desk, value: Value) -> str:
    return reason_word(value.reason, desk.t) if value.amount is None else ""


def spark(desk: Desk, kpi: str) -> SparkCell:
    """The last quarters with what the run expects of the next, as a small line."""
    source, view = desk.source, KpiView(desk.source.panel, desk.kpi(kpi))
    follows = source.quarter == source.panel.last_actual
    ahead = {
        row.period: row for row in source.outlook(kpi).path(source.window) if follows and row.period > source.quarter
    }
    past = [source.quarter.shift(step) for step in range(1 - TREND_QUARTERS, 1)]
    quarters = [*past, *sorted(ahead)]

    def known(value: Value) -> float | None:
        return None if value.amount is None else float(value.amount)

    def expected(name: str) -> Points:
        return tuple(getattr(ahead[period], name) if period in ahead else None for period in quarters)

    unit, window = source.org_unit, source.window
    return SparkCell(
        text=desk.t("scorecard.trend_of", quarter=desk.fmt.period(source.quarter)),
        actual=tuple(known(view.value(unit, period, window)) if period in past else None for period in quarters),
        target=tuple(known(view.target(unit, period, window)) for period in quarters),
        forecast=expected("p50"),
        low=expected("p10"),
        high=expected("p90"),
    )


def landings(desk: Desk) -> Page:
    """Where each KPI will end the year, how sure that is, and what the rest of the year must bring."""
    t = desk.t
    names = ("kpi", "so_far", "plan", "p10", "p50", "p90", "chance", "green", "amber", "red", "needed", "expected")
    columns = tuple(Column(name, t(f"pack.column_{name}"), "left" if name == "kpi" else "right") for name in names)
    bands = [Band.of(Grid(label=t("pack.landings"), columns=columns, parts=_parts(desk, _landing_line)))]
    if desk.source.run is None:
        bands = [Band.of(Prose(title="", paragraphs=(t("pack.no_run"),)))]
    if by_hand := set_by_hand(desk, [row.kpi for row in desk.card.kpis]):
        bands.append(Band.of(by_hand))
    subtitle = f"{desk.scope} · {t('pack.year', year=desk.quarter.year)}"
    return Page(code=LANDINGS, title=t("pack.landings"), subtitle=subtitle, bands=tuple(bands))


def _landing_line(desk: Desk, row: KpiResult) -> Line:
    t, fmt, unit = desk.t, desk.fmt, desk.unit(row.kpi)
    landing = desk.source.outlook(row.kpi).landing(desk.quarter)
    plan = desk.year_plan(row.kpi)
    own: Form = unit.dimension
    cells: dict[str, Cell] = {
        "kpi": TextCell(desk.name(row.kpi)),
        "so_far": value_cell(row.value, unit, t, fmt),
        "plan": value_cell(plan, unit, t, fmt),
    }
    numbers = _numbers(so_far=(row.value, own), plan=(plan, own))
    for name, form in _LANDING.items():
        amount: float | None = getattr(landing, name) if landing else None
        cells[name] = TextCell(fmt.chance(amount) if form else fmt.value(amount, unit))
        numbers |= _numbers(**{name: (amount, form or own)})
    if landing and landing.needed is None:
        cells["needed"] = TextCell(NOTHING, title=reason_word(landing.reason, t))
    return Line(cells=cells, numbers=numbers)


_LANDING: dict[str, Form | None] = {
    **dict.fromkeys(("p10", "p50", "p90")),
    **dict.fromkeys(("chance", "green", "amber", "red"), "chance"),
    **dict.fromkeys(("needed", "expected")),
}
