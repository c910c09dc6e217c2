"""What a layout hands on: every place of a number together with the cells that say what the number is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kpi.facts import Scenario
from kpi.findings import Finding
from kpi.intake.grid import Cell
from kpi.intake.report import TableFound
from kpi.units import Unit


@dataclass(frozen=True, slots=True)
class Slot:
    """One number with its labels. ``org_unit_code`` holds when the sheet, not a cell, names the org unit; ``names``
    are the names that stand beside codes and must mean the same.

    ``unit_cell`` states the unit of this row; ``units`` are the ones stated further away, the nearest first.
    """

    number: Cell
    measure: Cell
    period: Cell
    scenario: Scenario
    org_unit: Cell | None = None
    org_unit_code: str = ""
    names: tuple[Cell, ...] = ()
    unit_cell: Cell | None = None
    units: tuple[Unit, ...] = ()

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
    rows: frozenset[int] = frozenset()

    def blame_once(self, remark: Finding) -> None:
        """Add a finding that several rows may give rise to."""
        if remark not in self.findings:
            self.findings.append(remark)

    def __iter__(self) -> Iterator[Slot]:
        return iter(self.slots)
