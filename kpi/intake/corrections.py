"""What somebody said about a workbook where it does not speak for itself, and by which form it is known again."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from kpi.intake.grid import Sheet, Workbook
from kpi.intake.labels import folded, normal
from kpi.intake.numbers import parse_number

ASIDE = ""
_ROWS, _COLUMNS, _LONGEST = 200, 60, 80
_NUMBERS = re.compile(r"\d+")
_PERIOD_WORDS = re.compile(
    r"第?[一二三四](?=季)|[上下](?=半年)|[一二三四五六七八九十]+(?=月)"
    r"|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
    r"(?![a-z])|(?<![a-z])(?:first|second|third|fourth)(?= (?:quarter|half))"
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SheetCorrection(_Model):
    """What holds for a whole sheet; a default leaves it to the sheet. ``unit`` is the code of a unit of measure."""

    skip: bool = False
    org_unit: str = ""
    scenario: Literal["", "actual", "plan", "restated"] = ""
    year: int | None = None
    unit: str = ""
    cumulative: bool | None = None


class Corrections(_Model):
    """Codes for labels (an empty one sets the label aside) and what holds for sheets; labels are kept folded."""

    measures: dict[str, str] = {}
    org_units: dict[str, str] = {}
    sheets: dict[str, SheetCorrection] = {}

    @field_validator("measures", "org_units")
    @classmethod
    def _fold(cls, given: dict[str, str]) -> dict[str, str]:
        return {key_of(label): code for label, code in given.items()}

    @property
    def count(self) -> int:
        """How many labels and sheets are corrected."""
        return len(self.measures) + len(self.org_units) + len(self.sheets)

    def measure(self, label: str) -> str | None:
        """The code for a label, ``ASIDE`` for one set aside, None for one not corrected."""
        return self.measures.get(key_of(label)) if self.measures else None

    def org_unit(self, label: str) -> str | None:
        """The code for a label, ``ASIDE`` for one set aside, None for one not corrected."""
        return self.org_units.get(key_of(label)) if self.org_units else None

    def sheet(self, name: str) -> SheetCorrection:
        """What holds for the sheet; for one not named, what was said alike of all whose names differ in numbers only:
        ``2026Q4`` follows ``2026Q3``."""
        if name in self.sheets:
            return self.sheets[name]
        form = _form(name)
        said = [each for known, each in self.sheets.items() if _form(known) == form]
        return said[0] if said and all(each == said[0] for each in said) else SheetCorrection()

    def merged_with(self, other: "Corrections") -> "Corrections":
        """Both, where ``other`` counts wherever the two speak of the same label or sheet."""
        return Corrections(
            measures=self.measures | other.measures,
            org_units=self.org_units | other.org_units,
            sheets=self.sheets | other.sheets,
        )

    def lasting(self) -> "Corrections":
        """What may be applied to the next file of the same form: all but the year, which that file has not."""
        unsaid = SheetCorrection()
        kept = {name: each.model_copy(update={"year": None}) for name, each in self.sheets.items()}
        return self.model_copy(update={"sheets": {name: each for name, each in kept.items() if each != unsaid}})


def key_of(label: str) -> str:
    """The label as corrections keep it: without case, width, blanks, punctuation and traditional characters."""
    return folded(label) or normal(label).encode(errors="ignore").decode()


def shape_of(workbook: Workbook) -> str:
    """A hash of the form of a workbook: names of sheets and texts near their beginnings, without numbers and words for
    quarters and months, so that next quarter's file of the same form has the same."""
    forms = {(_form(sheet.name), *sorted(set(_labels(sheet)))) for sheet in workbook.sheets}
    return sha256(json.dumps(sorted(forms), ensure_ascii=True).encode()).hexdigest()


def _labels(sheet: Sheet) -> Iterator[str]:
    for line in sheet.values[:_ROWS]:
        for text in _texts(line[:_COLUMNS]):
            form = _form(text)
            if any(letter.isalpha() for letter in form):
                yield form


def _texts(line: Iterable[object]) -> Iterator[str]:
    """The labels of a row: texts that are neither numbers nor as long as remarks."""
    for raw in line:
        if isinstance(raw, str) and len(raw) <= _LONGEST and not raw.isspace() and parse_number(raw) is None:
            yield raw


def _form(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _PERIOD_WORDS.sub("0", _NUMBERS.sub("0", plain))
