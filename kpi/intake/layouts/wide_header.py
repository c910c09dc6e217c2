"""The header of a wide table: which columns are labels, and which hold the numbers of which period and scenario."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpi.facts import Scenario
from kpi.findings import Finding
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.headings import ROLE_NAMES, is_derived, is_number_like, meant_role, role_of
from kpi.intake.layouts.regions import Region, names_period
from kpi.intake.layouts.rows import empty_cell, heading_below
from kpi.intake.period_text import parse_period
from kpi.intake.slots import UnitStated
from kpi.periods import Grain
from kpi.text import Text

_LABELS = frozenset({"code", "measure", "org_code", "org_unit", "scenario", "unit", "note"})
_ABSENT = ("org_unit", "unit", "scenario")
_SCENARIOS = frozenset(Scenario)


@dataclass(frozen=True)
class Column:
    """A column of numbers: the cell that names its period, its scenario and its unit when the header says them."""

    column: int
    period: Cell
    scenario: Scenario | None = None
    scenario_cell: Cell | None = None
    unit: UnitStated | None = None


@dataclass
class Header:
    """Label cells by role, number columns, units behind label headings, and what is wrong.

    ``unread`` are columns of numbers, by column, with the cell to point at; ``depth`` counts the header's rows.
    """

    depth: int = 1
    labels: dict[str, Cell] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    units: list[UnitStated] = field(default_factory=list)
    unread: dict[int, tuple[Cell, Cell | None]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unclear: bool = False


def read_header(sheet: Sheet, region: Region, context: IntakeContext) -> Header:
    """The header of a region that begins with a row of periods."""
    return _Reader(sheet, region, context).read()


class _Reader:
    def __init__(self, sheet: Sheet, region: Region, context: IntakeContext) -> None:
        self.sheet, self.region, self.context = sheet, region, context
        self.header = Header()
        self.first = min(cell.column for cell in sheet.rows[region.row] if self._opens_numbers(cell))
        self.below = self._second_row()
        self.body = self._body()

    def read(self) -> Header:
        header = self.header
        period: Cell | None = None
        taken: set[str] = set()
        last = max(self.first, *self.body, *self.below, *(cell.column for cell in self.sheet.rows[self.region.row]))
        for column in range(1, last + 1):
            own = self.sheet.at(self.region.row, column)
            if column >= self.first:
                scenario = self._role(self.below.get(column))[0]
                nameless = own is None and scenario in _SCENARIOS and (period is None or scenario in taken)
                before, period = period, own or (period if column in self.below else None)
                period = empty_cell(self.sheet, self.region.row, column) if nameless else period
                taken = taken | {scenario} if period is before else {scenario}
            if not self._label(column, own):
                self._number_column(column, own, period)
        self._guess_measure()
        self._check_beside()
        if not self._heading_unclear():
            self._check_twice()
            self._check_pairs()
        header.findings += [finding("column_not_read", cell) for cell, _ in header.unread.values()]
        return header

    def _may_be_period(self, cell: Cell) -> bool:
        return not cell.text or names_period(cell, self.context) or _tries_to_name_period(cell)

    def _opens_numbers(self, cell: Cell) -> bool:
        """Whether a header cell names a period, or tries to above numbers."""
        if names_period(cell, self.context):
            return True
        places = (self.sheet.cells.get((row, cell.column)) for row in self.region.rows)
        numbered = any(below is not None and isinstance(below.content, Decimal) for below in places)
        return numbered and not self._role(cell)[0] and _tries_to_name_period(cell)

    def _second_row(self) -> dict[int, Cell]:
        """Scenario cells of the row below by column; empty unless it names at least one scenario."""
        row = self.region.row + 1
        if row not in self.region.rows:
            return {}
        named = [cell.column for cell in self.sheet.rows[row] if self._role(cell)[0] in _SCENARIOS]
        if not named or max(named) < self.first:
            return {}
        self.header.depth = 2
        self.first = min(self.first, *named)
        return {cell.column: cell for cell in self.sheet.rows[row] if cell.column >= self.first}

    def _body(self) -> dict[int, list[Cell]]:
        start = self.region.row + self.header.depth
        found: dict[int, list[Cell]] = {}
        for row in self.region.rows:
            for cell in self.sheet.rows[row] if row >= start else ():
                found.setdefault(cell.column, []).append(cell)
        return found

    def _role(self, cell: Cell | None) -> tuple[str, UnitStated | None]:
        if cell is None or not isinstance(cell.content, str):
            return "", None
        role, unit = role_of(cell, self.context.catalogue.units)
        return role or ("derived" if is_derived(cell.text) else ""), (unit, cell) if unit else None

    def _number(self, column: int) -> Cell | None:
        return next((cell for cell in self.body.get(column, ()) if is_number_like(cell)), None)

    def _label(self, column: int, own: Cell | None) -> bool:
        """Whether the column holds labels; then it is noted."""
        header = self.header
        lower = self.sheet.at(self.region.row + 1, column) if self.header.depth == 2 else None
        for cell in (own, lower):
            role, unit = self._role(cell)
            if cell is None or role not in _LABELS or (cell is own and self._role(lower)[0] in _SCENARIOS):
                continue
            if unit is not None and unit not in header.units:
                header.units.append(unit)
            first = header.labels.setdefault(role, cell)
            if first.column != column and role != "note":
                code = "tables_side_by_side" if column > self.first else "column_twice"
                if all(remark.code != code for remark in header.findings):
                    header.findings.append(finding(code, cell, other=first.address))
            return True
        return False

    def _number_column(self, column: int, own: Cell | None, period: Cell | None) -> None:
        lower = self.below.get(column)
        named = lower or own
        number = self._number(column)
        role, unit = self._role(named)
        if column < self.first:
            self._strange_label(column, own or lower, number)
        elif named and role in ("derived", "reference"):
            self.header.findings += [finding("derived_column", named)] if number else []
        elif period is not None and self._may_be_period(period):
            scenario = Scenario(role) if lower and role in _SCENARIOS else None
            if self.below and scenario is None:
                if number:
                    self.header.unread[column] = (lower or number, period)
            else:
                self.header.columns.append(Column(column, period, scenario, lower, unit))
        elif number:
            self.header.unread[column] = (own or number, None)

    def _strange_label(self, column: int, heading: Cell | None, number: Cell | None) -> None:
        """A column of labels under a heading that is not known; the one for KPIs is found by what stands in it."""
        body = self.body.get(column, [])
        if not body or all(self.context.names.measure(cell.text) for cell in body):
            return
        place = heading or empty_cell(self.sheet, self.region.row, column)
        role = meant_role(place, body, [role for role in _ABSENT if role not in self.header.labels], self.context)
        if role:
            self.header.labels[role] = place
            self.header.findings.append(finding("heading_unknown", place, column=ROLE_NAMES[role]))
        elif number and not isinstance(number.content, str):
            self.header.unread[column] = (heading or number, None)

    def _guess_measure(self) -> None:
        """Under a blank or strange heading: the label column in which most words are known measures."""
        if self.header.labels.keys() & {"measure", "code"}:
            return
        known = Counter(
            cell.column
            for column, cells in self.body.items()
            for cell in cells
            if column < self.first and self.context.names.measure(cell.text) is not None
        )
        for column, _ in known.most_common(1):
            self.header.labels["measure"] = empty_cell(self.sheet, self.region.row, column)
            return
        if any(self._number(column.column) for column in self.header.columns):
            at = self.sheet.rows[self.region.row][0]
            self.header.findings.append(finding("missing_column", at, column=ROLE_NAMES["measure"]))

    def _check_beside(self) -> None:
        """Labels of a second table, to the right of the first one's numbers."""
        if any(remark.code == "tables_side_by_side" for remark in self.header.findings):
            return
        labels = {cell.column for cell in self.header.labels.values()}
        for column, cells in self.body.items():
            if column <= self.first or column in labels:
                continue
            beside = next((c for c in cells if isinstance(c.content, str) and self.context.names.measure(c.text)), None)
            if beside:
                self.header.findings.append(finding("tables_side_by_side", beside))
                return

    def _heading_unclear(self) -> bool:
        """Whether a line of headings right above or below the periods is not understood; then nothing is read."""
        columns = [column.column for column in self.header.columns]
        unclear = None if self.below else heading_below(self.sheet, self.region, columns, self.context)
        if unclear is None and not self.below:
            above = [self.sheet.at(self.region.row - 1, column) for column in columns]
            named = {self._role(cell)[0]: cell for cell in above if cell}
            scenarios = [cell for role, cell in named.items() if role in _SCENARIOS]
            unclear = scenarios[-1] if len(scenarios) > 1 else None
        unclear = unclear or self._merged_over() or self._odd_date()
        if unclear is None:
            return False
        code = "period_too_short_or_long" if isinstance(unclear.content, date) else "heading_below"
        self.header.findings.append(finding(code, unclear))
        self.header.unclear, self.header.columns, self.header.unread = True, [], {}
        return True

    def _merged_over(self) -> Cell | None:
        """A period merged over several columns of numbers that nothing tells apart."""
        counts = Counter(
            column.period.address
            for column in self.header.columns
            if column.scenario_cell is None and self._number(column.column)
        )
        return next((column.period for column in self.header.columns if counts[column.period.address] > 1), None)

    def _odd_date(self) -> Cell | None:
        """The first day that ends no quarter, where most days of the header end none: the columns are months."""
        dates = [cell for cell in self.sheet.rows[self.region.row] if isinstance(cell.content, date)]
        odd = [cell for cell in dates if not self._is_quarter(cell)]
        return odd[0] if len(odd) * 2 > len(dates) else None

    def _is_quarter(self, cell: Cell) -> bool:
        found = parse_period(cell.content, self.context.calendar)
        return found is not None and found.period.grain is Grain.QUARTER

    def _key(self, column: Column) -> object:
        found = parse_period(column.period.content, self.context.calendar)
        return found or column.period.address

    def _check_twice(self) -> None:
        """No two columns for the same period and scenario."""
        seen: dict[tuple[object, Scenario | None], Column] = {}
        blamed: set[str] = set()
        for column in self.header.columns:
            first = seen.setdefault((self._key(column), column.scenario), column)
            if first is column:
                continue
            same_period = first.period is column.period
            at, other = (column.scenario_cell, first.scenario_cell) if same_period else (column.period, first.period)
            if at and other and at.address not in blamed:
                blamed.add(at.address)
                self.header.findings.append(finding("duplicate_column", at, other=other.address))
        self.header.columns = list(seen.values())

    def _check_pairs(self) -> None:
        """Where most quarters tell actual from plan, each has to; a whole missing scenario is a missing column."""
        columns = self.header.columns
        if not any(column.scenario for column in columns):
            return
        counts = Counter(column.scenario for column in columns)
        if not counts[Scenario.PLAN] or not counts[Scenario.ACTUAL]:
            missing = ROLE_NAMES["actual" if counts[Scenario.PLAN] else "plan"]
            strange = [column for column, (_, owner) in self.header.unread.items() if owner is not None]
            remark = finding("missing_column", columns[0].period, column=missing)
            self.header.findings.append(self._misread(strange, missing) or remark)
            return
        last_actual = max(column.column for column in columns if column.scenario is Scenario.ACTUAL)
        for period, group in self._by_period():
            has = {column.scenario for column in group}
            absent = next((s for s in (Scenario.ACTUAL, Scenario.PLAN) if s not in has), None)
            misread = [column for column, (_, owner) in self.header.unread.items() if owner is period]
            if absent is None or (absent is Scenario.ACTUAL and not misread and group[0].column > last_actual):
                continue
            remark = finding("missing_plan_column", period, period=period.text, column=ROLE_NAMES[absent.value])
            self.header.findings.append(self._misread(misread, ROLE_NAMES[absent.value]) or remark)

    def _misread(self, columns: list[int], name: Text) -> Finding | None:
        """The first of these unread columns is the one that seems to be missing."""
        return finding("heading_unknown", self.header.unread.pop(columns[0])[0], column=name) if columns else None

    def _by_period(self) -> Iterator[tuple[Cell, list[Column]]]:
        groups: dict[object, list[Column]] = {}
        for column in self.header.columns:
            groups.setdefault(self._key(column), []).append(column)
        yield from ((group[0].period, group) for group in groups.values() if group[0].period.text)


def _tries_to_name_period(cell: Cell) -> bool:
    """A header such as 2026Q5 or 2026年五季度: meant as a period, to be reported as a wrong one."""
    return any(sign in cell.text.upper() for sign in "Q季年H-/.") and any(sign.isdigit() for sign in cell.text)
