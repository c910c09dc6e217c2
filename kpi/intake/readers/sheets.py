"""What every reader gives: the sheets of a workbook, each as its values and what stands beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi.intake.grid import Raw, Sheet
from kpi.intake.readers.marks import Marks
from kpi.intake.readers.values import Unreadable, Values, is_vast, refuse_area


@dataclass
class Read:
    """One sheet as it was read."""

    name: str
    values: list[list[Raw]]
    marks: Marks

    def sheet(self) -> Sheet:
        """The sheet for the layers above."""
        marks = self.marks
        return Sheet(
            name=self.name,
            values=self.values,
            merged=tuple(marks.merged),
            hidden=marks.hidden,
            hidden_rows=frozenset(marks.hidden_rows),
            hidden_columns=frozenset(marks.hidden_columns),
            formats=marks.formats,
            uncalculated=frozenset(marks.uncalculated),
            comments=marks.comments,
        )


def read_marked(content: bytes, filename: str, marks: Mapping[str, Marks], epoch_1904: bool) -> list[Read]:
    """The sheets of a workbook of records, values and marks together. Raises Refused when one claims too vast an area,
    Unreadable when values and records don't speak of the same sheets."""
    for name, mark in marks.items():
        if is_vast(mark.last_row, mark.last_column):
            refuse_area(filename, name)
    values = Values(content)
    found = []
    for name, hidden in values.sheets:
        if name not in marks:
            raise Unreadable(f"sheet {name} is listed twice or not at all")
        rows, merged = values.of(name, filename)
        marks[name].merged, marks[name].hidden = merged or marks[name].merged, hidden
        marks[name].correct(rows, epoch_1904)
        found.append(Read(name, rows, marks[name]))
    return found
