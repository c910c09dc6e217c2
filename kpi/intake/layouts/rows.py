"""The rows of a table: what each row's labels say, group labels and section lines above it included."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Raw
from kpi.intake.layouts.axes import Said
from kpi.intake.layouts.counted import counted_period
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.labels import LabelColumn
from kpi.intake.layouts.lines import is_line
from kpi.intake.layouts.meaning import LONGEST_HEADING, Meaning, Vocabulary
from kpi.intake.layouts.parts import BENIGN, Row, numbered, tell_parts
from kpi.intake.layouts.titles import contradicts, foreign_currency, says_year_to_date
from kpi.intake.layouts.words import ROLE_NAMES
from kpi.intake.period_text import NOTHING, PeriodParts, contradict

_TURNS = re.compile(
    r"同比|环比|增长|占比|差异|分出|上年|去年|预测|yoy|growth|ceded|prior|forecast|variance", re.IGNORECASE
)


@dataclass
class RowReader:
    """Reads the rows of one frame from top to bottom. ``knows``: one of them names a measure of the catalogue."""

    frame: Frame
    vocabulary: Vocabulary
    labels: list[LabelColumn]
    numbers: list[int]
    data_rows: set[int]
    findings: list[Finding] = field(default_factory=list)
    totals: list[Cell] = field(default_factory=list)
    knows: bool = False

    def __post_init__(self) -> None:
        self._held: dict[int, Cell] = {}
        self._harmless: set[object] = {None, ""}
        self._currencies: set[object] = set()
        self._section = Said()
        self._unread: Cell | None = None
        self._heading: Cell | None = None
        self._named: Cell | None = None
        self._by_role: dict[str, list[LabelColumn]] = {}
        for label in self.labels:
            self._by_role.setdefault(label.role, []).append(label)
        self._coded = {role for role in ("code", "org_code") if role in self._by_role}
        names = {"code": "measure", "org_code": "org_unit"}
        self._beside = [label for code in self._coded for label in self._by_role.get(names[code], ())]
        self._handlers: dict[str, Callable[[Row, LabelColumn, Cell, Meaning], None]] = {
            "note": self._add_note,
            "aside": self._add_aside,
            "unit": self._add_unit,
            "org_unit": self._add_org_unit,
            "org_code": self._add_org_unit,
            "code": self._add_code,
            "period": self._add_period,
            "scenario": self._add_scenario,
            "measure": self._add_measure,
            "part": self._add_measure,
            "text": self._add_measure,
        }

    def read(self, body: Iterable[int]) -> list[Row]:
        """The rows that hold numbers; a missing label is a finding."""
        found = []
        for row in body:
            if row not in self.data_rows:
                self._between(row)
            elif (read := self._row(row)) is not None:
                read.under = self._above(read)
                found.append(read)
        self.findings += tell_parts(found, self.labels)
        return found

    def _above(self, row: Row) -> Cell | None:
        """What a row belongs to: its section, until a total or a row numbered like the section ends that; or, when it
        only says Actual or Budget, the row before that has a name."""
        own = next(iter(row.said.labels), None)
        if own is None and row.said.total is None:
            return self._named if row.said.scenario_cell or row.said.period else self._heading
        if self._heading is not None and own is not None:
            numbering = numbered(self._heading.text)
            if numbering and numbered(own.text) == numbering:
                self._heading = None
        under = self._heading if row.said.total is None else None
        if own is not None:
            self._named = own
        return under

    def _between(self, row: int) -> None:
        """A row without numbers: the heading of a section, the label of a group, or a measure whose scenarios stand in
        the rows below."""
        cells = self.frame.window.row(row)
        for label in self.labels:
            cell = self.frame.sheet.cell(row, label.column)
            if cell is not None and label.groups:
                self._held[label.column] = cell
        labels = {label.column: label.role for label in self.labels}
        texts = [cell for cell in cells if isinstance(cell.content, str) and not self.frame.window.is_missing(cell)]
        section = Said()
        for cell in texts:
            meaning = self.vocabulary.of(cell)
            if len(texts) > 1 and not (meaning.measure or meaning.org_unit):
                continue
            section.add(cell, meaning, labels.get(cell.column, "") if meaning.measure else "")
        if len(texts) == 1:
            self._section = section
            named = bool(section.labels) and texts[0].column in labels
            heads = named and not is_line(texts) and len(texts[0].text) <= LONGEST_HEADING
            self._heading = self._named = texts[0] if heads else None
            meaning = self.vocabulary.of(texts[0])
            benign = BENIGN.search(texts[0].text) and not _TURNS.search(texts[0].text)
            if meaning.says_nothing and not benign and not is_line(texts):
                self._unread = texts[0]
        elif section.measure is not None:
            self._section = section

    def _at(self, row: int, label: LabelColumn) -> Cell | None:
        cell = self.frame.sheet.at(row, label.column)
        if label.groups:
            if cell is not None and self.vocabulary.of(cell).total:
                return cell
            if cell is not None:
                if self._held.get(label.column) != cell:
                    for other in self.labels:
                        if other.column > label.column:
                            self._held.pop(other.column, None)
                self._held[label.column] = cell
            return self._held.get(label.column)
        return cell

    def _row(self, row: int) -> Row | None:
        found = Row(row, Said(), self._section)
        line = self.frame.sheet.values[row - 1] if row <= len(self.frame.sheet.values) else ()
        found.meant = self._holds_number(row, line)
        cells: dict[int, Cell | None] = {}
        for label in self.labels:
            at = label.column - 1
            if label.role == "note" and at < len(line) and line[at] in self._harmless:
                continue
            cell = cells[label.column] = self._at(row, label)
            if cell is not None:
                self._handlers[label.role](found, label, cell, self.vocabulary.of(cell))
        if self._beside:
            named = (cells.get(label.column) for label in self._beside)
            found.names = tuple(cell for cell in named if cell is not None)
        self.knows = self.knows or found.said.measure is not None or self._section.measure is not None
        if found.said.total is not None:
            self.totals.append(found.said.total)
        elif found.meant and self._lacks_label(found, cells):
            return None
        if found.said.measure is not None and self._unread is not None:
            self.findings.append(finding("section_not_read", self._unread))
            self._unread = None
        if found.said.clash is not None:
            self.findings.append(finding(found.said.clash[0], found.said.clash[1]))
            return None
        return found

    def _holds_number(self, row: int, line: Sequence[Raw]) -> bool:
        last = len(line)
        is_number = self.frame.window.raw_is_number
        if any(is_number(line[column - 1]) for column in self.numbers if column <= last):
            return True
        return any((row, column) in self.frame.sheet.uncalculated for column in self.numbers)

    def _add_aside(self, row: Row, label: LabelColumn, cell: Cell, _: Meaning) -> None:
        row.parts[label.column] = cell
        self._check_currency(cell)

    def _add_unit(self, row: Row, _: LabelColumn, cell: Cell, __: Meaning) -> None:
        row.unit = cell
        self._check_currency(cell)

    def _add_scenario(self, row: Row, _: LabelColumn, cell: Cell, meaning: Meaning) -> None:
        if meaning.scenario:
            row.said.add(cell, meaning)
        else:
            row.said.clash = ("scenario_unclear", cell)

    def _check_currency(self, cell: Cell) -> None:
        if cell.content not in self._currencies:
            if foreign_currency([cell]):
                self.findings.append(finding("foreign_currency", cell))
            else:
                self._currencies.add(cell.content)

    def _add_note(self, row: Row, _: LabelColumn, cell: Cell, __: Meaning) -> None:
        if says_year_to_date(cell.text):
            row.said.add(cell, Meaning(parts=PeriodParts(cumulative=True)))
        elif foreign_currency([cell]):
            self.findings.append(finding("foreign_currency", cell))
        elif isinstance(cell.content, str) and contradicts(cell.content):
            self.findings.append(finding("remark_to_read", cell))
        elif isinstance(cell.content, str):
            self._harmless.add(cell.content)

    def _add_period(self, row: Row, label: LabelColumn, cell: Cell, meaning: Meaning) -> None:
        counted = None if meaning.parts.says_period else counted_period(label.heading, cell)
        if counted is not None:
            meaning = Meaning(parts=counted)
        calendar = self.vocabulary.context.calendar
        if row.said.parts is not NOTHING and contradict(row.said.parts, meaning.parts, calendar):
            row.said.clash = ("periods_disagree", cell)
        elif meaning.total:
            row.said.total = row.said.total or cell
        elif meaning.scenario and not meaning.parts.says_period and not meaning.rest:
            row.said.add(cell, meaning)
        elif not meaning.parts.says_period or meaning.rest:
            row.said.period, row.said.odd = cell, True
        else:
            row.said.add(cell, meaning, "period")

    def _add_org_unit(self, row: Row, label: LabelColumn, cell: Cell, meaning: Meaning) -> None:
        row.said.aside = row.said.aside or meaning.aside
        if meaning.total and not meaning.org_unit:
            row.said.total = row.said.total or cell
            return
        if row.org_unit is None or label.role == "org_code" or self._inside(cell, row.org_unit):
            row.org_unit = cell

    def _inside(self, cell: Cell, outer: Cell) -> bool:
        """Whether a second column of org units names one inside the first one's."""
        names, units = self.vocabulary.context.names, self.vocabulary.context.organisation.by_code
        code, above = names.org_unit(cell.text), names.org_unit(outer.text)
        while code and above:
            parent = units[code].parent
            if parent == above:
                return True
            code = parent or ""
        return False

    def _add_code(self, row: Row, _: LabelColumn, cell: Cell, meaning: Meaning) -> None:
        measure = meaning.measure
        row.said.aside = row.said.aside or meaning.aside
        row.names_measure = True
        if measure is not None:
            row.said.measure, row.said.measure_cell = measure, cell
            row.said.labels.append(cell)
        else:
            row.said.labels.append(cell)
            row.said.unknown = row.said.unknown or cell

    def _add_measure(self, row: Row, label: LabelColumn, cell: Cell, meaning: Meaning) -> None:
        if label.role != "measure":
            self._check_currency(cell)
        if label.role == "measure" and "code" in self._coded and row.said.labels:
            return
        known_before, unknown_before = row.said.measure, row.said.unknown
        if label.role == "measure" and meaning.measure is None and meaning.total:
            row.said.total = row.said.total or cell
            return
        if label.role == "measure" and meaning.unit and not meaning.rest and meaning.measure is None:
            meaning = Meaning(rest=cell.text)  # such as agents or policies: a name here, not a unit
        if meaning == Meaning(role=meaning.role):
            meaning = Meaning(rest=cell.text)  # such as No or Source: a name below a heading
        if label.role in ("part", "text") and meaning.says_nothing:
            row.said.labels.append(cell)
            row.said.aside = row.said.aside or meaning.aside
            row.parts[label.column] = cell
            if not self._by_role.get("measure") and not self._by_role.get("code"):
                row.names_measure, row.said.unknown = True, row.said.unknown or cell
            return
        row.said.add(cell, meaning, label.role)
        if label.role == "measure":
            row.names_measure = bool(row.said.labels)
            mixed = (known_before is None) != (meaning.measure is None) and (known_before or unknown_before)
            if mixed and row.ambiguous is None:
                row.ambiguous = cell if meaning.measure is None else unknown_before

    def _lacks_label(self, row: Row, cells: dict[int, Cell | None]) -> bool:
        """Whether a label is blank where rows have a place for it; it is told."""
        if None not in cells.values():
            return False
        before = len(self.findings)
        for roles in (("measure", "code"), ("org_unit", "org_code"), ("period",), ("scenario",)):
            columns = [label for role in roles for label in self._by_role.get(role, ())]
            if not columns or any(cells.get(label.column) is not None for label in columns):
                continue
            if roles[0] == "org_unit" and self._section.org_unit:
                continue
            place = Cell(self.frame.sheet.name, row.row, columns[0].column, None)
            if roles == ("scenario",):
                self.findings.append(finding("scenario_unclear", place))
            elif not (roles[0] == "measure" and row.said.labels):
                self.findings.append(finding("label_missing", place, column=ROLE_NAMES[columns[0].role]))
        return len(self.findings) > before
