"""What a layout hands on: every place of a number together with what its headings, labels and lines say of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kpi.findings import Finding
from kpi.intake.grid import Cell
from kpi.intake.names import MeasureName
from kpi.intake.period_text import NOTHING, PeriodParts
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


@dataclass(slots=True)
class Slot:
    """One number with its labels.

    ``measure`` and ``period`` are the cells to point at. ``known`` is what the labels name in the catalogue;
    ``ambiguous`` when a label that nothing is known by stands beside it. ``scenario`` is ``actual``, ``plan``,
    ``restated``, ``prior_year``, ``forecast``, a derived figure, or empty when nothing says it.
    ``org_unit_code`` holds when the sheet or a heading, not a cell of the row, names the org unit; ``names`` are the
    names beside codes and must mean the same.
    ``heading`` is the text over the column. ``listed``: a total, or under a heading not understood.
    ``unit_cell`` states the unit of this row; ``heading_units`` are the ones behind headings of its columns.
    """

    number: Cell
    measure: Cell
    period: Cell
    around: Around
    label: str
    known: MeasureName | None = None
    parts: PeriodParts = NOTHING
    scenario: str = ""
    org_unit: Cell | None = None
    org_unit_code: str = ""
    names: tuple[Cell, ...] = ()
    unit_cell: Cell | None = None
    heading_units: tuple[UnitStated, ...] = ()
    listed: bool = False
    odd_period: bool = False
    heading: str = ""


@dataclass
class TableRead:
    """A recognised table: what it is, its slots, and what is wrong with its frame.

    ``strange``: none of its measures is in the catalogue, so nothing of it is asked for.
    """

    found: TableFound
    slots: list[Slot] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    first_row: int = 1
    last_row: int = 1
    strange: bool = False
    roles: dict[tuple[int, int], str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Slot]:
        return iter(self.slots)
