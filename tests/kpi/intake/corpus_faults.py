"""One fault planted in a workbook of the corpus, and the finding that it has to give."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from kpi.units import Dimension
from tests.kpi.intake.builders import catalogue
from tests.kpi.intake.corpus_book import Book, Mark, Page
from tests.kpi.intake.corpus_style import Shown


@dataclass(frozen=True)
class Fault:
    """What was planted. ``cells`` are the places, any of which the finding may point at."""

    name: str
    codes: frozenset[str]
    sheet: str
    cells: frozenset[str]


def _address(mark: Mark) -> str:
    return f"{get_column_letter(mark.column)}{mark.row}"


def _page(book: Book, mark: Mark) -> Page:
    return next(page for page in book.pages if page.name == mark.sheet)


def _marks(book: Book, role: str) -> list[Mark]:
    return [mark for mark in book.marks if mark.role == role]


def _numbers(book: Book) -> list[Mark]:
    """The cells that hold a value, missing ones not among them."""
    missing = book.style.missing
    marks = _marks(book, "value")
    return [mark for mark in marks if (shown := _shown(book, mark)) is not None and shown.content not in missing]


def _shown(book: Book, mark: Mark) -> Shown | None:
    return _page(book, mark).cells.get((mark.row, mark.column))


def _put(book: Book, mark: Mark, content: object, code: str, name: str) -> Fault:
    _page(book, mark).put(mark.row, mark.column, Shown(content))
    return Fault(name, frozenset(code.split()), mark.sheet, frozenset({_address(mark)}))


def text_for_a_number(book: Book) -> Fault | None:
    """Words where a number belongs."""
    marks = _numbers(book)
    words = ("tbd", "twelve", "n.a.?") if book.style.english else ("待定", "约三亿", "见附件")
    return _put(book, book.rng.choice(marks), book.rng.choice(words), "not_a_number", "text for a number")


def error_value(book: Book) -> Fault | None:
    """An error value of Excel."""
    error = book.rng.choice(("#DIV/0!", "#REF!", "#N/A"))
    return _put(book, book.rng.choice(_numbers(book)), error, "error_value", "error value")


def _any(book: Book, role: str, content: str, code: str, name: str) -> Fault | None:
    marks = _marks(book, role)
    return _put(book, book.rng.choice(marks), content, code, name) if marks else None


def unknown_measure(book: Book) -> Fault | None:
    """A label that the catalogue doesn't know."""
    label = "Mystery index" if book.style.english else "神秘指标"
    return _any(book, "measure", label, "unknown_measure", "unknown label")


def unknown_org(book: Book) -> Fault | None:
    """A branch that the company doesn't have."""
    return _any(
        book, "org", "Tibet branch" if book.style.english else "西藏分公司", "unknown_org_unit", "unknown branch"
    )


def wrong_quarter(book: Book) -> Fault | None:
    """A quarter that no year has."""
    return _any(book, "period", book.rng.choice(("2026Q7", "2026Q5")), "unknown_period not_a_number", "wrong quarter")


def _is_money(measure: str) -> bool:
    return catalogue().unit_of(measure).dimension is Dimension.MONEY


def unit_of_another_kind(book: Book) -> Fault | None:
    """Pieces in the unit column of an amount of money."""
    rows = {(mark.sheet, mark.row) for mark in _numbers(book)}
    marks = [mark for mark in _marks(book, "unit") if _is_money(mark.code) and (mark.sheet, mark.row) in rows]
    word = "number" if book.style.english else "件"
    return _put(book, book.rng.choice(marks), word, "unit_conflict", "unit of another kind") if marks else None


def no_unit_line(book: Book) -> Fault | None:
    """The line that says the unit taken out."""
    lines = _marks(book, "unit_line")
    money = {mark.sheet for mark in _numbers(book) if _is_money(mark.code) and book.style.unit_place == "line"}
    lines = [mark for mark in lines if mark.sheet in money and [each.sheet for each in lines].count(mark.sheet) == 1]
    if not lines:
        return None
    line = book.rng.choice(lines)
    page, text = _page(book, line), str(getattr(_shown(book, line), "content", ""))
    for sign in ("单位", "單位", "Unit"):
        text = text.partition(sign)[0]
    del page.cells[line.row, line.column]
    if text.strip() and text != book.style.money_unit():
        page.put(line.row, line.column, text.strip())
    before = page.cells.get((line.row, line.column - 1))
    if before is not None and str(before.content).startswith(("单位", "單位", "Unit")):
        del page.cells[line.row, line.column - 1]
    return Fault("removed unit line", frozenset({"unit_missing"}), line.sheet, frozenset())


def row_twice(book: Book) -> Fault | None:
    """The labels of one row over those of another: the same row twice, with other values."""
    if _marks(book, "section"):
        return None
    by_row: dict[tuple[str, int], set[int]] = {}
    units: dict[tuple[str, int], set[str]] = {}
    for mark in _numbers(book):
        by_row.setdefault((mark.sheet, mark.row), set()).add(mark.column)
        units.setdefault((mark.sheet, mark.row), set()).add(book.style.unit_of(mark.code))
    labels: dict[tuple[str, int], list[Mark]] = {}
    for mark in book.marks:
        if mark.role in ("measure", "org", "period", "scenario", "unit") and (mark.sheet, mark.row) in by_row:
            labels.setdefault((mark.sheet, mark.row), []).append(mark)
    pairs = [
        (one, other)
        for one in labels
        for other in labels
        if one[0] == other[0] and one[1] < other[1] and by_row[one] & by_row[other]
        and [mark.column for mark in labels[one]] == [mark.column for mark in labels[other]]
        and len(labels[one]) >= 2 and units[one] == units[other]
    ]  # fmt: skip
    if not pairs or len({mark.column for mark in labels[pairs[0][0]]}) < 2:
        return None
    one, other = book.rng.choice(pairs)
    page = _page(book, labels[one][0])
    for mark in labels[one]:
        page.cells[other[1], mark.column] = page.cells[one[1], mark.column]
    cells = frozenset(f"{get_column_letter(mark.column)}{other[1]}" for mark in labels[one])
    return Fault("row twice", frozenset({"duplicate_row"}), page.name, cells)


def wrong_total(book: Book) -> Fault | None:
    """A total of branches that is not their sum."""
    marks = _marks(book, "total")
    return _put(book, book.rng.choice(marks), 1234567.5, "total_differs", "wrong total") if marks else None


FAULTS: tuple[Callable[[Book], Fault | None], ...] = (
    wrong_total, no_unit_line, unit_of_another_kind, row_twice, wrong_quarter, unknown_org, unknown_measure,
    text_for_a_number,
    error_value,
)  # fmt: skip


def plant(book: Book, done: Counter[str]) -> Fault | None:
    """Plant the first fault that this workbook has a place for and that was not planted often enough before."""
    for planting in FAULTS:
        often = 3 if planting is wrong_total else 1
        if done[planting.__name__] < often and (fault := planting(book)):
            done[planting.__name__] += 1
            return fault
    return text_for_a_number(book)
