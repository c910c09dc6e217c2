"""A workbook with everything a person needs to see how it was understood: each sheet as it is, and its labels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.utils.cell import coordinate_to_tuple

from kpi.facts import canonical_decimal
from kpi.intake.context import IntakeContext
from kpi.intake.corrections import ASIDE
from kpi.intake.grid import Cell, Place, Sheet
from kpi.intake.layouts.words import STORED
from kpi.intake.matching import Candidate
from kpi.intake.report import Inspection
from kpi.intake.slots import Slot, TableRead

ROWS, COLUMNS = 300, 60
_MOST_LABELS = 500


@dataclass(frozen=True)
class LabelFound:
    """One label, ``kind`` ``measure`` or ``org_unit``, where it first stands and in how many numbers' labels.

    ``state``: ``certain``, ``corrected``, ``aside`` (set aside by a correction) or ``open``; all but a certain one have
    candidates.
    """

    text: str
    kind: str
    sheet: str
    cell: str
    count: int
    state: str
    code: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class SheetPicture:
    """The beginning of a sheet: texts as they stand there, ``roles`` and ``merged`` areas by place (row, column).

    Roles: ``line``, ``header``, ``period``, ``label``, ``value`` (became a fact), ``listed`` (read, not stored),
    ``ignored``. ``rows`` and ``columns`` count all that the sheet has; ``hidden_rows`` and ``hidden_columns`` are those
    of the beginning that nobody sees in the workbook.
    """

    name: str
    texts: tuple[tuple[str, ...], ...]
    roles: dict[Place, str]
    merged: tuple[tuple[int, int, int, int], ...]
    hidden: bool
    rows: int
    columns: int
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Study:
    """An inspection with pictures of the sheets, their labels, and the shape by which the form is known again."""

    inspection: Inspection
    sheets: tuple[SheetPicture, ...] = ()
    labels: tuple[LabelFound, ...] = ()
    shape: str = ""


def picture(sheet: Sheet, tables: Iterable[TableRead], stored: set[str], listed: set[str]) -> SheetPicture:
    """A sheet's beginning; ``stored`` and ``listed`` are addresses of numbers that became facts or readings."""
    roles: dict[Place, str] = {}
    for table in tables:
        roles |= {place: role for place, role in table.roles.items() if place[0] <= ROWS and place[1] <= COLUMNS}
    for addresses, role in ((listed - stored, "listed"), (stored, "value")):
        for address in addresses:
            place = coordinate_to_tuple(address)
            if place[0] <= ROWS and place[1] <= COLUMNS:
                roles[place] = role
    last = min(ROWS, len(sheet.values))
    texts = [[_shown(sheet.cell(row, column)) for column in range(1, COLUMNS + 1)] for row in range(1, last + 1)]
    width = max((column for line in texts for column, text in enumerate(line, 1) if text), default=0)
    return SheetPicture(
        sheet.name,
        tuple(tuple(line[:width]) for line in texts),
        {place: role for place, role in roles.items() if place[1] <= width},
        tuple(area for area in sheet.merged if area[0] <= ROWS),
        sheet.hidden,
        len(sheet.values),
        sheet.last_column,
        tuple(sorted(row for row in sheet.hidden_rows if row <= last)),
        tuple(sorted(column for column in sheet.hidden_columns if column <= width)),
    )


def _shown(cell: Cell | None) -> str:
    """A cell's content for the eye: percent as percent, thousands apart."""
    if cell is None:
        return ""
    if isinstance(cell.content, Decimal):
        if cell.shown_as_percent:
            return f"{canonical_decimal(cell.content * 100)}%"
        plain = canonical_decimal(cell.content)
        return f"{cell.content:,f}" if abs(cell.content) >= _GROUPED else plain
    return cell.text


_GROUPED = 10_000


@dataclass
class _Seen:
    at: Cell
    code: str
    count: int = 0
    kinds: set[str] = field(default_factory=set)


def labels_of(tables: Iterable[TableRead], context: IntakeContext) -> Iterator[LabelFound]:
    """Every label of a measure or org unit over or beside numbers, in the order of the sheets."""
    measures: dict[str, _Seen] = {}
    org_units: dict[str, _Seen] = {}
    for table in tables:
        for slot in table:
            _note(slot, measures, org_units, context)
    names, corrections = context.names, context.corrections
    for kind, found in (("measure", measures), ("org_unit", org_units)):
        corrected = corrections.measure if kind == "measure" else corrections.org_unit
        candidates = names.measure_candidates if kind == "measure" else names.org_unit_candidates
        for text, seen in list(found.items())[:_MOST_LABELS]:
            said = corrected(text)
            state = "aside" if said == ASIDE else "corrected" if said else "certain" if seen.code else "open"
            guesses = () if state == "certain" else candidates(text)
            yield LabelFound(text, kind, seen.at.sheet, seen.at.address, seen.count, state, said or seen.code, guesses)


def _note(slot: Slot, measures: dict[str, _Seen], org_units: dict[str, _Seen], context: IntakeContext) -> None:
    if slot.scenario not in STORED and slot.scenario:
        return
    if slot.measure.text and (slot.known or slot.measure.address != slot.around.header.address):
        seen = measures.setdefault(
            slot.measure.text.strip(), _Seen(slot.measure, slot.known.measure if slot.known else "")
        )
        seen.count += 1
    if slot.org_unit is not None:
        text = slot.org_unit.text.strip()
        if text not in org_units:
            org_units[text] = _Seen(slot.org_unit, context.names.org_unit(text) or "")
        org_units[text].count += 1
