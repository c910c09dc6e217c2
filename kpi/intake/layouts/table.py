"""Reads a table of any layout: each number with what its headings, its row's labels and the lines above say of it."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.axes import Said, filled_from, said_by
from kpi.intake.layouts.columns import Column, column_paths, with_common_year, years_to_date
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.gaps import Gaps
from kpi.intake.layouts.labels import columns_of
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.layouts.parts import Row
from kpi.intake.layouts.questions import ask, not_stored
from kpi.intake.layouts.rows import RowReader
from kpi.intake.layouts.sums import check_sums
from kpi.intake.layouts.surroundings import surroundings
from kpi.intake.layouts.titles import foreign_currency, stated_measure, subject
from kpi.intake.layouts.words import DERIVED
from kpi.intake.period_text import NOTHING, PeriodParts, contradict, settled
from kpi.intake.report import TableFound
from kpi.intake.slots import Around, Slot, TableRead, UnitStated
from kpi.periods import Grain

_MOST_ROLES = 400
_FEWEST_ROWS = 2


def read_table(frame: Frame, vocabulary: Vocabulary) -> TableRead | None:
    """The table of a frame: its slots and what is wrong with its headings and labels; None when it has no numbers."""
    rows = (*frame.headings, *frame.body[:_MOST_ROLES])
    texts = (cell.content for row in rows for cell in frame.window.row(row) if isinstance(cell.content, str))
    table = _Table(frame, vocabulary.of_table(texts))
    if not table.columns:
        return None
    found = table.read()
    alone = len({slot.number.row for slot in found.slots if slot.label}) < _FEWEST_ROWS
    return None if found.strange and not frame.headings and alone else found


def _units_of_names(*said: Said) -> tuple[UnitStated, ...]:
    """The units behind the names of measures that are not to be taken as these measures."""
    return tuple(
        (one.measure.unit, one.measure_cell) for one in said if one.measure and one.measure.unit and one.measure_cell
    )


class _Table:
    def __init__(self, frame: Frame, vocabulary: Vocabulary) -> None:
        self.frame, self.vocabulary = frame, vocabulary
        self.sheet, self.context = frame.sheet, vocabulary.context
        data_rows = [row for row in frame.body if frame.window.kind(row) in ("n", "p")]
        self.labels, numbers = columns_of(frame, vocabulary, data_rows)
        held = set(data_rows)
        data_rows = [row for row in frame.body if row in held or self._means_numbers(row, numbers)]
        self.columns = column_paths(frame, vocabulary, numbers)
        self.rows = RowReader(frame, vocabulary, self.labels, numbers, set(data_rows))
        self.corner = said_by(
            (label.heading for label in self.labels if label.heading and not vocabulary.of(label.heading).role),
            vocabulary,
        )
        for label in self.labels:
            meaning = vocabulary.of(label.heading)
            if label.heading and meaning.role and meaning.unit:
                self.corner.units.append((meaning.unit, label.heading))
        self.anchor = self._anchor(data_rows)
        self.months_only: dict[int, Cell] = {}
        self._joined: dict[tuple[str, ...], str] = {}
        self.columns = with_common_year(years_to_date(self.columns))

    def _means_numbers(self, row: int, numbers: list[int]) -> bool:
        """Whether a row without numbers has labels, and words where numbers belong."""
        cells = self.frame.window.row(row)
        wrong = any(cell.column in numbers and not self.frame.window.is_missing(cell) for cell in cells)
        return wrong and any(cell.column not in numbers for cell in cells)

    def _anchor(self, data_rows: list[int]) -> Cell:
        row = self.frame.headings[0] if self.frame.headings else data_rows[0]
        filled = self.frame.window.row(row)
        return filled[0] if filled else self.frame.window.row(data_rows[0])[0]

    def read(self) -> TableRead:
        frame = self.frame
        self.around_it = around = surroundings(frame, self.vocabulary, self.labels, self.columns, self.corner)
        unit_column = any(label.role == "unit" for label in self.labels)
        self.around = Around(self.anchor, around.layout, around.units, around.unclear, unit_column)
        self.monthly = self._dates_are_months()
        self.gaps = Gaps(self.columns, self.labels, self.anchor, around.layout, self.vocabulary)
        self.title = around.title
        table = TableRead(self._found(around.layout), first_row=self.anchor.row, last_row=frame.body[-1])
        self.findings = table.findings
        rows = self.rows.read(frame.body)
        self._take_measure_of_title(rows)
        known = self.rows.knows or self.corner.measure or any(column.said.measure for column in self.columns)
        table.strange = not known
        if known:
            self.findings += self.gaps.twice()
            self.columns = [column for column in self.columns if column.column not in self.gaps.dropped]
        table.slots = [slot for row in rows for slot in self._slots(row)]
        if known:
            self.findings += [*self.rows.findings, *around.remarks]
            self.findings += self.gaps.missing({slot.number.column: slot.number for slot in reversed(table.slots)})
            ask(table, frame, around, self.vocabulary)
            self.findings += check_sums(rows, self.columns, table.slots, self.context.catalogue)
        else:
            self.findings += self._foreign()
        if known:
            self.findings += [finding("column_not_read", cell) for cell in self.months_only.values()]
        self.findings += not_stored(table, self.columns, self.rows.totals)
        table.roles = self._roles()
        return table

    def _foreign(self) -> list[Finding]:
        """Another currency in a table whose numbers are only listed: they stand there as they are."""
        headings = [cell for column in self.columns for cell in column.headings]
        headings += [label.heading for label in self.labels if label.heading]
        cell = foreign_currency([*self.frame.lines, *self.frame.outer, *headings])
        return [finding("unit_not_read", cell)] if cell is not None else []

    def _dates_are_months(self) -> bool:
        """Whether the days that head columns or rows are those of months: not all of them end a quarter."""
        cells = [cell for column in self.columns for cell in column.headings]
        for label in self.labels:
            if label.role == "period":
                rows = self.frame.body[:400]
                cells += [cell for row in rows if (cell := self.sheet.cell(row, label.column)) is not None]
        days = {day for cell in cells if (day := self.vocabulary.of(cell).parts.day) is not None}
        calendar = self.context.calendar
        return any(day != calendar.end(calendar.period_of(day)) for day in days)

    def _take_measure_of_title(self, rows: list[Row]) -> None:
        """Where neither rows nor columns name anything, the title or the sheet's name may name the measure."""
        said = (*(row.said for row in rows), *(column.said for column in self.columns))
        if not self.corner.measure and not any(one.measure or one.unknown for one in said):
            found = stated_measure(self.sheet, (*self.frame.lines, *self.frame.outer), self.vocabulary)
            if found:
                self.corner.measure, self.corner.measure_cell = found
                self.title = subject(found[1].text)

    def _slots(self, row: Row) -> Iterator[Slot]:
        for column in self.columns:
            number = self.sheet.cell(row.row, column.column)
            if number is None or (not row.meant and self.frame.window.is_missing(number)):
                continue
            slot = self._slot(number, row, column)
            if slot is not None:
                yield slot

    def _slot(self, number: Cell, row: Row, column: Column) -> Slot | None:
        said, above = row.said, column.said
        place = (number.row, number.column)
        if self.sheet.merged and place in self.sheet.merged_places and self.frame.window.is_number(number):
            self.findings.append(finding("merged_number", number))
        scenario = self._scenario(row, column)
        if scenario is None:
            return None
        parts = above.parts.under(said.parts)
        both = above.parts is not NOTHING and said.parts is not NOTHING
        if both and contradict(above.parts, said.parts, self.context.calendar):
            parts = None
        period = said.period if said.odd or said.parts.says_period else above.period
        if parts is None:
            self.findings.append(finding("periods_disagree", above.period or number))
            return None
        odd = said.odd or above.odd
        if column.blank is not None and not parts.says_period:
            odd, period = True, column.blank
        parts = filled_from(filled_from(parts, row.section.parts), self.around_it.parts)
        parts = self._alone(parts, above, said, scenario)
        if parts.monthly and parts.grain is not Grain.MONTH:
            parts = NOTHING
            self.months_only.setdefault(column.column, column.inner or number)
        if said.measure and above.measure and said.measure.measure != above.measure.measure and above.measure_cell:
            self.findings.append(finding("labels_disagree", above.measure_cell))
            return None
        known = said.measure or above.measure or row.section.measure or self.corner.measure
        measure = said.measure_cell or above.measure_cell or row.section.measure_cell or self.corner.measure_cell
        narrowed = row.ambiguous is not None and row.ambiguous in row.parts.values()
        unread = (
            narrowed
            or column.column in self.months_only
            or said.aside
            or above.aside
            or column.column in self.gaps.unread
        )
        unknown = None if unread else self._unknown(row, column)
        if unknown is not None or narrowed:
            known, measure = None, unknown or row.ambiguous
        org_cell = row.org_unit
        code = above.org_unit or row.section.org_unit or self.around_it.org_unit
        return Slot(
            number=number,
            measure=measure or said.unknown or above.unknown or self.anchor,
            period=period or self._period_place(column),
            around=self.around,
            label=self._label(row, column),
            known=known,
            parts=settled(parts, self.context.calendar, self.monthly) or NOTHING,
            scenario=scenario,
            org_unit=org_cell,
            org_unit_code="" if org_cell is not None else code,
            names=row.names,
            unit_cell=row.unit,
            heading_units=(*above.units, *said.units, *(() if known else _units_of_names(above, said))),
            listed=bool(said.total or above.total or unread),
            odd_period=odd,
            heading=column.text,
        )

    def _label(self, row: Row, column: Column) -> str:
        """The measure's headings from outer to inner: of the row, then of the column; else what the title is about."""
        org_cell = row.org_unit
        strange = org_cell is not None and not self.vocabulary.of(org_cell).org_unit
        cells = [
            org_cell if strange else None,
            row.under,
            *row.said.labels,
            row.said.total,
            *column.said.labels,
            column.said.total,
        ]
        texts = tuple(cell.text for cell in cells if cell is not None)
        if not texts and not self.title and row.said.scenario_cell is not None:
            texts = (row.said.scenario_cell.text,)
        if texts not in self._joined:
            self._joined[texts] = " / ".join(dict.fromkeys(text.strip() for text in texts)) or self.title
        return self._joined[texts]

    def _alone(self, parts: PeriodParts, above: Said, said: Said, scenario: str) -> PeriodParts:
        """A year that stands alone over plans, where the lines above speak of a quarter, may be either."""
        own = above.parts.grain or said.parts.grain
        plan = scenario == "plan" and not (above.annual or said.annual)
        year_only = own is None and (above.parts.year or said.parts.year) is not None
        return NOTHING if plan and year_only and parts.grain not in (None, Grain.YEAR) else parts

    def _scenario(self, row: Row, column: Column) -> str | None:
        """The scenario of a number, empty when nothing says it; None, with a finding, when two places differ."""
        one, other = row.said.scenario, column.said.scenario
        if column.said.either and row.said.measure is None:
            other = ""  # a measure, as rows name none
        if one and other and one != other and not {one, other} & DERIVED:
            if {one, other} == {"actual", "prior_year"}:
                return "prior_year"
            self.findings.append(finding("scenario_conflict", row.said.scenario_cell or column.inner))
            return None
        if one in DERIVED or other in DERIVED:
            return one if one in DERIVED else other
        return one or other or row.section.scenario or self.around_it.scenario

    def _unknown(self, row: Row, column: Column) -> Cell | None:
        """The label that nothing is known by and that therefore leaves the measure open."""
        if row.ambiguous is not None:
            return row.ambiguous
        if row.parts and column.said.measure is not None and row.said.measure is None:
            return next(iter(row.parts.values()))
        if row.said.measure is None and row.said.unknown is not None and row.names_measure:
            return row.said.unknown
        return column.said.unknown

    def _period_place(self, column: Column) -> Cell:
        return column.blank or column.inner or self.anchor

    def _found(self, layout: str) -> TableFound:
        last = self.frame.body[-1]
        right = get_column_letter(max(column.column for column in self.columns))
        roles = {label.role: label.heading.address for label in self.labels if label.heading and label.role != "text"}
        inner = [column.inner.address for column in self.columns if column.inner]
        if inner:
            roles["numbers"] = f"{inner[0]}:{inner[-1]}"
        return TableFound(
            sheet=self.sheet.name, area=f"{self.anchor.address}:{right}{last}", layout=layout, roles=roles
        )

    def _roles(self) -> dict[tuple[int, int], str]:
        """What each place of the table is for: ``header``, ``label``, ``period``, ``value`` or ``ignored``."""
        found: dict[tuple[int, int], str] = {}
        for line in self.frame.lines:
            found[line.cell.row, line.cell.column] = "line"
        for label in self.labels:
            role = {"note": "ignored", "period": "period"}.get(label.role, "label")
            for row in self.frame.body[:_MOST_ROLES]:
                found[row, label.column] = role
        for row in self.frame.headings:
            for cell in self.frame.window.row(row):
                found[row, cell.column] = "period" if self.vocabulary.of(cell).is_period else "header"
        return found
