"""The page of one KPI: its way and where it is heading, in numbers, and what it means."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from forecast.nearness import nearness_told
from kpi.periods import Period
from kpi.scorecard.restated import restated_quarters
from kpi.scorecard.results import KpiResult, Status, Value
from kpi.scorecard.values import kpi_series
from kpi.units import Dimension
from report.fan import fan, has_fan
from report.pack.by_hand import set_by_hand
from report.pack.desk import Desk
from report.pack.document import (
    Band,
    Card,
    Cards,
    Cell,
    Chart,
    Entries,
    Entry,
    Form,
    Grid,
    Line,
    Number,
    Page,
    Part,
    Point,
    Prose,
    Shade,
)
from report.pack.points import forecast_points
from report.status import coverage_note, reason_word, status_word
from report.tables import Column, TextCell

HISTORY_QUARTERS = 20
PAST_COLUMNS, AHEAD_COLUMNS = 6, 6
Series = list[tuple[Period, Value, Value]]


def kpi_page(desk: Desk, code: str) -> Page:
    """Chart, figures, the quarters around, definition."""
    row = next(row for row in desk.card.kpis if row.kpi == code)
    objective = desk.objective(row)
    group = desk.template.group[objective.group].name.in_(desk.language)
    series = kpi_series(desk.source.panel, code, desk.source.org_unit, desk.source.window)
    chart, figures = history(desk, code, series), Cards(cards=tuple(_figures(desk, row)))
    top = Band(columns=((chart,), (figures, *_record(desk, code, chart))), share=0.6) if chart else Band.of(figures)
    quarters = _quarters(desk, code, series)
    by_hand = set_by_hand(desk, [code])
    below = [*([Band.of(quarters)] if quarters else []), _definition(desk, code)]
    return Page(
        code=code,
        title=desk.name(code),
        subtitle=f"{desk.scope} · {group} · {objective.name.in_(desk.language)}",
        status=row.status,
        word=status_word(row.status, desk.t),
        bands=(top, *below, *([Band.of(by_hand)] if by_hand else [])),
    )


def history(desk: Desk, code: str, series: Series) -> Chart | None:
    """The last five years, the plan, and what the run expects; None where none of them is known."""
    t, fmt, unit = desk.t, desk.fmt, desk.unit(code)
    last_actual = desk.source.panel.last_actual or desk.quarter
    ahead = desk.source.outlook(code).path(desk.source.window)
    first, last = last_actual.shift(1 - HISTORY_QUARTERS), max([last_actual, *(row.period for row in ahead)])
    points: list[Point] = []
    latest: Point | None = None
    for quarter, value, target in series:
        if not first <= quarter <= last:
            continue
        for role, found in (("actual", value), ("plan", target)):
            if found.amount is None or (role == "actual" and quarter > last_actual):
                continue
            text = fmt.value(found.amount, unit)
            point = Point.model_validate(
                {
                    "quarter": str(quarter),
                    "role": role,
                    "series": t(f"series.{role}"),
                    "amount": float(found.amount),
                    "text": text,
                }
            )
            points.append(point)
            latest = point if role == "actual" else latest
    begin = latest if latest and ahead and latest.quarter < str(ahead[0].period) else None
    points += forecast_points(ahead, latest, t("series.forecast"), lambda amount: fmt.value(amount, unit))
    if not points:
        return None
    order = tuple(sorted({point.quarter for point in points}))
    corrected = restated_quarters(desk.source.panel, code, desk.source.org_unit)
    top = max(abs(point.amount) for point in points)
    return Chart(
        label=t("kpi.history"),
        points=tuple(points),
        order=order,
        axis=fmt.axis(top, unit),
        names={role: t(f"series.{role}") for role in ("actual", "plan")}
        | {"forecast": t("series.fan" if has_fan(ahead) else "series.forecast")},
        form=unit.dimension,
        breaks=_breaks(desk, code, order),
        fan=tuple(map(Shade.model_validate, fan(ahead, (begin.quarter, begin.amount) if begin else None))),
        restated=tuple(quarter for quarter in map(str, corrected) if quarter in order),
    )


def _record(desk: Desk, code: str, chart: Chart) -> Iterator[Prose]:
    """What the numbers alone would not say: how near the forecasts of the KPI were, and which values were corrected."""
    lines = []
    if past := desk.source.past.get(code):
        lines.append(nearness_told(past, desk.unit(code)).in_(desk.language))
    if chart.restated:
        quarters = desk.t("site.list_comma").join(desk.fmt.period(Period.parse(quarter)) for quarter in chart.restated)
        lines.append(desk.t("kpi.restated", quarters=quarters))
    if lines:
        yield Prose(title="", paragraphs=tuple(lines))


def _breaks(desk: Desk, code: str, order: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    calendar = desk.source.inputs.calendar
    days = (version.effective_from for version in desk.kpi(code).versions if version.breaks_history)
    quarters = (str(calendar.period_of(day)) for day in days)
    return tuple((quarter, desk.t("kpi.break")) for quarter in quarters if quarter in order)


def _figures(desk: Desk, row: KpiResult) -> Iterator[Card]:
    t, fmt, unit = desk.t, desk.fmt, desk.unit(row.kpi)

    def of(value: Value, form: Form) -> Number | None:
        return Number.of(value.amount, form)

    yield _card(desk, t("series.actual"), row.value, fmt.value(row.value.amount, unit), of(row.value, unit.dimension))
    yield _card(desk, t("series.plan"), row.target, fmt.value(row.target.amount, unit), of(row.target, unit.dimension))
    attained = fmt.percent(row.attainment.amount)
    yield _card(desk, t("kpi.attainment"), row.attainment, attained, of(row.attainment, "percent"), row.status)
    weight = t("kpi.weight", weight=fmt.weight(row.effective_weight))
    score = of(row.score, Dimension.SCORE)
    yield _card(desk, t("kpi.score"), row.score, fmt.score(row.score.amount), score, note=weight)
    for label, value in ((t("kpi.on_last_quarter"), row.on_last_quarter), (t("kpi.on_last_year"), row.on_last_year)):
        text, number = desk.change(row.kpi, value)
        yield _card(desk, label, value, text, number)
    yield from _landing(desk, row)


def _card(
    desk: Desk,
    label: str,
    value: Value,
    text: str,
    number: Number | None,
    status: Status | None = None,
    note: str = "",
) -> Card:
    missing = reason_word(value.reason, desk.t) if value.amount is None else ""
    lines = [missing] if missing else [line for line in (note, coverage_note(value, desk.t)) if line]
    word = status_word(status, desk.t) if status else ""
    return Card(label=label, text=text, lines=tuple(lines), number=number, status=status, word=word)


def _landing(desk: Desk, row: KpiResult) -> Iterator[Card]:
    t, fmt, unit = desk.t, desk.fmt, desk.unit(row.kpi)
    landing = desk.source.outlook(row.kpi).landing(desk.quarter)
    if landing is None:
        return
    plan = desk.year_plan(row.kpi)
    between = f"{fmt.value(landing.p10, unit)} – {fmt.value(landing.p90, unit)}"
    of = t("pack.of_plan", plan=fmt.value(plan.amount, unit)) if plan.amount is not None else t("reason.no_plan")
    number = Number.of(landing.p50, unit.dimension)
    yield Card(label=t("kpi.landing"), text=fmt.value(landing.p50, unit), lines=(between,), number=number)
    chance = Number.of(landing.chance, "chance")
    yield Card(label=t("kpi.chance"), text=fmt.chance(landing.chance), lines=(of,), number=chance)


def _quarters(desk: Desk, code: str, series: Series) -> Grid | None:
    """The quarters around the newest one, side by side; None where nothing is known of any."""
    t, ahead = desk.t, {row.period: row for row in desk.source.outlook(code).path(desk.source.window)}
    last = desk.source.panel.last_actual or desk.quarter
    known = {quarter: (value, target) for quarter, value, target in series}
    coming = sorted(period for period in ahead if period > last)[:AHEAD_COLUMNS]
    quarters = [*(last.shift(step) for step in range(1 - PAST_COLUMNS, 1)), *coming]
    found: dict[str, dict[Period, Decimal | float | None]] = {
        "actual": {quarter: known[quarter][0].amount for quarter in quarters if quarter in known and quarter <= last},
        "plan": {quarter: known[quarter][1].amount for quarter in quarters if quarter in known},
        **{name: {quarter: getattr(ahead[quarter], name) for quarter in coming} for name in _EXPECTED},
    }
    lines = tuple(_quarter_line(desk, code, name, amounts) for name, amounts in found.items() if _any_known(amounts))
    if not lines:
        return None
    columns = (Column("name", ""), *(Column(str(quarter), str(quarter), "right") for quarter in quarters))
    return Grid(label=t("kpi.values"), columns=columns, parts=(Part(rows=lines),), small=True)


_EXPECTED = ("p10", "p50", "p90", "chance")


def _any_known(amounts: Mapping[Period, Decimal | float | None]) -> bool:
    """Whether there is any number at all."""
    return any(amount is not None for amount in amounts.values())


def _quarter_line(desk: Desk, code: str, name: str, amounts: Mapping[Period, Decimal | float | None]) -> Line:
    fmt, unit = desk.fmt, desk.unit(code)
    form: Form = "chance" if name == "chance" else unit.dimension
    cells: dict[str, Cell] = {"name": TextCell(desk.t(f"pack.row_{name}"))}
    numbers: dict[str, Number] = {}
    for quarter, amount in amounts.items():
        number = Number.of(amount, form)
        if amount is not None and number is not None:
            text = fmt.chance(float(amount)) if name == "chance" else fmt.value(amount, unit)
            cells[str(quarter)], numbers[str(quarter)] = TextCell(text), number
    return Line(cells=cells, numbers=numbers)


def _definition(desk: Desk, code: str) -> Band:
    t, kpi = desk.t, desk.kpi(code)
    means = Entry(name=t("kpi.description"), text=kpi.description.in_(desk.language))
    direction = Entry(name=t("kpi.direction"), text=t(f"direction.{kpi.current.direction.value}"))
    owner = Entry(name=t("kpi.owner"), text=kpi.owner.in_(desk.language))
    source = Entry(name=t("kpi.source"), text=kpi.data_source.in_(desk.language))
    left, right = Entries(entries=(means, direction)), Entries(entries=(owner, source))
    return Band(columns=((left,), (right,)), share=0.6)
