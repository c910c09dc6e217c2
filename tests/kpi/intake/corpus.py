"""A corpus of workbooks made by code from known facts: every layout in many manners of writing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from tests.kpi.intake.corpus_book import Book
from tests.kpi.intake.corpus_lines import aside
from tests.kpi.intake.corpus_more_layouts import LAYOUTS
from tests.kpi.intake.corpus_style import Style

EACH = 22
_UNITS_ZH, _UNITS_EN = ("yuan", "wan_yuan", "yi_yuan"), ("yuan", "wan_yuan", "million_yuan")
_PLACES = ("line", "label", "column", "heading", "corner", "line")
_NUMBERS = ("number", "number", "thousands", "fullwidth", "apostrophe", "scaled")
_PERIODS_ZH, _PERIODS_EN = ("iso", "zh", "zh2", "date", "short"), ("iso", "en", "short", "date", "iso")
_ONE_PAGE = frozenset(name for name in LAYOUTS if not name.startswith("sheet_per"))


@dataclass(frozen=True)
class Case:
    """A workbook, its facts, and the habits that it was written in."""

    name: str
    book: Book
    filename: str
    habits: tuple[str, ...]

    @property
    def content(self) -> bytes:
        """The file."""
        return self.book.text() if self.book.style.csv else self.book.xlsx()


def style_of(layout: str, number: int) -> Style:
    """The manner of one workbook: the choices run through the lists at different paces, so that all pairs meet."""
    rng = Random(f"{layout} {number}")
    language = ("zh", "en", "zh", "hant")[number % 4]
    place = _PLACES[(number // 2 + rng.randrange(2)) % len(_PLACES)]
    kind = rng.choice(_NUMBERS)
    units = _UNITS_EN if language == "en" else _UNITS_ZH
    unit = "yuan" if kind == "scaled" else rng.choice((*units, "wan_yuan"))
    style = Style(
        rng,
        language,
        unit,
        place,
        rng.choice(_PERIODS_EN if language == "en" else _PERIODS_ZH),
        kind,
        rng.choice(("minus", "paren", "trailing")),
    )
    if place == "heading" and style.quarters == "date":
        style.quarters = "iso"
    style.csv = number % 8 == 5 and layout in _ONE_PAGE
    return style


def cases(layout: str) -> Iterator[Case]:
    """The workbooks of one layout."""
    return cases_of(layout, range(EACH))


def cases_of(layout: str, numbers: Iterable[int]) -> Iterator[Case]:
    """The workbooks of one layout with these numbers."""
    for number in numbers:
        style = style_of(layout, number)
        habits = (
            layout, style.language, f"unit in {style.unit_place}", style.unit, f"periods {style.quarters}",
            f"numbers {style.number}", "csv" if style.csv else "xlsx",
        )  # fmt: skip
        book = Book(style)
        LAYOUTS[layout](book)
        aside(book)
        yield Case(f"{layout} {number}", book, "data.csv" if style.csv else "data.xlsx", habits)
