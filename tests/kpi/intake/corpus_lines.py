"""What stands above, below and beside the tables of the corpus: titles that say what no heading does, and noise."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.kpi.intake.corpus_book import Book, Key, Line, Mark, Page

_REMARKS_ZH = (
    "注：本表数据未经审计。",
    "说明：合计数由系统计算，共3家机构。",
    "注：1、同比为与2025年同期相比；2、金额四舍五入。",
)
_REMARKS_EN = ("Note: figures are unaudited.", "Source: data warehouse, extract 12 of 30.", "Prepared by: A. Smith")


@dataclass(frozen=True)
class Says:
    """What the lines above a table have to say: scenario, org unit, year, quarter, year to date."""

    scenario: str = ""
    org: str = ""
    year: int = 0
    quarter: int = 0
    to_date: bool = False
    measure: str = ""


def above(book: Book, page: Page, says: Says, left: int = 1) -> None:
    """Write the lines above a table, in one of the usual manners."""
    style, rng = book.style, book.rng
    row = page.next
    if rng.random() < 0.3 and left == 1:
        company = style.local("海岳人寿保险股份有限公司", "Haiyue Life Insurance")
        page.put(row, left, company if says.org else style.local("经营分析报表", "Business review"))
        if not style.csv and rng.random() < 0.7:
            page.merged.append((row, left, row, left + 4))
        row += 1
    title = _title(book, says)
    org = _org(book, says)
    unit = style.local("单位：", "Unit: ") + _unit(book, says) if style.unit_place == "line" else ""
    together = rng.random()
    if together < 0.35:
        text = ("  " if style.english else "　　").join(part for part in (title, org, unit) if part)
        if text:
            page.put(row, left, text)
            _mark(book, page, row, left, unit)
            row += 1
    else:
        for text in (title, org):
            if text:
                page.put(row, left, text)
                row += 1
        if unit:
            _unit_line(book, page, row, left, unit, _unit(book, says) if together < 0.6 else "")
            row += 1
    page.next = row + (1 if rng.random() < 0.15 and row > page.next else 0)


def _title(book: Book, says: Says) -> str:
    style, rng = book.style, book.rng
    when = ""
    if says.year:
        whole = style.quarters in ("iso", "en") or style.english
        quarter = f"{says.year}Q{says.quarter}" if whole else f"{says.year}年{'一二三四'[says.quarter - 1]}季度"
        when = quarter if says.quarter else f"{says.year}" if style.english else f"{says.year}年"
    what = style.word(says.scenario) if says.scenario else ""
    to_date = style.word("to_date") if says.to_date else ""
    measure = style.measure(says.measure, bare=True) if says.measure else ""
    if style.english:
        return " ".join(part for part in (measure, when, to_date, what) if part)
    end = rng.choice(("", "情况表", "数")) if (when or what) and not measure else ""
    gap = " " if measure else ""
    return f"{measure}{gap}{when}{to_date}{what}{end}"


def _org(book: Book, says: Says) -> str:
    style, rng = book.style, book.rng
    if not says.org:
        return ""
    name = style.org(says.org)
    zh = rng.choice(("机构：", "编制单位：", "填报单位："))
    return f"Org unit: {name}" if style.english else f"{style.local(zh, '')}{name}"


def _unit_line(book: Book, page: Page, row: int, left: int, unit: str, apart: str) -> None:
    """The unit by itself, now and then in two cells (``apart``) or to the right."""
    style = book.style
    if apart:
        page.put(row, left, style.local("单位：", "Unit:"))
        page.put(row, left + 1, apart)
        _mark(book, page, row, left + 1, unit)
        return
    column = left + book.rng.choice((0, 2, 3))
    page.put(row, column, unit)
    _mark(book, page, row, column, unit)


def _unit(book: Book, says: Says) -> str:
    """The unit of a table: of its measure, or else of the money in it."""
    return book.style.unit_of(says.measure) if says.measure else book.style.money_unit()


def _mark(book: Book, page: Page, row: int, column: int, unit: str) -> None:
    if unit:
        book.marks.append(Mark("unit_line", page.name, row, column))


def below(book: Book, page: Page) -> None:
    """Notes and signatures below a table."""
    style, rng = book.style, book.rng
    if rng.random() < 0.4:
        page.next += rng.choice((0, 1))
        page.put(page.next, 1, rng.choice(_REMARKS_EN) if style.english else style.local(rng.choice(_REMARKS_ZH), ""))
        page.next += 1
    if rng.random() < 0.25:
        page.put(page.next, 1, style.local("制表：张三", "Prepared by: B. Li"))
        page.put(page.next, 3, style.local("审核：李四", "Checked by: C. Wang"))
        page.next += 1


def aside(book: Book) -> None:
    """A hidden helper sheet, a sheet of explanations, an empty one."""
    rng, style = book.rng, book.style
    if style.csv:
        return
    if rng.random() < 0.15:
        lists = book.page(style.local("选项", "lists"))
        lists.hidden = True
        for row, text in enumerate((style.word("actual"), style.word("plan"), style.org("beijing")), 1):
            lists.put(row, 1, text)
    if rng.random() < 0.15:
        notes = book.page(style.local("填表说明", "Read me"))
        notes.put(1, 1, style.local("一、请勿修改表头。", "1. Please keep the headings as they are."))
        notes.put(2, 1, style.local("二、没有数据时填“—”。", "2. Write a dash when there is nothing to report."))
    if rng.random() < 0.1:
        book.page("Sheet9")


def with_noise(
    book: Book, heads: Sequence[str], rows: Sequence[Line], columns: Sequence[Line], totals: bool = True
) -> tuple[list[str], list[Line], list[Line]]:
    """A table with a serial number, remarks, derived columns, totals and blank rows or columns."""
    style, rng = book.style, book.rng
    heads, rows, columns = list(heads), list(rows), list(columns)
    depth = max(len(column.texts) for column in columns)
    pad = (None,) * (depth - 1)
    if totals and rng.random() < 0.3:
        labels = tuple(style.word("total") if place == 0 else None for place in range(len(heads)))
        rows.append(Line(labels, kind="total"))
        if rng.random() < 0.3 and all(row.texts and row.texts[0] is not None for row in rows):
            middle = tuple(style.word("subtotal") if place == 0 else None for place in range(len(heads)))
            rows.insert(len(rows) // 2, Line(middle, kind="total"))
    if rng.random() < 0.25:
        plain = "scenario" in heads or any(column.kind == "prior" for column in columns)
        name = rng.choice(("other", "growth") if plain else ("other", "growth", "prior", "forecast"))
        columns.append(Line((style.word(name), *pad), kind="derived" if name in ("other", "growth") else "prior"))
    if rng.random() < 0.2:
        columns.append(Line((style.word("remark"), *pad), kind="note"))
    if rng.random() < 0.06:
        columns.insert(0, Line((None,) * depth, kind="blank"))
    if rng.random() < 0.12 and len(rows) > 3:
        rows.insert(len(rows) // 2, Line((), kind="blank"))
    if rng.random() < 0.25:
        heads.insert(0, "serial")
        rows = [_numbered(row, number) for number, row in enumerate(rows, 1)]
    return heads, rows, columns


def _numbered(row: Line, number: int) -> Line:
    if row.kind in ("blank", "section"):
        return row
    return Line((None if row.kind == "total" else number, *row.texts), row.key, row.kind)


def base_of(says: Says) -> Key:
    """What the lines above add to the key of every number."""
    key: dict[str, object] = {}
    if says.scenario:
        key["scenario"] = says.scenario
    if says.org:
        key["org"] = says.org
    if says.quarter:
        key["period"] = ("Q", says.year, says.quarter)
    if says.measure:
        key["measure"] = says.measure
    return key
