"""The wide table: KPIs down, quarters across, with actual and plan side by side, in rows, or one of them only."""

from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.headings import ROLE_NAMES, area, is_number_like, is_total, scenario_of
from kpi.intake.layouts.lines import says_year_to_date, stated_org_unit, stated_scenario, stated_units
from kpi.intake.layouts.regions import Region
from kpi.intake.layouts.rows import blame_merged, empty_cell, notes_of, year_to_date
from kpi.intake.layouts.wide_header import read_header
from kpi.intake.report import TableFound
from kpi.intake.slots import Around, Slot, TableRead


def read_wide(sheet: Sheet, region: Region, context: IntakeContext) -> TableRead:
    """The wide table of a region, from its header row (two or more periods side by side) on."""
    table = _Table(sheet, region, context)
    for row in region.rows:
        if row >= region.row + table.header.depth:
            table.read_row(row)
    return table


class _Table(TableRead):
    """A wide table while it is read."""

    def __init__(self, sheet: Sheet, region: Region, context: IntakeContext) -> None:
        self.sheet, self.context = sheet, context
        self.header = read_header(sheet, region, context)
        labels, periods = self.header.labels, [column.period for column in self.header.columns]
        first = min((*labels.values(), *periods, sheet.rows[region.row][0]), key=lambda cell: cell.column)
        roles = {role: cell.address for role, cell in labels.items()}
        if periods:
            roles["periods"] = f"{periods[0].address}:{periods[-1].address}"
        last = max((region.row, *region.rows))
        super().__init__(TableFound(sheet=sheet.name, area=area(first, last, sheet), layout="wide", roles=roles))
        self.first_row = region.row
        self.findings += self.header.findings
        units, unclear = stated_units([*region.lines, *notes_of(sheet, region)], context.catalogue.units)
        self.around = Around(
            sheet.rows[region.row][0], "wide", (*self.header.units, *units), unclear, unit_column="unit" in labels
        )
        self.org_unit = ""
        self.scenario = stated_scenario(sheet, region.lines)
        numbered = any((row, column.column) in sheet.cells for row in region.rows for column in self.header.columns)
        if not numbered:
            return
        if not labels.keys() & {"org_unit", "org_code"}:
            self.org_unit, remark = stated_org_unit(sheet, list(region.lines), context)
            unsaid = finding("org_unit_unclear", periods[0]) if not self.org_unit else None
            self.findings += [found for found in (remark or unsaid,) if found]
        told = "scenario" in labels or any(column.scenario for column in self.header.columns)
        if not told and self.scenario is None:
            self.findings.append(finding("scenario_unclear", periods[0]))
        self.findings += year_to_date(sheet, region, labels.values())

    def _at(self, row: int, *names: str) -> Cell | None:
        labels = self.header.labels
        cells = (self.sheet.at(row, labels[name].column) for name in names if name in labels)
        return next((cell for cell in cells if cell is not None), None)

    def read_row(self, row: int) -> None:
        """Add the slots of one row, or say why it has none."""
        numbers = [
            (column, cell)
            for column in self.header.columns
            if (cell := self.sheet.cells.get((row, column.column))) is not None
        ]
        measure, org_unit = self._at(row, "code", "measure"), self._at(row, "org_code", "org_unit")
        meant = any(is_number_like(cell) for _, cell in numbers)
        if not numbers or self._left_out(row, measure, org_unit, meant) or measure is None:
            return
        if not meant and self.context.names.measure(measure.text) is None:
            return
        note = self._at(row, "note")
        if note is not None and says_year_to_date(note.text):
            self.findings.append(finding("cumulative_period", note))
        named = self._at(row, "scenario")
        row_scenario = scenario_of(named) if named else None
        if row_scenario is None and "scenario" in self.header.labels:
            place = named or empty_cell(self.sheet, row, self.header.labels["scenario"].column)
            self.findings.append(finding("scenario_unclear", place))
            return
        if row_scenario and any(column.scenario not in (None, row_scenario) for column, _ in numbers):
            self.findings.append(finding("scenario_conflict", named))
            return
        for column, number in numbers:
            scenario = column.scenario or row_scenario or self.scenario
            if scenario is None or (org_unit is None and not self.org_unit):
                continue
            blame_merged(self.sheet, number, self)
            self.slots.append(
                Slot(
                    number=number,
                    measure=measure,
                    period=column.period,
                    scenario=scenario,
                    around=self.around,
                    org_unit=org_unit,
                    org_unit_code=self.org_unit,
                    names=self._beside_codes(row),
                    unit_cell=self._at(row, "unit"),
                    heading_units=(column.unit,) if column.unit else (),
                )
            )

    def _beside_codes(self, row: int) -> tuple[Cell, ...]:
        pairs = (("code", "measure"), ("org_code", "org_unit"))
        cells = (self._at(row, name) for code, name in pairs if code in self.header.labels)
        return tuple(cell for cell in cells if cell is not None)

    def _left_out(self, row: int, measure: Cell | None, org_unit: Cell | None, meant: bool) -> bool:
        """Whether the row is one of totals or lacks a label; either is told where there are numbers."""
        labels = self.header.labels
        total = next((cell for cell in (measure, org_unit) if cell and is_total(cell.text, known=True)), None)
        if (
            not total
            and org_unit
            and is_total(org_unit.text, known=self.context.names.org_unit(org_unit.text) is not None)
        ):
            total = org_unit
        if total is not None:
            self.findings += [finding("total_row", total)] if meant else []
            return True
        for role, codes, cell in (("measure", "code", measure), ("org_unit", "org_code", org_unit)):
            heading = labels.get(role) or labels.get(codes)
            if cell is None and heading is not None:
                place = empty_cell(self.sheet, row, heading.column)
                self.findings += [finding("label_missing", place, column=ROLE_NAMES[role])] if meant else []
                return True
        return False
