"""What everything around a table says of all of its numbers: lines above, notes, the corner, the sheet's name."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.axes import Said, filled_from
from kpi.intake.layouts.columns import Column
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.labels import LabelColumn
from kpi.intake.layouts.lines import (
    YEARS,
    Line,
    half_width,
    is_title,
    stated_org_unit,
    stated_period,
    stated_units,
)
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.layouts.titles import (
    foreign_currency,
    in_note,
    is_of_part,
    narrows,
    says_average,
    says_year_to_date,
    stated_scenario,
    title_subject,
    year_to_date_in_notes,
)
from kpi.intake.layouts.words import STORED
from kpi.intake.period_text import PeriodParts, plain, take_period
from kpi.intake.slots import UnitStated

TEMPLATE_MARKS = ("Scorecast", "scorecast")


@dataclass(frozen=True)
class Surroundings:
    """``remarks`` are findings about the lines, ``org_remark`` the one about the org unit; ``to_date`` is the place
    that says year to date, ``title`` what the table is about; ``unclear`` a line about units."""

    layout: str
    parts: PeriodParts
    scenario: str
    org_unit: str
    units: tuple[UnitStated, ...]
    unclear: Cell | None
    to_date: Cell | None
    title: str
    org_remark: Finding | None
    remarks: tuple[Finding, ...]


def surroundings(
    frame: Frame, vocabulary: Vocabulary, labels: Sequence[LabelColumn], columns: Sequence[Column], corner: Said
) -> Surroundings:
    """Everything that is said around the table of a frame; ``corner`` is what the headings of its labels say."""
    lines, context = [*frame.lines, *frame.outer], vocabulary.context
    template = any(mark in line.text for line in lines for mark in TEMPLATE_MARKS)
    in_rows = any(label.role == "period" for label in labels)
    stated, _ = stated_period(lines, frame.sheet, context.calendar)
    said = context.corrections.sheet(frame.sheet.name)
    parts = filled_from(PeriodParts(said.year), filled_from(corner.parts, stated))
    to_date = None if template else _to_date(frame, labels)
    if to_date is not None and not any(column.said.parts.cumulative is False for column in columns):
        parts = filled_from(PeriodParts(cumulative=True), parts)
    if said.cumulative is not None:
        parts = filled_from(PeriodParts(cumulative=said.cumulative), parts)
    stated_one = stated_scenario(frame.sheet, frame.lines) or stated_scenario(frame.sheet, lines)
    scenario = corner.scenario if corner.scenario in STORED else stated_one.value if stated_one else ""
    called = vocabulary.of_text(frame.sheet.name)
    if called.scenario and not called.rest and called.measure is None and not scenario:
        scenario = called.scenario
    org_unit, org_remark = "", None
    if not any(label.role in ("org_unit", "org_code") for label in labels):
        org_unit, org_remark = stated_org_unit(frame.sheet, list(frame.lines), context)
        if not org_unit and org_remark is None:
            org_unit, org_remark = stated_org_unit(frame.sheet, lines, context)
    units, unclear = _units(frame, vocabulary, corner)
    if said.org_unit:
        org_unit, org_remark = said.org_unit, None
    if said.unit:
        unit = context.catalogue.units[said.unit]
        others = [pair for pair in units if pair[0].dimension is not unit.dimension]
        units, unclear = ((unit, frame.window.row(frame.body[0])[0]), *others), None
    return Surroundings(
        layout="template" if template else "long" if in_rows else "wide",
        parts=parts,
        scenario=said.scenario or scenario,
        org_unit=said.org_unit or corner.org_unit or org_unit,
        units=units,
        unclear=unclear,
        to_date=to_date,
        title=next((subject for line in lines if (subject := title_subject(line))), ""),
        org_remark=org_remark,
        remarks=tuple(_remarks(frame, vocabulary, labels, columns)),
    )


def _to_date(frame: Frame, labels: Sequence[LabelColumn]) -> Cell | None:
    said = year_to_date_in_notes(frame.sheet, [*frame.lines, *frame.outer], frame.notes)
    headings = (label.heading for label in labels if label.heading)
    return said or next((cell for cell in headings if says_year_to_date(cell.text)), None)


def _units(frame: Frame, vocabulary: Vocabulary, corner: Said) -> tuple[tuple[UnitStated, ...], Cell | None]:
    """The units of corner and lines; those of a table before with the same headings where these say none."""
    table = vocabulary.context.catalogue.units
    units, unclear = stated_units([*frame.lines, *frame.notes], table)
    outer, _ = stated_units(frame.outer, table) if not units else ((), None)
    return (*corner.units, *units, *outer), unclear


def _remarks(
    frame: Frame, vocabulary: Vocabulary, labels: Sequence[LabelColumn], columns: Sequence[Column]
) -> list[Finding]:
    """What a person has to read before the numbers count: another currency, a part, an average, a day, another year."""
    lines = [*frame.lines, *frame.outer]
    headings = [cell for column in columns for cell in column.headings]
    headings += [label.heading for label in labels if label.heading]
    foreign = foreign_currency([*lines, *frame.notes, *headings])
    said = all(column.said.scenario for column in columns) or any(label.role == "scenario" for label in labels)
    dated = any(label.role == "period" for label in labels) or all(column.said.parts.grain for column in columns)
    told = [
        line.cell
        for line in lines
        if says_average(line)
        or (not said and narrows(line.text))
        or (not dated and _is_day(line))
        or _names_another_year(line, columns)
    ]
    told += [line.cell for line in frame.notes if in_note(line.text)]
    if narrows(frame.sheet.name) or (lines and _years(frame.sheet.name) and _differ(frame.sheet.name, lines)):
        told.append(Cell(frame.sheet.name, 1, 1, frame.sheet.name))
    found = [finding("foreign_currency", foreign)] if foreign is not None else []
    part = next((line.cell for line in lines if is_of_part(line.text)), None)
    if part is None and is_of_part(frame.sheet.name):
        part = Cell(frame.sheet.name, 1, 1, frame.sheet.name)
    found += [finding("part_unclear", part)] if part is not None else []
    return [*found, *(finding("remark_to_read", cell) for cell in dict.fromkeys(told))]


def _is_day(line: Line) -> bool:
    """Whether a title names a day: a flow up to it may be a quarter's or the year's so far."""
    return is_title(line.text) and take_period(plain(line.text))[0].day is not None


def _years(text: str) -> set[str]:
    return set(YEARS.findall(half_width(text)))


def _names_another_year(line: Line, columns: Sequence[Column]) -> bool:
    """Whether a title is about one year and every heading about others."""
    about, headed = _years(line.text), {str(column.said.parts.year) for column in columns if column.said.parts.year}
    return len(about) == 1 and bool(headed) and not about & headed and is_title(line.text)


def _differ(name: str, lines: Sequence[Line]) -> bool:
    about = set[str]().union(*(_years(line.text) for line in lines if is_title(line.text)))
    return bool(about) and not _years(name) & about
