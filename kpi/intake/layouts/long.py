"""The long table: one row a figure, with columns for KPI, org unit, period, actual and plan; our template is one."""

from dataclasses import dataclass, field

from kpi.facts import Scenario
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.headings import (
    ROLE_NAMES,
    VALUE_ROLES,
    area,
    is_derived,
    is_number_like,
    is_total,
    meant_role,
    role_of,
    scenario_of,
)
from kpi.intake.layouts.lines import says_year_to_date, stated_org_unit, stated_units
from kpi.intake.layouts.regions import Region
from kpi.intake.layouts.rows import blame_merged, empty_cell, heading_below, notes_of, year_to_date
from kpi.intake.report import TableFound
from kpi.intake.slots import Around, Slot, TableRead, UnitStated

_SIDE_BY_SIDE = 3
_CODES = {"measure": "code", "org_unit": "org_code"}
_MAY_REPEAT = ("note", "derived", "reference")
TEMPLATE_MARKS = ("Scorecast", "scorecast")


@dataclass
class _Header:
    """Cell of each role, the units behind headings, the headings that say nothing, and roles named twice."""

    row: int
    roles: dict[str, Cell] = field(default_factory=dict)
    units: dict[str, UnitStated] = field(default_factory=dict)
    strange: list[Cell] = field(default_factory=list)
    derived: list[Cell] = field(default_factory=list)
    repeated: list[tuple[Cell, Cell]] = field(default_factory=list)

    @property
    def first(self) -> Cell:
        return min(self.roles.values(), key=lambda cell: cell.column)

    def has(self, role: str) -> bool:
        return role in self.roles or _CODES.get(role, role) in self.roles


class _Table(TableRead):
    """A long table while it is read."""

    def __init__(self, sheet: Sheet, region: Region, context: IntakeContext) -> None:
        self.sheet, self.region, self.context = sheet, region, context
        self.header = _header(sheet, region.row, context)
        template = any(mark in line.text for line in region.lines for mark in TEMPLATE_MARKS)
        super().__init__(
            TableFound(
                sheet=sheet.name,
                area=area(self.header.first, region.rows[-1] if region.rows else region.row, sheet),
                layout="template" if template else "long",
                roles={role: cell.address for role, cell in self.header.roles.items()},
            ),
            first_row=region.row,
        )
        units, unclear = stated_units([*region.lines, *notes_of(sheet, region)], context.catalogue.units)
        measure_units = [stated for role, stated in self.header.units.items() if role not in VALUE_ROLES]
        self._check_columns(bool(units or self.header.units))
        self.org_unit = ""
        if not self.header.has("org_unit"):
            self.org_unit, remark = stated_org_unit(sheet, list(region.lines), context)
            self.findings += [remark] if remark else []
            if not (remark or self.org_unit or any(found.code == "org_units_across" for found in self.findings)):
                self.findings.append(finding("missing_column", self.header.first, column=ROLE_NAMES["org_unit"]))
        if not template:
            self.findings += year_to_date(sheet, region, self.header.roles.values())
        self.around = Around(
            self.header.first, "long", (*measure_units, *units), unclear, unit_column="unit" in self.header.roles
        )

    def _check_repeated(self) -> None:
        repeated = self.header.repeated
        if len(repeated) >= _SIDE_BY_SIDE:
            self.findings.append(finding("tables_side_by_side", repeated[0][0]))
        else:
            self.findings += [finding("column_twice", again, other=first.address) for again, first in repeated]

    def _check_columns(self, units_stated: bool) -> None:
        header = self.header
        self._check_repeated()
        across = [cell for cell in header.strange if self.context.names.org_unit(cell.text)]
        if len(across) > 1:
            self.findings.append(finding("org_units_across", across[0]))
            return
        body = _columns(self.sheet, self.region)
        known = {cell.column for cell in (*header.roles.values(), *header.derived)}
        known |= {again.column for again, _ in header.repeated}
        headings = {cell.column: cell for cell in header.strange}
        for column in sorted(body.keys() - known):
            heading = headings.get(column) or empty_cell(self.sheet, header.row, column)
            absent = [*_missing_roles(header), *([] if units_stated or "unit" in header.roles else ["unit"])]
            absent += [role for role in ("code", "org_code") if role not in header.roles]
            role = meant_role(heading, body[column], absent, self.context)
            if role:
                header.roles[role] = heading
                if not says_year_to_date(heading.text):
                    self.findings.append(finding("heading_unknown", heading, column=ROLE_NAMES[role]))
            elif number := next((cell for cell in body[column] if is_number_like(cell)), None):
                self.findings.append(finding("column_not_read", heading if heading.text else number))
        self.findings += [
            finding("derived_column", cell)
            for cell in header.derived
            if any(map(is_number_like, body.get(cell.column, ())))
        ]
        for role in _missing_roles(header):
            if role != "org_unit":
                self.findings.append(finding("missing_column", header.first, column=ROLE_NAMES[role]))

    def read_row(self, row: int) -> None:
        """Add the slots of one row, or say why it has none."""
        header = self.header
        numbers = [
            (role, cell)
            for role in VALUE_ROLES
            if role in header.roles and (cell := self.sheet.cells.get((row, header.roles[role].column))) is not None
        ]
        if not numbers:
            return
        measure, org_unit = self._at(row, "code", "measure"), self._at(row, "org_code", "org_unit")
        period = self._at(row, "period")
        if self._left_out(row, {"measure": measure, "org_unit": org_unit, "period": period}, numbers):
            return
        if measure is None or period is None or (org_unit is None and not self.org_unit):
            return
        note = self._at(row, "note")
        if note is not None and says_year_to_date(note.text):
            self.findings.append(finding("cumulative_period", note))
        for role, number in numbers:
            scenario = self._scenario(role, self._at(row, "scenario"), number)
            if scenario is None:
                continue
            blame_merged(self.sheet, number, self)
            self.slots.append(
                Slot(
                    number=number,
                    measure=measure,
                    period=period,
                    scenario=scenario,
                    around=self.around,
                    org_unit=org_unit,
                    org_unit_code=self.org_unit,
                    names=self._beside_codes(row),
                    unit_cell=self._at(row, "unit"),
                    heading_units=(header.units[role],) if role in header.units else (),
                )
            )

    def _at(self, row: int, *names: str) -> Cell | None:
        for name in names:
            heading = self.header.roles.get(name)
            cell = self.sheet.at(row, heading.column) if heading else None
            if cell is not None:
                return cell
        return None

    def _beside_codes(self, row: int) -> tuple[Cell, ...]:
        pairs = (("code", "measure"), ("org_code", "org_unit"))
        cells = (self._at(row, name) for code, name in pairs if code in self.header.roles)
        return tuple(cell for cell in cells if cell is not None)

    def _left_out(self, row: int, labels: dict[str, Cell | None], numbers: list[tuple[str, Cell]]) -> bool:
        """Whether the row is one of totals, lacks a label, or is a note below the table."""
        names = self.context.names
        total = next((cell for cell in labels.values() if cell and is_total(cell.text, known=True)), None)
        org_unit = labels["org_unit"]
        if total is None and org_unit and is_total(org_unit.text, known=names.org_unit(org_unit.text) is not None):
            total = org_unit
        meant = any(is_number_like(number) for _, number in numbers)
        if total is not None:
            self.findings += [finding("total_row", total)] if meant else []
            return True
        empty = next((role for role, cell in labels.items() if cell is None and self.header.has(role)), None)
        if empty is not None and meant:
            heading = self.header.roles[empty if empty in self.header.roles else _CODES[empty]]
            place = empty_cell(self.sheet, row, heading.column)
            self.findings.append(finding("label_missing", place, column=ROLE_NAMES[empty]))
        return empty is not None

    def _scenario(self, role: str, named: Cell | None, number: Cell) -> Scenario | None:
        """The scenario of a value column: its own, or what the row's scenario cell says."""
        if role != "value":
            return Scenario(role)
        scenario = scenario_of(named) if named else None
        if scenario is None and "scenario" in self.header.roles:
            self.findings.append(finding("scenario_unclear", named or number))
        return scenario


def read_long(sheet: Sheet, region: Region, context: IntakeContext) -> TableRead:
    """The long table of a region.

    A missing column is a finding at the header; what the other columns say is read all the same.
    """
    table = _Table(sheet, region, context)
    rows = region.rows
    values = [table.header.roles[role].column for role in VALUE_ROLES if role in table.header.roles]
    if rows and (below := heading_below(sheet, region, values, context)):
        table.findings.append(finding("heading_below", below))
        rows = rows[1:]
    for row in rows:
        table.read_row(row)
    return table


def _header(sheet: Sheet, row: int, context: IntakeContext) -> _Header:
    header = _Header(row)
    for cell in sheet.rows[row]:
        role, unit = role_of(cell, context.catalogue.units) if isinstance(cell.content, str) else ("", None)
        if role == "derived" or (not role and is_derived(cell.text)):
            header.derived.append(cell)
        elif not role:
            header.strange.append(cell)
        elif role not in header.roles:
            header.roles[role] = cell
            if unit is not None:
                header.units[role] = (unit, cell)
        elif role not in _MAY_REPEAT:
            header.repeated.append((cell, header.roles[role]))
    return header


def _columns(sheet: Sheet, region: Region) -> dict[int, list[Cell]]:
    """The cells of the body by column."""
    found: dict[int, list[Cell]] = {}
    for row in region.rows:
        for cell in sheet.rows[row]:
            found.setdefault(cell.column, []).append(cell)
    return found


def _missing_roles(header: _Header) -> list[str]:
    roles = header.roles.keys()
    missing = [role for role in ("measure", "org_unit", "period") if not header.has(role)]
    if "value" in roles or "scenario" in roles:
        return missing + [role for role in ("scenario", "value") if role not in roles]
    return missing + [role for role in ("actual", "plan") if role not in roles]
