"""How a workbook was understood and what somebody says of it: the rules behind the mapping page, without a page."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from kpi.findings import Finding, Severity
from kpi.intake.corrections import Corrections, SheetCorrection, key_of
from kpi.intake.study import COLUMNS, ROWS, LabelFound, SheetPicture
from kpi.store.records import UploadRecord
from kpi.text import Language
from ui.uploads import by_severity

ROLES = {
    "line": "t",
    "header": "h",
    "period": "p",
    "label": "l",
    "value": "v",
    "listed": "r",
    "ignored": "i",
}
"""The letter of each role of a cell; a cell without a role has a blank."""
STATES = ("open", "corrected", "aside", "certain")
FOR_SHEETS = frozenset(
    {
        "org_unit_unclear",
        "period_unclear",
        "scenario_unclear",
        "unit_missing",
        "unit_line_unclear",
        "units_disagree",
        "unit_jump",
        "cumulative_alone",
        "looks_like_year_to_date",
    }
)
"""Findings that go away when somebody says what holds for the whole sheet."""
_LONGEST = 300
_MARKED = {"zh": "标注", "en": "marked"}
_GRAVITY = {severity.value: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Mark:
    """What the findings say of one cell, the gravest first; ``severity`` is that of the gravest."""

    row: int
    column: int
    severity: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """The beginning of a sheet, small enough to travel: texts and letters of roles by row, merged areas, marks."""

    rows: tuple[tuple[str, ...], ...]
    roles: tuple[str, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    marks: tuple[Mark, ...]
    counts: dict[str, int]
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[int, ...]


def place_of(address: str) -> tuple[int, int] | None:
    """Row and column of an A1 address; None for anything else."""
    try:
        letters, row = coordinate_from_string(address)
        return row, column_index_from_string(letters)
    except (CellCoordinatesException, ValueError):
        return None


def marks_on(findings: Iterable[Finding], sheet: str, say: Callable[[Finding], str]) -> tuple[Mark, ...]:
    """The marks of a sheet in reading order."""
    found: dict[tuple[int, int], list[Finding]] = {}
    for item in findings:
        place = place_of(item.cell) if item.sheet == sheet and item.cell else None
        if place is not None:
            found.setdefault(place, []).append(item)
    marks = []
    for place, items in sorted(found.items()):
        items.sort(key=lambda item: _GRAVITY[item.severity.value])
        marks.append(Mark(*place, items[0].severity.value, tuple(map(say, items))))
    return tuple(marks)


def grid_of(picture: SheetPicture, findings: Iterable[Finding], say: Callable[[Finding], str]) -> Grid:
    """What is drawn of a sheet; an empty cell with a finding is drawn too, marks outside the beginning are not."""
    height = len(picture.texts)
    marks = tuple(
        mark for mark in marks_on(findings, picture.name, say) if mark.row <= height and mark.column <= COLUMNS
    )
    width = max(max(map(len, picture.texts), default=0), max((mark.column for mark in marks), default=0))
    rows = tuple(tuple(map(_short, line)) + ("",) * (width - len(line)) for line in picture.texts)
    roles = tuple(
        "".join(ROLES.get(picture.roles.get((row, column), ""), " ") for column in range(1, width + 1)).rstrip()
        for row in range(1, height + 1)
    )
    areas = ((top, left, min(bottom, height), min(right, width)) for top, left, bottom, right in picture.merged)
    merged = tuple(area for area in areas if area[0] <= height and area[1] <= width)
    counts = Counter(picture.roles.values())
    return Grid(
        rows,
        roles,
        merged,
        marks,
        {role: counts[role] for role in ROLES if counts[role]},
        tuple(row for row in picture.hidden_rows if row <= height),
        tuple(column for column in picture.hidden_columns if column <= width),
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def is_shown(picture: SheetPicture, cell: str) -> bool:
    """Whether a cell is in the beginning of a sheet that is drawn; an address that is none is in no part."""
    place = place_of(cell)
    return place is not None and place[0] <= min(ROWS, len(picture.texts)) and place[1] <= COLUMNS


def is_cut(picture: SheetPicture) -> bool:
    """Whether a sheet has more than is drawn."""
    return picture.rows > ROWS or picture.columns > COLUMNS


def findings_by_sheet(findings: Iterable[Finding]) -> dict[str, dict[Severity, int]]:
    """How many findings of each severity a sheet has."""
    sheets: dict[str, list[Finding]] = {}
    for item in findings:
        sheets.setdefault(item.sheet, []).append(item)
    return {
        name: {severity: len(each) for severity, each in by_severity(items).items() if each}
        for name, items in sheets.items()
    }


def first_sheet(pictures: Sequence[SheetPicture], findings: Iterable[Finding]) -> str:
    """The sheet to open: the first with an error, else with a warning, else the first that nobody hid."""
    counts = findings_by_sheet(findings)
    for severity in (Severity.ERROR, Severity.WARNING):
        for picture in pictures:
            if counts.get(picture.name, {}).get(severity):
                return picture.name
    return next((picture.name for picture in pictures if not picture.hidden), pictures[0].name)


def sheet_in_question(findings: Iterable[Finding]) -> str:
    """The first sheet of which something has to be said before it can be read; empty when none."""
    asked = (item.sheet for item in findings if item.code in FOR_SHEETS and item.severity is Severity.ERROR)
    return next(asked, "")


@dataclass(frozen=True)
class Counts:
    """What a reading comes to."""

    facts: int
    errors: int
    warnings: int

    @classmethod
    def of(cls, facts: int, findings: Iterable[Finding]) -> "Counts":
        """Count findings by severity."""
        found = by_severity(findings)
        return cls(facts, len(found[Severity.ERROR]), len(found[Severity.WARNING]))


@dataclass(frozen=True)
class Draft:
    """Corrections not yet used: what an upload was read with, and each change since. ``turn`` counts the changes that
    no menu made itself, after which all menus are drawn anew."""

    base: Corrections
    steps: tuple[Corrections, ...] = ()
    turn: int = 0

    @property
    def now(self) -> Corrections:
        """What holds."""
        return self.steps[-1] if self.steps else self.base

    @property
    def pending(self) -> bool:
        """Whether anything differs from what the upload was read with."""
        return self.now != self.base

    def then(self, corrections: Corrections, redraw: bool = False) -> "Draft":
        """One change more."""
        if corrections == self.now:
            return self
        return replace(self, steps=(*self.steps, corrections), turn=self.turn + redraw)

    def undone(self) -> "Draft":
        """One change fewer."""
        return replace(self, steps=self.steps[:-1], turn=self.turn + 1)

    def reset(self) -> "Draft":
        """As the upload was read."""
        return replace(self, steps=(), turn=self.turn + 1)


def with_label(corrections: Corrections, kind: str, label: str, code: str | None) -> Corrections:
    """The corrections with one label said anew; None leaves it to the workbook again."""
    known = corrections.measures if kind == "measure" else corrections.org_units
    said = {each: known[each] for each in known if each != key_of(label)}
    if code is not None:
        said[label] = code
    if kind == "measure":
        return Corrections(measures=said, org_units=corrections.org_units, sheets=corrections.sheets)
    return Corrections(measures=corrections.measures, org_units=said, sheets=corrections.sheets)


def with_sheet(corrections: Corrections, name: str, said: SheetCorrection) -> Corrections:
    """The corrections with what holds for one sheet; a default one leaves all to the sheet."""
    sheets = {each: corrections.sheets[each] for each in corrections.sheets if each != name}
    if said != SheetCorrection():
        sheets[name] = said
    return corrections.model_copy(update={"sheets": sheets})


def said_of(corrections: Corrections, label: LabelFound) -> str | None:
    """The code said of a label, empty for one left out, None where nothing was said."""
    return corrections.measure(label.text) if label.kind == "measure" else corrections.org_unit(label.text)


def choices_for(label: LabelFound, codes: Sequence[str]) -> list[str]:
    """What a label may be said to mean: its candidates first, then leaving it out, then all other codes."""
    first = [candidate.code for candidate in label.candidates if candidate.code in set(codes)]
    return [*first, "", *(code for code in codes if code not in set(first))]


def usable(corrections: Corrections, measures: Collection[str], org_units: Collection[str]) -> Corrections:
    """The corrections without codes that the catalogue or the company no longer has."""
    return Corrections(
        measures={label: code for label, code in corrections.measures.items() if not code or code in measures},
        org_units={label: code for label, code in corrections.org_units.items() if not code or code in org_units},
        sheets={
            name: each if each.org_unit in org_units else each.model_copy(update={"org_unit": ""})
            for name, each in corrections.sheets.items()
        },
    )


def spelled(labels: Iterable[LabelFound]) -> dict[str, str]:
    """The labels of a workbook by the key that corrections keep them under."""
    return {key_of(label.text): label.text for label in labels}


def other_checks(upload: UploadRecord, uploads: Iterable[UploadRecord]) -> list[UploadRecord]:
    """The other uploads of the same bytes, the newest first."""
    same = (each for each in uploads if each.workbook.sha256 == upload.workbook.sha256 and each.id != upload.id)
    return sorted(same, key=lambda each: each.id, reverse=True)


def marked_name(filename: str, language: Language) -> str:
    """The name under which a workbook goes back with its findings; one with macros stays one with macros."""
    path = PurePath(filename)
    suffix = ".xlsm" if path.suffix.lower() == ".xlsm" else ".xlsx"
    return f"{path.stem}-{_MARKED[language]}{suffix}"


def label_order(labels: Iterable[LabelFound], certain: bool, base: Corrections) -> list[LabelFound]:
    """The labels to show: first those nobody spoke of when the workbook was read, then what ``base`` says of others;
    certain ones come last and only if asked for. A label stays where it is while it is being corrected."""
    shown = (label for label in labels if certain or label.state != "certain")
    return sorted(shown, key=lambda label: (label.state == "certain", said_of(base, label) is not None))
