"""A workbook of the corpus under construction: the facts that it is to state, and the cells that state them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from kpi.facts import canonical_decimal
from tests.kpi.intake.builders import catalogue, saved
from tests.kpi.intake.corpus_style import RATIOS, Period, Shown, Style

Key = Mapping[str, Any]  # some of measure, org, period, scenario
SCARCE = 0.08


@dataclass(frozen=True)
class Mark:
    """What a cell is for: ``value``, ``measure``, ``org``, ``period``, ``unit``, ``unit_line`` or ``to_date``."""

    role: str
    sheet: str
    row: int
    column: int
    code: str = ""


@dataclass
class Page:
    """One sheet: contents by place, merged areas (top, left, bottom, right), and the next free row."""

    name: str
    cells: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    next: int = 1

    def put(self, row: int, column: int, content: object) -> None:
        """Write a cell; None stays empty."""
        if content is not None:
            self.cells[row, column] = content if isinstance(content, Shown) else Shown(content)


@dataclass(frozen=True)
class Line:
    """A row or column of a table: its labels or headings, and what they say of its numbers."""

    texts: tuple[object, ...]
    key: Key = field(default_factory=dict)
    kind: str = "fact"  # or total, derived, prior, note, blank, section


class Book:
    """The facts, by ``measure|org unit|period|scenario``, and the pages."""

    def __init__(self, style: Style) -> None:
        self.style, self.rng = style, style.rng
        self.pages: list[Page] = []
        self.truth: dict[str, str] = {}
        self.marks: list[Mark] = []
        self._amounts: dict[tuple[str, int, int], Decimal] = {}
        self._months: dict[tuple[object, ...], Decimal] = {}
        self.scarce = SCARCE

    def page(self, name: str) -> Page:
        """A new sheet."""
        self.pages.append(Page(name))
        return self.pages[-1]

    def _draw(self, measure: str) -> Decimal:
        """A value that can be written exactly in this workbook."""
        rng, code = self.rng, self.style.unit_code(measure)
        if code == "percent":
            return Decimal(rng.randrange(20, 1200)) / 1000
        if code not in ("yuan", "wan_yuan", "yi_yuan", "million_yuan"):
            plain = rng.choice((rng.randrange(1, 90), rng.randrange(1990, 2060), rng.randrange(100, 90000)))
            return Decimal(plain * 100 if self.style.number == "scaled" and code == "one" else plain)
        component = catalogue().component[measure]
        sign = -1 if component.may_be_negative and rng.random() < 0.4 else 1
        wan = Decimal(rng.randrange(100, 9_000_000))
        amount = {"yuan": wan * 100, "wan_yuan": wan / 100, "yi_yuan": wan / 10**4, "million_yuan": wan / 100}[code]
        if code == "wan_yuan" and rng.random() < 0.2:
            amount = Decimal(rng.randrange(1990, 2060))
        factor = {"yuan": 1, "wan_yuan": 10**4, "yi_yuan": 10**8, "million_yuan": 10**6}[code]
        return sign * amount * factor

    def _month(self, measure: str, org: str, scenario: str, year: int, month: int) -> Decimal:
        key = (measure, org, scenario, year, month)
        if key not in self._months:
            self._months[key] = self._draw(measure)
        return self._months[key]

    def _quarter(self, measure: str, org: str, scenario: str, year: int, quarter: int) -> Decimal:
        months = [self._month(measure, org, scenario, year, quarter * 3 - back) for back in (2, 1, 0)]
        adds = measure not in RATIOS and catalogue().component[measure].kind == "flow"
        return sum(months, Decimal(0)) if adds else months[-1]

    def value(self, key: Key) -> Shown:
        """The cell of a fact, or of a part of one, which becomes part of the truth."""
        measure, org, scenario = key["measure"], key["org"], key["scenario"]
        period: Period = key["period"]
        kind, year, index = period
        if kind in ("Q", "Y") and self.rng.random() < self.scarce:
            return Shown(self.rng.choice(self.style.missing))
        quarter = -(-index // 3) if kind == "M" else index
        whole = self._quarter(measure, org, scenario, year, quarter or 4)
        flow = measure not in RATIOS and catalogue().component[measure].kind == "flow"
        if kind == "M":
            amount = self._month(measure, org, scenario, year, index)
        elif kind == "YTD" and flow:
            quarters = (self._quarter(measure, org, scenario, year, q) for q in range(1, index + 1))
            amount = sum(quarters, Decimal(0))
        else:
            amount = whole
        self.truth[f"{measure}|{org}|{_named(period)}|{scenario}"] = canonical_decimal(whole)
        return self.style.shown(amount, measure)

    def decoy(self, kind: str) -> Shown:
        """A number or word that is no fact: a derived figure, last year's value, a total, a remark."""
        if kind == "note":
            return Shown(self.rng.choice((None, None, "已核对", "见附表2", "checked")))
        if kind == "derived":
            rate = self.rng.randrange(-300, 1500) / 1000
            return Shown(rate, "0.0%") if not self.style.csv and self.rng.random() < 0.6 else Shown(f"{rate:.1%}")
        return self.style.digits(Decimal(self.rng.randrange(100, 90000)) / 10)

    def table(
        self, page: Page, heads: Sequence[str], rows: Sequence[Line], columns: Sequence[Line], base: Key, left: int = 1
    ) -> None:
        """Write a table with label columns ``heads`` (roles) at the page's next row."""
        depth = max(len(column.texts) for column in columns)
        top, first = page.next, left + len(heads)
        merge = not self.style.csv and self.rng.random() < 0.6
        self._headings(page, heads, columns, depth, left, merge)
        for offset, row in enumerate(rows):
            at = top + depth + offset
            self._labels(page, heads, row, at, left)
            for place, column in enumerate(columns):
                if row.kind in ("blank", "section") or column.kind == "blank":
                    continue
                kind = column.kind if column.kind != "fact" else row.kind
                if kind == "fact":
                    key = {**base, **row.key, **column.key}
                    shown = self.value(key)
                    if shown.content not in self.style.missing:
                        named = f"{key['measure']}|{key['org']}|{_named(key['period'])}|{key['scenario']}"
                        self._amounts[page.name, at, first + place] = Decimal(self.truth[named])
                    self.marks.append(Mark("value", page.name, at, first + place, key["measure"]))
                else:
                    total = self._total(page, rows, columns, (offset, place), (top + depth, first), base)
                    shown = total or self.decoy("derived" if row.kind == "derived" else kind)
                page.put(at, first + place, shown if shown.content is not None else None)
        page.next = top + depth + len(rows)

    def _total(
        self,
        page: Page,
        rows: Sequence[Line],
        columns: Sequence[Line],
        at: tuple[int, int],
        origin: tuple[int, int],
        base: Key,
    ) -> Shown | None:
        """The sum over branches, down or across, where all that is added is of one measure; None for other totals."""
        row, column = at
        down = rows[row].kind == "total" and columns[column].kind == "fact"
        across = columns[column].kind == "total" and rows[row].kind == "fact"
        if not (down or across):
            return None
        parts = [(above, column) for above in range(row)] if down else [(row, before) for before in range(column)]
        parts = [part for part in parts if rows[part[0]].kind == columns[part[1]].kind == "fact"]
        keys = [{**base, **rows[above].key, **columns[over].key} for above, over in parts]
        series = {(key["measure"], key["scenario"], key["period"]) for key in keys}
        places = [(page.name, origin[0] + above, origin[1] + over) for above, over in parts]
        amounts = [self._amounts[place] for place in places if place in self._amounts]
        measure = keys[0]["measure"] if keys else ""
        component = catalogue().component.get(measure)
        if len(series) != 1 or component is None or component.over_units != "sum" or len(amounts) < 2:
            return None
        if across and len(amounts) == len(parts):
            self.marks.append(Mark("total", page.name, origin[0] + row, origin[1] + column, measure))
        return self.style.shown(sum(amounts, Decimal(0)), measure)

    def _headings(
        self, page: Page, heads: Sequence[str], columns: Sequence[Line], depth: int, left: int, merge: bool
    ) -> None:
        top, first = page.next, left + len(heads)
        lower = not merge and depth > 1 and self.rng.random() < 0.5
        for place, head in enumerate(heads):
            row = top + depth - 1 if lower else top
            page.put(row, left + place, self._head(head))
            if merge and depth > 1:
                page.merged.append((top, left + place, top + depth - 1, left + place))
        before: tuple[object, ...] = ()
        for place, column in enumerate(columns):
            path = (None,) * (depth - len(column.texts)) + column.texts
            for level, text in enumerate(path):
                if level == depth - 1 or path[: level + 1] != before[: level + 1]:
                    page.put(top + level, first + place, text)
                    self._mark_period(page, column, text, top + level, first + place)
            before = path
        if merge:
            self._merge_upper(page, top, first, columns, depth)

    def _mark_period(self, page: Page, column: Line, text: object, row: int, at: int) -> None:
        period = column.key.get("period")
        if period and column.kind == "fact" and text == self.style.period(period):
            self.marks.append(Mark("period", page.name, row, at))

    def _merge_upper(self, page: Page, top: int, first: int, columns: Sequence[Line], depth: int) -> None:
        """Merge equal neighbours of the upper rows of headings."""
        for level in range(depth - 1):
            start = 0
            for place in range(1, len(columns) + 1):
                same = place < len(columns) and columns[place].texts[: level + 1] == columns[start].texts[: level + 1]
                if not same:
                    if place - start > 1:
                        page.merged.append((top + level, first + start, top + level, first + place - 1))
                    start = place

    def _head(self, role: str) -> str | None:
        if not role:
            return None
        word = self.style.word(role)
        corner = role == "measure" and self.style.unit_place == "corner"
        return f"{word}（{self.style.money_unit()}）" if corner else word

    def _labels(self, page: Page, heads: Sequence[str], row: Line, at: int, left: int) -> None:
        for place, text in enumerate(row.texts):
            page.put(at, left + place, text)
            if row.kind in ("fact", "section") and text is not None:
                role = heads[place] if row.kind == "fact" else "section"
                self.marks.append(Mark(role, page.name, at, left + place, str(row.key.get("measure", ""))))

    def xlsx(self) -> bytes:
        """The workbook."""
        book: Any = Workbook()
        book.remove(book.active)
        for page in self.pages:
            sheet = book.create_sheet(page.name)
            for (row, column), shown in page.cells.items():
                cell = sheet.cell(row, column, shown.content)
                cell.number_format = shown.number_format if shown.number_format != "General" else cell.number_format
                if self.style.number == "apostrophe" and isinstance(shown.content, str):
                    cell.quotePrefix = True
            for top, left, bottom, right in page.merged:
                sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
            if page.hidden:
                sheet.sheet_state = "hidden"
            if page.cells:
                sheet.cell(*min(page.cells)).font = Font(bold=True)
        return saved(book)

    def text(self) -> bytes:
        """The only page as csv."""
        (page,) = self.pages
        out = StringIO()
        writer = csv.writer(out)
        for row in range(1, max(place[0] for place in page.cells) + 1):
            width = max(place[1] for place in page.cells)
            writer.writerow([_written(page.cells.get((row, column))) for column in range(1, width + 1)])
        return out.getvalue().encode("utf-8-sig" if self.rng.random() < 0.5 else "gb18030")


def _named(period: Period) -> str:
    """The period of the fact that a number of a period is, or is part of."""
    kind, year, index = period
    return str(year) if kind == "Y" else f"{year}Q{-(-index // 3) if kind == 'M' else index}"


def _written(shown: Shown | None) -> str:
    return "" if shown is None else str(shown.content)


def lines(keys: Iterable[tuple[Sequence[object], Key]]) -> list[Line]:
    """Rows or columns of facts."""
    return [Line(tuple(texts), key) for texts, key in keys]
