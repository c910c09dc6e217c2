"""The rows of a table: what each row's labels say, group labels and section lines above it included."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.axes import Said
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.labels import LabelColumn
from kpi.intake.layouts.lines import says_year_to_date
from kpi.intake.layouts.meaning import Meaning, Vocabulary
from kpi.intake.layouts.words import ROLE_NAMES
from kpi.intake.period_text import PeriodParts

_BREAKDOWN = re.compile(
    r"渠道|险种|产品|个险|银保|团险|经代|网销|电销|财产险|寿险|车险|健康险|意外险|分红|万能|趸交|期交|其中"
    r"|channel|product|agency|bancassurance|broker|direct|motor|health|group|individual|of which|line of business",
    re.IGNORECASE,
)
_TEXTS = ("measure", "text")


@dataclass
class Row:
    """One row of numbers. ``meant``: it holds a number, not only signs for missing ones. ``ambiguous`` is a label of
    a part (a channel, a product) that the measure beside it is for; ``names`` are the names beside codes."""

    row: int
    said: Said
    section: Said
    meant: bool = True
    org_unit: Cell | None = None
    unit: Cell | None = None
    names: tuple[Cell, ...] = ()
    ambiguous: Cell | None = None
    names_measure: bool = False


@dataclass
class RowReader:
    """Reads the rows of one frame from top to bottom. ``knows``: one of them names a measure of the catalogue."""

    frame: Frame
    vocabulary: Vocabulary
    labels: list[LabelColumn]
    data_rows: set[int]
    findings: list[Finding] = field(default_factory=list)
    totals: list[Row] = field(default_factory=list)
    knows: bool = False

    def __post_init__(self) -> None:
        self._held: dict[int, Cell] = {}
        self._section = Said()
        self._part: Cell | None = None
        self._by_role: dict[str, list[LabelColumn]] = {}
        for label in self.labels:
            self._by_role.setdefault(label.role, []).append(label)
        self._coded = {role for role in ("code", "org_code") if role in self._by_role}

    def read(self, body: Iterable[int]) -> Iterator[Row]:
        """The rows that hold numbers; a missing label is a finding."""
        for row in body:
            if row not in self.data_rows:
                self._between(row)
                continue
            found = self._row(row)
            if found is not None:
                yield found

    def _between(self, row: int) -> None:
        """A row without numbers: the heading of a section, or the label of a group."""
        cells = self.frame.window.row(row)
        for label in self.labels:
            cell = self.frame.sheet.cell(row, label.column)
            if cell is not None and label.groups:
                self._held[label.column] = cell
        texts = [cell for cell in cells if isinstance(cell.content, str)]
        if len(cells) != 1 or len(texts) != 1:
            return
        meaning = self.vocabulary.of(texts[0])
        section = Said()
        section.add(texts[0], meaning, "measure" if meaning.measure else "")
        self._part = texts[0] if meaning.says_nothing and _BREAKDOWN.search(texts[0].text) else None
        self._section = section

    def _at(self, row: int, label: LabelColumn) -> Cell | None:
        cell = self.frame.sheet.at(row, label.column)
        if label.groups:
            if cell is not None:
                if self._held.get(label.column) != cell:
                    for other in self.labels:
                        if other.column > label.column:
                            self._held.pop(other.column, None)
                self._held[label.column] = cell
            return self._held.get(label.column)
        return cell

    def _row(self, row: int) -> Row | None:
        window = self.frame.window
        found = Row(row, Said(), self._section)
        found.meant = any(
            window.is_number(cell)
            for cell in window.row(row)
            if all(cell.column != label.column for label in self.labels)
        )
        cells = {label.column: self._at(row, label) for label in self.labels}
        for label in self.labels:
            cell = cells[label.column]
            if cell is not None:
                self._add(found, label, cell)
        self._names(found, cells)
        self.knows = self.knows or found.said.measure is not None or self._section.measure is not None
        if found.said.total is not None:
            self.totals.append(found)
        elif found.meant and self._lacks_label(found, cells):
            return None
        if found.ambiguous is None and found.said.measure is not None:
            found.ambiguous = self._part
        if found.said.clash is not None:
            self.findings.append(finding(found.said.clash[0], found.said.clash[1]))
            return None
        return found

    def _add(self, row: Row, label: LabelColumn, cell: Cell) -> None:
        said = row.said
        match label.role:
            case "note":
                if says_year_to_date(cell.text):
                    said.add(cell, Meaning(parts=PeriodParts(cumulative=True)))
            case "unit":
                row.unit = cell
            case "org_unit" | "org_code":
                self._add_org_unit(row, label, cell)
            case "code":
                self._add_code(row, cell)
            case "period":
                meaning = self.vocabulary.of(cell)
                if not meaning.parts.says_period or meaning.rest:
                    said.period, said.odd = cell, True
                else:
                    said.add(cell, meaning, "period")
            case "scenario":
                meaning = self.vocabulary.of(cell)
                if meaning.scenario:
                    said.add(cell, meaning)
                else:
                    said.clash = ("scenario_unclear", cell)
            case _:
                self._add_measure(row, label, cell)

    def _add_org_unit(self, row: Row, label: LabelColumn, cell: Cell) -> None:
        meaning = self.vocabulary.of(cell)
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

    def _add_code(self, row: Row, cell: Cell) -> None:
        measure = self.vocabulary.context.names.measure(cell.text)
        row.names_measure = True
        if measure is not None:
            row.said.measure, row.said.measure_cell = measure, cell
            row.said.labels.append(cell)
        else:
            row.said.labels.append(cell)
            row.said.unknown = row.said.unknown or cell

    def _add_measure(self, row: Row, label: LabelColumn, cell: Cell) -> None:
        meaning = self.vocabulary.of(cell)
        if label.role == "measure" and "code" in self._coded and row.said.labels:
            return
        known_before, unknown_before = row.said.measure, row.said.unknown
        if label.role == "measure" and meaning.measure is None and meaning.total:
            row.said.total = row.said.total or cell
            return
        row.said.add(cell, meaning, label.role)
        if label.role == "measure":
            row.names_measure = True
            mixed = (known_before is None) != (meaning.measure is None) and (known_before or unknown_before)
            if mixed and row.ambiguous is None:
                row.ambiguous = cell if meaning.measure is None else unknown_before
        elif label.role == "text" and meaning.says_nothing:
            if _BREAKDOWN.search(cell.text):
                row.ambiguous = row.ambiguous or cell
            elif not self._by_role.get("measure") and not self._by_role.get("code"):
                row.names_measure = True

    def _names(self, row: Row, cells: dict[int, Cell | None]) -> None:
        beside = []
        for code, role in (("code", "measure"), ("org_code", "org_unit")):
            if code in self._coded:
                beside += [cell for label in self._by_role.get(role, ()) if (cell := cells[label.column]) is not None]
        row.names = tuple(beside)

    def _lacks_label(self, row: Row, cells: dict[int, Cell | None]) -> bool:
        """Whether a label is blank where rows have a place for it; it is told."""
        before = len(self.findings)
        for roles in (("measure", "code"), ("org_unit", "org_code"), ("period",), ("scenario",)):
            columns = [label for role in roles for label in self._by_role.get(role, ())]
            if not columns or any(cells[label.column] is not None for label in columns):
                continue
            place = Cell(self.frame.sheet.name, row.row, columns[0].column, None)
            if roles == ("scenario",):
                self.findings.append(finding("scenario_unclear", place))
            elif not (roles[0] == "measure" and row.said.labels):
                self.findings.append(finding("label_missing", place, column=ROLE_NAMES[columns[0].role]))
        return len(self.findings) > before
