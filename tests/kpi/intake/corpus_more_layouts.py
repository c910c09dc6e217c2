"""More layouts of the corpus: several tables, months, years to date, headings in three rows, plans of a year."""

from itertools import product

from tests.kpi.intake.corpus_book import Book, Line, lines
from tests.kpi.intake.corpus_layouts import (
    YEAR,
    Layout,
    by_measure_and_org,
    finish,
    flat,
    groups,
    heading,
    long,
    long_scenario,
    orgs,
    orgs_across,
    orgs_below_quarters,
    pick,
    quarters,
    quarters_down,
    sheet_per_branch,
    sheet_per_measure,
    sheet_per_quarter,
    unit_in,
    wide,
    wide_actual_plan,
    wide_scenario_above,
    with_unit_column,
)
from tests.kpi.intake.corpus_lines import Says, above, base_of, below, with_noise
from tests.kpi.intake.corpus_style import COUNT_FLOWS, COUNT_STOCKS, MONEY_FLOWS, MONEY_STOCKS, RATIOS, Period


def sections(book: Book) -> None:
    """The branch as a heading above its rows."""
    style, page = book.style, book.page("Sheet1")
    above(book, page, Says())
    measures = pick(book, 3)
    rows: list[Line] = []
    for o in orgs(book, 3):
        if rows and book.rng.random() < 0.3:
            rows.append(Line((), kind="blank"))
        rows.append(Line((style.org(o),), kind="section"))
        rows += lines(((style.measure(m),), {"measure": m, "org": o}) for m in measures)
    heads = ["measure"]
    if style.unit_place == "column":
        heads = ["measure", "unit"]
        rows = [
            Line((*row.texts, style.unit_of(row.key["measure"])), row.key) if row.kind == "fact" else row
            for row in rows
        ]
    columns = lines(
        ((style.period(p), heading(book, style.word(s))), {"period": p, "scenario": s})
        for p, s in product(quarters(book, 2), ("actual", "plan"))
    )
    book.table(page, heads, rows, columns, {})
    below(book, page)


def stacked(book: Book) -> None:
    """Tables below each other, each with its own lines."""
    style, page = book.style, book.page("Sheet1")
    measures = pick(book, 4)
    for chosen, scenario in ((measures[:2], "actual"), (measures[2:], book.rng.choice(("actual", "plan")))):
        says = Says(scenario=scenario)
        above(book, page, says)
        keys = list(product(chosen, orgs(book, 2)))
        rows = lines(((style.measure(m), style.org(o)), {"measure": m, "org": o}) for m, o in keys)
        heads, rows = with_unit_column(book, ["measure", "org"], rows)
        columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in quarters(book, 2))
        book.table(page, *with_noise(book, heads, rows, columns), base_of(says))
        page.next += book.rng.choice((1, 2))
    below(book, page)


def side_by_side(book: Book) -> None:
    """Two tables beside each other below one title."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario="actual")
    above(book, page, says)
    top, left = page.next, 1
    measures, branches = pick(book, 4), orgs(book, 2)
    for chosen in (measures[:2], measures[2:]):
        page.next = top
        rows = lines(((style.measure(m), style.org(o)), {"measure": m, "org": o}) for m, o in product(chosen, branches))
        heads, rows = with_unit_column(book, ["measure", "org"], rows)
        columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in quarters(book, 2))
        book.table(page, heads, rows, columns, base_of(says), left)
        left += len(heads) + len(columns) + book.rng.choice((1, 2))


def months(book: Book) -> None:
    """Months that make up quarters, flows and stocks."""
    style, page = book.style, book.page("Sheet1")
    style.quarters = book.rng.choice(("zh", "iso", "en", "iso" if style.unit_place == "heading" else "date"))
    says = Says(scenario="actual")
    above(book, page, says)
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book, 2))
    months = [("M", YEAR, month) for month in range(1, book.rng.choice((4, 7)))]
    columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in months)
    finish(book, page, heads, rows, columns, base_of(says))


def year_to_date(book: Book) -> None:
    """Years to date, by the period's own words or by a word in the title."""
    style, page = book.style, book.page("Sheet1")
    if style.quarters == "date":
        style.quarters = "iso"
    own = book.rng.random() < 0.5
    says = Says(scenario="actual", to_date=not own)
    above(book, page, says)
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book, 2))
    columns = []
    for p in [("YTD", YEAR, quarter) for quarter in range(1, 4)]:
        text = style.period(p if own else ("Q", YEAR, p[2]))
        columns.append(Line((heading(book, text),), {"period": p}))
    finish(book, page, heads, rows, columns, base_of(says))


def single_and_to_date(book: Book) -> None:
    """The quarter and the year to date beside each other."""
    style, page = book.style, book.page("Sheet1")
    if style.quarters == "date":
        style.quarters = "iso"
    says = Says(scenario="actual")
    above(book, page, says)
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book, 2))
    book.scarce = 0
    columns = []
    for quarter in (1, 2):
        for kind, word in (("Q", "single"), ("YTD", "to_date")):
            texts = (style.period(("Q", YEAR, quarter)), heading(book, style.word(word)))
            columns.append(Line(texts, {"period": (kind, YEAR, quarter)}))
    finish(book, page, heads, rows, columns, base_of(says))


def year_over_quarters(book: Book) -> None:
    """A year above its quarters, two years beside each other."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario="actual")
    above(book, page, says)
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book, 2))
    columns = lines(
        ((style.year(y), heading(book, style.quarter_alone(q))), {"period": ("Q", y, q)})
        for y, q in product((YEAR - 1, YEAR), (1, 2, 3))
    )
    finish(book, page, heads, rows, columns, base_of(says))


def three_deep(book: Book) -> None:
    """Year, quarter and scenario in three rows."""
    style, page = book.style, book.page("Sheet1")
    above(book, page, Says())
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book, 2))
    columns = lines(
        (
            (style.year(YEAR), style.quarter_alone(q), heading(book, style.word(s))),
            {"period": ("Q", YEAR, q), "scenario": s},
        )
        for q, s in product((1, 2), ("actual", "plan"))
    )
    finish(book, page, heads, rows, columns, {})


def annual_plan(book: Book) -> None:
    """The plan of a year, money and targets."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario="plan")
    above(book, page, says)
    rows = by_measure_and_org(book, 3, 2, ratios=True)
    heads, rows = with_unit_column(book, ["measure", "org"], rows)
    periods: list[Period] = [("Y", YEAR, 0), ("Y", YEAR + 1, 0)]
    columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in periods)
    finish(book, page, heads, rows, columns, base_of(says))


def measures_over_scenarios(book: Book) -> None:
    """Branches down, measures across with actual and plan below each; the quarter in the title."""
    style, page = book.style, book.page("Sheet1")
    unit_in(book, "label", "heading")
    says = Says(year=YEAR, quarter=book.rng.randrange(1, 4))
    above(book, page, says)
    rows = lines(((style.org(o),), {"org": o}) for o in orgs(book, 3))
    columns = lines(
        ((style.measure(m), heading(book, style.word(s))), {"measure": m, "scenario": s})
        for m, s in product(pick(book, 2), ("actual", "plan"))
    )
    heads, rows, columns = with_noise(book, ["org"], rows, columns)
    book.table(page, heads, rows, columns, base_of(says))
    below(book, page)


def one_branch(book: Book) -> None:
    """A branch's report: measures down, this quarter's actual and plan, last year's value and rates."""
    style, page = book.style, book.page("Sheet1")
    says = Says(org=orgs(book, 1)[0], year=YEAR, quarter=book.rng.randrange(1, 4))
    above(book, page, says)
    pool = [*MONEY_FLOWS, *MONEY_STOCKS, *(() if style.money_only else (*COUNT_FLOWS, *RATIOS))]
    rows = lines(((style.measure(m),), {"measure": m}) for m in book.rng.sample(pool, 6))
    heads, rows = with_unit_column(book, ["measure"], rows)
    columns = lines(((heading(book, style.word(s)),), {"scenario": s}) for s in ("actual", "plan"))
    columns.append(Line((style.word("prior"),), kind="prior"))
    columns.append(Line((style.word("growth"),), kind="derived"))
    finish(book, page, heads, rows, columns, base_of(says), totals=False)


def month_ends(book: Book) -> None:
    """Stocks at the ends of quarters, headed by the month: Sep-26, 2026.09."""
    style, page = book.style, book.page("Sheet1")
    if style.unit_place == "heading":
        style.quarters = "zh"
    says = Says(scenario="actual")
    above(book, page, says)
    pool = [*MONEY_STOCKS, *(() if style.money_only else COUNT_STOCKS)]
    keys = list(product(book.rng.sample(pool, 2), orgs(book, 2)))
    rows = lines(((style.measure(m), style.org(o)), {"measure": m, "org": o}) for m, o in keys)
    heads, rows = with_unit_column(book, ["measure", "org"], rows)
    months = [("M", YEAR, month) for month in (3, 6, 9)]
    columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in months)
    finish(book, page, heads, rows, columns, base_of(says))


def sheet_per_scenario(book: Book) -> None:
    """One sheet of actual values and one of plans, all alike."""
    style, rows, periods = book.style, by_measure_and_org(book, 2), quarters(book, 3)
    for scenario in ("actual", "plan"):
        page = book.page(style.word(scenario))
        above(book, page, Says())
        heads, body = with_unit_column(book, ["measure", "org"], rows)
        columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in periods)
        finish(book, page, heads, body, columns, {"scenario": scenario})


def headings_again(book: Book) -> None:
    """The headings once more in the middle, as at a page break."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario="actual")
    above(book, page, says)
    rows = by_measure_and_org(book, 4)
    heads, rows = with_unit_column(book, ["measure", "org"], rows)
    columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in quarters(book, 2))
    gap = book.rng.choice((0, 0, 1))
    for part in (rows[:4], rows[4:]):
        book.table(page, heads, part, columns, base_of(says))
        page.next += gap
    below(book, page)


LAYOUTS: dict[str, Layout] = {
    layout.__name__: layout
    for layout in (
        long, long_scenario, wide, wide_actual_plan, wide_scenario_above, flat, quarters_down, orgs_across,
        orgs_below_quarters, sheet_per_branch, sheet_per_quarter, sheet_per_measure, groups, sections, stacked,
        side_by_side, months, year_to_date, single_and_to_date, year_over_quarters, three_deep, annual_plan,
        measures_over_scenarios, one_branch, month_ends, sheet_per_scenario, headings_again,
    )
}  # fmt: skip
