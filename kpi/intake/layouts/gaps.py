"""What seems to be missing or misspelt among the headings of a table whose measures are known."""

from collections import Counter
from collections.abc import Iterator, Mapping

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.columns import Column
from kpi.intake.layouts.labels import LabelColumn
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.layouts.words import DERIVED, ROLE_NAMES, STORED

_ONCE = frozenset({"unit", "code", "org_code", "scenario"})


class Gaps:
    """The headings of one table under study.

    ``unread`` are the columns whose headings are not understood, ``dropped`` the ones that say what another said.
    """

    def __init__(
        self, columns: list[Column], labels: list[LabelColumn], anchor: Cell, layout: str, vocabulary: Vocabulary
    ) -> None:
        self.columns, self.labels, self.anchor, self.layout = columns, labels, anchor, layout
        self.vocabulary = vocabulary
        self.row_measures = any(label.role in ("measure", "code") for label in labels)
        self.told = Counter(column.said.scenario for column in columns if column.said.scenario in STORED)
        self.unread = {column.column: column for column in columns if self._says_nothing(column)}
        self.dropped: set[int] = set()

    def _says_nothing(self, column: Column) -> bool:
        """Whether rows name the measures and the column's heading is not understood."""
        said = column.said
        if not self.row_measures or said.org_unit or said.total or said.odd or column.blank is not None:
            return False
        roles = {self.vocabulary.of(cell).role for cell in column.headings}
        unsaid = not (said.scenario or said.parts.says_period)
        single = said.parts.cumulative is False
        plain = unsaid and said.unknown is None
        if plain and (single or (said.parts.cumulative is not None and not self.told)):
            return False
        return said.unknown is not None or (unsaid and "value" not in roles)

    def twice(self) -> list[Finding]:
        """Columns that say the same as one before; they are dropped."""
        return [*self._labels_twice(), *self._numbers_twice()]

    def _labels_twice(self) -> Iterator[Finding]:
        """Two columns of units, codes or scenarios: which holds for which number is not clear."""
        seen: dict[str, LabelColumn] = {}
        for label in self.labels:
            first = seen.setdefault(label.role, label)
            if first is not label and label.role in _ONCE and label.heading and first.heading:
                yield finding("column_twice", label.heading, other=first.heading.address)

    def _numbers_twice(self) -> list[Finding]:
        seen: dict[tuple[object, ...], Column] = {}
        blamed: dict[tuple[int, int], Finding] = {}
        for column in self.columns:
            said = column.said
            if column.column in self.unread or column.blank is not None or said.odd or said.total:
                continue
            if said.scenario in DERIVED or not (said.parts.says_period or said.scenario or said.org_unit):
                continue
            labels = tuple(cell.text for cell in said.labels)
            key = (said.parts, said.scenario, said.measure, said.org_unit, labels, said.annual)
            first = seen.setdefault(key, column)
            if first is not column:
                self.dropped.add(column.column)
                at, other = self._apart(column, first)
                code = "duplicate_column" if said.parts.says_period else "column_twice"
                blamed.setdefault((at.row, at.column), finding(code, at, other=other.address))
        return list(blamed.values())

    def _apart(self, column: Column, first: Column) -> tuple[Cell, Cell]:
        """The outermost headings in which two columns differ, else the inner ones."""
        for one, other in zip(column.headings, first.headings, strict=False):
            if one != other:
                return one, other
        return column.inner or self.anchor, first.inner or self.anchor

    def missing(self, numbers: Mapping[int, Cell]) -> list[Finding]:
        """A scenario that a period lacks, a column missing altogether, headings that are not understood; ``numbers``
        has the first number of each column that holds any."""
        return list(self._missing(numbers))

    def _missing(self, numbers: Mapping[int, Cell]) -> Iterator[Finding]:
        for label in self.labels:
            if label.by_content and label.heading:
                yield finding("heading_by_content", label.heading, column=ROLE_NAMES[label.role])
        self.numbers = numbers
        unread = dict(self.unread)
        in_rows = any(label.role == "scenario" for label in self.labels)
        by_period = any(column.said.parts.says_period or column.blank for column in self.columns)
        if in_rows:
            all_unread = all(column.column in unread for column in self.columns)
            yield from self._expect(["value"] if all_unread else [], unread)
        elif self.told and by_period:
            yield from self._pairs(unread)
        elif self.told and self.layout in ("long", "template") and self.row_measures:
            yield from self._expect([role for role in ("actual", "plan") if not self.told[role]], unread)
        for column in unread.values():
            if column.column in numbers:
                yield finding("column_not_read", column.inner or numbers[column.column])

    def _expect(self, missing: list[str], unread: dict[int, Column]) -> Iterator[Finding]:
        """A role that no column has: the first column that is not understood seems to be meant, or it is missing."""
        for role in missing:
            if unread:
                column = unread.pop(next(iter(unread)))
                place = column.inner or Cell(self.anchor.sheet, self.anchor.row, column.column, None)
                yield finding("heading_unknown", place, column=ROLE_NAMES[role])
            else:
                at = self.anchor if self.layout != "wide" else self.columns[0].said.period or self.anchor
                yield finding("missing_column", at, column=ROLE_NAMES[role])

    def _pairs(self, unread: dict[int, Column]) -> Iterator[Finding]:
        """Where periods tell actual from plan, each has to."""
        if not self.told["actual"] or not self.told["plan"]:
            strange = {place: column for place, column in unread.items() if column.said.parts.says_period}
            if strange or self._only_in_words():
                yield from self._expect(["plan" if self.told["actual"] else "actual"], strange)
            return
        groups: dict[object, list[Column]] = {}
        for column in self.columns:  # in the order of the sheet
            said = column.said
            paired = said.scenario in STORED or column.column in unread
            if paired and said.parts.says_period and not said.annual:
                key = (said.parts.year, said.parts.grain, said.parts.ordinal)
                groups.setdefault(key, []).append(column)
        actual = [column.column for column in self.columns if column.said.scenario == "actual"]
        for group in groups.values():
            has = {column.said.scenario for column in group}
            absent = next((role for role in ("actual", "plan") if role not in has), "")
            misread = [column for column in group if column.column in unread]
            if not absent or (absent == "actual" and not misread and group[0].column > max(actual)):
                continue
            if misread:
                unread.pop(misread[0].column)
                yield finding("heading_unknown", misread[0].inner or self.anchor, column=ROLE_NAMES[absent])
                continue
            period = group[0].said.period or self.anchor
            yield finding("missing_plan_column", period, period=period.text, column=ROLE_NAMES[absent])

    def _only_in_words(self) -> bool:
        """Whether under every period one and the same scenario stands in a cell of its own, and nothing beside it: a
        second one is likely to have been taken out."""
        cells = [(column.said.scenario_cell, column.said.period) for column in self.columns]
        return all(scenario and period and scenario != period for scenario, period in cells)
