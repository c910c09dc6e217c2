"""What every reader gives: the sheets of a workbook, each as its values and what stands beside them."""

from dataclasses import dataclass

from kpi.intake.grid import Raw, Sheet
from kpi.intake.readers.marks import Marks


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
