"""Which cell styles of a workbook show a number as more than its digits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from kpi.intake.number_format import is_percent, says_more

EAST_ASIAN_DATES = frozenset({*range(27, 32), 36, *range(50, 55), 57, 58})
"""Numbers of date formats that Chinese, Japanese and Korean Excel knows without a format code in the file."""


@dataclass(frozen=True)
class Styles:
    """By the number that a cell gives of its style: the format code where it says more than digits, and the styles
    that are dates only by a number that East Asian Excel knows."""

    codes: Mapping[int, str]
    dates: frozenset[int] = frozenset()

    @property
    def interesting(self) -> tuple[int, ...]:
        """The styles that have to be looked for."""
        return tuple(sorted({*self.codes, *self.dates}))


def styles_of(formats: Iterable[int], codes: Mapping[int, str]) -> Styles:
    """The styles, given the format number of each in order and the codes that the workbook itself defines."""
    said: dict[int, str] = {}
    dates = set()
    for style, number in enumerate(formats):
        code = codes.get(number) or BUILTIN_FORMATS.get(number, "General")
        if is_percent(code) or (says_more(code) and not is_date_format(code)):
            said[style] = code
        if number in EAST_ASIAN_DATES and number not in codes:
            dates.add(style)
    return Styles(said, frozenset(dates))


def styles_of_xml(root: Element | None) -> Styles:
    """The styles of ``xl/styles.xml``."""
    if root is None:
        return Styles({})
    codes = {
        number(element.get("numFmtId")): element.get("formatCode") or "General"
        for element in root.iterfind("{*}numFmts/{*}numFmt")
    }
    return styles_of((number(xf.get("numFmtId")) for xf in root.iterfind("{*}cellXfs/{*}xf")), codes)


def number(text: str | None) -> int:
    """An attribute as a number; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
