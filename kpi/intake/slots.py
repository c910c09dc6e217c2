"""What a layout hands on: every place of a number together with the cells that say what the number is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kpi.facts import Scenario
from kpi.findings import Finding
from kpi.intake.grid import Cell
from kpi.intake.report import TableFound
from kpi.units import Unit

UnitStated = tuple[Unit, Cell]


@dataclass(frozen=True, slots=True)
class Around:
    """What a table says about all of its numbers.

    ``units`` are the ones of a line above the table, one a dimension, each with its cell; ``unclear`` is a line about
    units that can't be understood. ``unit_column`` tells whether rows have a place for their own unit.
    """

    header: Cell
    layout: str
    units: tuple[UnitStated, ...] = ()
    unclear: Cell | None = None
    unit_column: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One number with its labels. ``org_unit_code`` holds when the sheet, not a cell, names the org unit; ``names``
    are the names that stand beside codes and must mean the same.

    ``unit_cell`` states the unit of this row; ``heading_units`` are the ones behind headings of its columns.
    """

    number: Cell
    measure: Cell
    period: Cell
    scenario: Scenario
    around: Around
    org_unit: Cell | None = None
    org_unit_code: str = ""
    names: tuple[Cell, ...] = ()
    unit_cell: Cell | None = None
    heading_units: tuple[UnitStated, ...] = ()

    @property
    def label(self) -> str:
        """The headers of the number from outer to inner."""
        return " / ".join(dict.fromkeys(cell.text.strip() for cell in (self.measure, self.period)))


@dataclass
class TableRead:
    """A recognised table: what it is, its slots, and what is wrong with its frame."""

    found: TableFound
    slots: list[Slot] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    first_row: int = 1

    def __iter__(self) -> Iterator[Slot]:
        return iter(self.slots)
