"""What stands around the values of a sheet: formats, what is hidden, what a value reader drops."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kpi.intake.grid import Place, Raw
from kpi.intake.readers.styles import Styles

Area = tuple[int, int, int, int]
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Error values by the codes that binary workbooks keep."""


@dataclass
class Marks:
    """What one sheet says beside its values; places are ``(row, column)`` from 1.

    ``instead``: what stands at a place where the value reader says something else. ``dates``: places of numbers that
    are shown as dates.
    """

    formats: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: set[Place] = field(default_factory=set)
    instead: dict[Place, Raw] = field(default_factory=dict)
    dates: set[Place] = field(default_factory=set)
    comments: dict[Place, str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden: bool = False
    last_row: int = 0
    last_column: int = 0

    def show(self, place: Place, style: int, styles: Styles) -> None:
        """Note how the cell at a place is shown, where that says more than digits."""
        if style in styles.codes:
            self.formats[place] = styles.codes[style]
        elif style in styles.dates:
            self.dates.add(place)

    def correct(self, values: list[list[Raw]], epoch_1904: bool) -> None:
        """Put right in ``values`` what the value reader says differently."""
        for (row, column), raw in self.instead.items():
            while len(values) < row:
                values.append([])
            line = values[row - 1]
            line.extend([None] * (column - len(line)))
            line[column - 1] = raw
        for row, column in self.dates:
            line = values[row - 1] if row <= len(values) else []
            number = line[column - 1] if column <= len(line) else None
            if isinstance(number, float) and 1 <= number < 2_958_466:
                line[column - 1] = _date(number, epoch_1904)


def _date(serial: float, epoch_1904: bool) -> datetime:
    if epoch_1904:
        return datetime(1904, 1, 1) + timedelta(serial)  # noqa: DTZ001  (workbooks know no time zone)
    first = datetime(1899, 12, 30) if serial >= 60 else datetime(1899, 12, 31)  # noqa: DTZ001
    return first + timedelta(serial)
