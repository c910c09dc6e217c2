"""The layouts of the corpus: each arranges facts in a table, or several, in one of the ways that people do."""

from collections.abc import Callable, Sequence
from itertools import product

from tests.kpi.intake.corpus_book import Book, Key, Line, Page, lines
from tests.kpi.intake.corpus_lines import Says, above, base_of, below, with_noise
from tests.kpi.intake.corpus_style import (
    COUNT_FLOWS,
    COUNT_STOCKS,
    MONEY_FLOWS,
    MONEY_STOCKS,
    ORGS,
    RATIOS,
    Period,
)

YEAR = 2026


def unit_in(book: Book, *places: str) -> None:
    """Keep the unit where this layout has a place for it, else in a line above."""
    if book.style.unit_place not in places:
        book.style.unit_place = "line"


def pick(book: Book, count: int, ratios: bool = False, flows: bool = False) -> list[str]:
    """Some measures that fit the workbook's unit."""
    pool = list(MONEY_FLOWS)
    if not flows:
        pool += MONEY_STOCKS
    if not book.style.money_only:
        pool += [*COUNT_FLOWS, *(() if flows else COUNT_STOCKS), *(RATIOS if ratios else ())]
    return book.rng.sample(pool, count)


def orgs(book: Book, count: int) -> list[str]:
    """Some branches."""
    return book.rng.sample(ORGS, count)


def quarters(book: Book, count: int, year: int = YEAR) -> list[Period]:
    """Quarters one after another that are over, the last one the third of the year at most."""
    first = book.rng.randrange(1, 5 - count) if count < 3 else 1
    return [("Q", year, first + place) for place in range(count)]


def heading(book: Book, text: object) -> object:
    """A heading over numbers, with their unit where headings carry it."""
    if book.style.unit_place != "heading" or not isinstance(text, str):
        return text
    unit = book.style.money_unit()
    return f"{text} ({unit})" if book.style.english else f"{text}（{unit}）"


def finish(
    book: Book,
    page: Page,
    heads: Sequence[str],
    rows: Sequence[Line],
    columns: Sequence[Line],
    base: Key,
    totals: bool = True,
) -> None:
    """Write a table with noise at the page's next row, and what stands below it."""
    book.table(page, *with_noise(book, heads, rows, columns, totals), base)
    below(book, page)


def by_measure_and_org(book: Book, measures: int = 3, branches: int = 2, ratios: bool = False) -> list[Line]:
    """Rows of some measures of some branches."""
    chosen, names = pick(book, measures, ratios), orgs(book, branches)
    style = book.style
    pairs = list(product(chosen, names))
    return lines(((style.measure(m), style.org(o)), {"measure": m, "org": o}) for m, o in pairs)


def with_unit_column(book: Book, heads: list[str], rows: list[Line]) -> tuple[list[str], list[Line]]:
    """Rows of facts with their units in a column, where this workbook has one."""
    if book.style.unit_place != "column":
        return heads, rows
    units = [(book.style.unit_of(row.key["measure"]),) for row in rows]
    return [*heads, "unit"], [
        Line((*row.texts, *unit), row.key, row.kind) for row, unit in zip(rows, units, strict=True)
    ]


def long(book: Book) -> None:
    """One row a measure, org unit and period; actual and plan in two columns."""
    style, page = book.style, book.page("Sheet1")
    above(book, page, Says())
    keys = list(product(pick(book, 3, ratios=style.unit_place == "column"), orgs(book, 2), quarters(book, 2)))
    rows = lines(
        ((style.measure(m), style.org(o), style.period(p)), {"measure": m, "org": o, "period": p}) for m, o, p in keys
    )
    heads, rows = with_unit_column(book, ["measure", "org", "period"], rows)
    columns = lines(((heading(book, style.word(s)),), {"scenario": s}) for s in ("actual", "plan"))
    finish(book, page, heads, rows, columns, {}, totals=False)


def long_scenario(book: Book) -> None:
    """One row a fact, with a column that says actual or plan."""
    style, page = book.style, book.page("Data")
    above(book, page, Says())
    keys = list(product(pick(book, 2), orgs(book, 2), quarters(book, 2), ("actual", "plan")))
    rows = lines(
        (
            (style.org(o), style.measure(m), style.period(p), style.word(s)),
            {"measure": m, "org": o, "period": p, "scenario": s},
        )
        for m, o, p, s in keys
    )
    heads, rows = with_unit_column(book, ["org", "measure", "period", "scenario"], rows)
    finish(book, page, heads, rows, [Line((heading(book, style.word("value")),))], {}, totals=False)


def wide(book: Book) -> None:
    """Quarters across, one scenario in the title."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario=book.rng.choice(("actual", "plan")))
    above(book, page, says)
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book))
    columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in quarters(book, 3))
    if book.rng.random() < 0.2:
        columns.append(Line((style.word("total"),), kind="total"))
    finish(book, page, heads, rows, columns, base_of(says))


def wide_actual_plan(book: Book) -> None:
    """Actual and plan below each quarter, with attainment or last year's value now and then."""
    style, page = book.style, book.page("Sheet1")
    above(book, page, Says())
    heads, rows = with_unit_column(
        book, ["org", "measure"], [Line((row.texts[1], row.texts[0]), row.key) for row in by_measure_and_org(book)]
    )
    scenarios = ["actual", "plan"] if book.rng.random() < 0.6 else ["plan", "actual"]
    extra = book.rng.choice(("", "", "other", "prior", "growth"))
    columns = []
    for p in quarters(book, 2):
        columns += lines(
            ((style.period(p), heading(book, style.word(s))), {"period": p, "scenario": s}) for s in scenarios
        )
        if extra:
            kind = "prior" if extra == "prior" else "derived"
            columns.append(Line((style.period(p), style.word(extra)), kind=kind))
    finish(book, page, heads, rows, columns, {})


def wide_scenario_above(book: Book) -> None:
    """Actual and plan each above its quarters."""
    style, page = book.style, book.page("Sheet1")
    above(book, page, Says())
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book))
    columns = lines(
        ((style.word(s), heading(book, style.period(p))), {"period": p, "scenario": s})
        for s, p in product(("actual", "plan"), quarters(book, 2))
    )
    finish(book, page, heads, rows, columns, {})


def flat(book: Book) -> None:
    """Period and scenario in one heading, 2026Q1实际."""
    style, page = book.style, book.page("Sheet1")
    if style.quarters == "date":
        style.quarters = "iso"
    above(book, page, Says())
    heads, rows = with_unit_column(book, ["measure", "org"], by_measure_and_org(book))
    gap = " " if style.english else ""
    columns = lines(
        ((heading(book, f"{style.period(p)}{gap}{style.word(s)}"),), {"period": p, "scenario": s})
        for p, s in product(quarters(book, 2), ("actual", "plan"))
    )
    finish(book, page, heads, rows, columns, {})


def quarters_down(book: Book) -> None:
    """Quarters down and measures across, for one branch."""
    style, page = book.style, book.page("Sheet1")
    unit_in(book, "label")
    says = Says(scenario="actual", org=orgs(book, 1)[0])
    above(book, page, says)
    rows = lines(((style.period(p),), {"period": p}) for p in quarters(book, 3))
    columns = lines(((heading(book, style.measure(m)),), {"measure": m}) for m in pick(book, 4))
    heads, rows, columns = with_noise(book, ["period"], rows, columns, totals=False)
    book.table(page, heads, rows, columns, base_of(says))
    below(book, page)


def orgs_across(book: Book) -> None:
    """Measures and quarters down, branches across."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario="actual")
    above(book, page, says)
    keys = list(product(pick(book, 3), quarters(book, 2)))
    rows = lines(((style.measure(m), style.period(p)), {"measure": m, "period": p}) for m, p in keys)
    heads, rows = with_unit_column(book, ["measure", "period"], rows)
    columns = lines(((heading(book, style.org(o)),), {"org": o}) for o in orgs(book, 3))
    if book.rng.random() < 0.4:
        columns.append(Line((style.word("total"),), kind="total"))
    book.table(page, heads, rows, columns, base_of(says))
    below(book, page)


def orgs_below_quarters(book: Book) -> None:
    """Branches across below each quarter."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario=book.rng.choice(("actual", "plan")))
    above(book, page, says)
    rows = lines(((style.measure(m),), {"measure": m}) for m in pick(book, 4))
    heads, rows = with_unit_column(book, ["measure"], rows)
    branches = orgs(book, 2)
    columns = lines(
        ((style.period(p), heading(book, style.org(o))), {"org": o, "period": p})
        for p, o in product(quarters(book, 2), branches)
    )
    finish(book, page, heads, rows, columns, base_of(says))


def sheet_per_branch(book: Book) -> None:
    """One sheet a branch, all alike."""
    style, measures, periods = book.style, pick(book, 3), quarters(book, 2)
    for o in orgs(book, 3):
        page = book.page(style.org(o))
        above(book, page, Says())
        rows = lines(((style.measure(m),), {"measure": m}) for m in measures)
        heads, rows = with_unit_column(book, ["measure"], rows)
        columns = lines(
            ((style.period(p), heading(book, style.word(s))), {"period": p, "scenario": s})
            for p, s in product(periods, ("actual", "plan"))
        )
        finish(book, page, heads, rows, columns, {"org": o})


def sheet_per_quarter(book: Book) -> None:
    """One sheet a quarter, all alike."""
    style, rows = book.style, by_measure_and_org(book)
    for p in quarters(book, 2):
        whole = style.english or style.quarters == "iso"
        page = book.page(f"{p[1]}Q{p[2]}" if whole else f"{p[1]}年{'一二三四'[p[2] - 1]}季度")
        above(book, page, Says())
        heads, body = with_unit_column(book, ["measure", "org"], rows)
        columns = lines(((heading(book, style.word(s)),), {"scenario": s}) for s in ("actual", "plan"))
        finish(book, page, heads, body, columns, {"period": p})


def sheet_per_measure(book: Book) -> None:
    """One sheet a measure, named in its title or by the sheet."""
    unit_in(book, "heading")
    style, branches, periods = book.style, orgs(book, 3), quarters(book, 3)
    for m in pick(book, 2):
        page = book.page(style.measure(m, bare=True)[:31])
        says = Says(scenario="actual", measure=m)
        above(book, page, says)
        rows = lines(((style.org(o),), {"org": o}) for o in branches)
        columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in periods)
        finish(book, page, ["org"], rows, columns, {**base_of(says), "measure": m})


def groups(book: Book) -> None:
    """The outer label in the first row of its group only."""
    style, page = book.style, book.page("Sheet1")
    says = Says(scenario="actual")
    above(book, page, says)
    measures, branches = pick(book, 3), orgs(book, 3)
    by_org = book.rng.random() < 0.5
    rows: list[Line] = []
    for outer in branches if by_org else measures:
        for place, inner in enumerate(measures if by_org else branches):
            m, o = (inner, outer) if by_org else (outer, inner)
            names = (style.org(o), style.measure(m)) if by_org else (style.measure(m), style.org(o))
            rows.append(Line((names[0] if place == 0 else None, names[1]), {"measure": m, "org": o}))
    heads, rows = with_unit_column(book, ["org", "measure"] if by_org else ["measure", "org"], rows)
    columns = lines(((heading(book, style.period(p)),), {"period": p}) for p in quarters(book, 2))
    finish(book, page, heads, rows, columns, base_of(says), totals=book.rng.random() < 0.5)


Layout = Callable[[Book], None]
