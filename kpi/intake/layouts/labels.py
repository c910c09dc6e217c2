"""The label columns of a table: what each is for, by its heading or by what stands in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kpi.intake.grid import Cell
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.lines import is_work
from kpi.intake.layouts.meaning import Meaning, Vocabulary
from kpi.intake.layouts.votes import MOSTLY, are_words, fit, fits, voted
from kpi.intake.layouts.words import DERIVED
from kpi.intake.numbers import read_number
from kpi.intake.period_text import period_of_number, plain, take_period

LABEL_ROLES = frozenset({"code", "measure", "org_code", "org_unit", "period", "scenario", "unit", "note", "part"})
_BY_HEADING = frozenset({"note", "code", "org_code", "unit", "scenario", "period"})
_LOOKED_AT = 400
_LONGEST_SIGN = 3
_CONTRADICTS = 0.8
_ROLE_OF_EMPTY = {"kind": "scenario"}
_NEARLY_ALL = 0.9
_KEYS = frozenset({"measure", "code", "org_unit", "org_code", "period", "text", "scenario", "part"})


@dataclass(frozen=True)
class LabelColumn:
    """One label column. ``text``: words of which no kind prevails, ``aside`` such words right of the numbers, ``part``
    channels, products or the like that narrow a measure down. ``groups``: a label holds for the blank rows below.

    ``by_content``: its heading is unknown, what stands below it tells.
    """

    column: int
    role: str
    heading: Cell | None = None
    groups: bool = False
    by_content: bool = False


def columns_of(frame: Frame, vocabulary: Vocabulary, data_rows: list[int]) -> tuple[list[LabelColumn], list[int]]:
    """The label columns and the columns of numbers of a table."""
    window = frame.window
    rows = data_rows[:_LOOKED_AT]
    bodies: dict[int, list[Cell]] = {}
    for row in rows:
        for cell in window.row(row):
            bodies.setdefault(cell.column, []).append(cell)
    labels: list[LabelColumn] = []
    numbers: list[int] = []
    headed = {cell.column for row in frame.headings for cell in window.row(row)}
    ranks: set[int] = set()
    for column in sorted(headed | bodies.keys()):
        heading = _heading(frame, column, vocabulary)
        meaning = vocabulary.of(heading)
        body = bodies.get(column, [])
        right = any(number not in ranks for number in numbers)
        role: str | None = _ROLE_OF_EMPTY.get(meaning.role, meaning.role)
        if body:
            role = _role(heading, meaning, body, vocabulary, window.is_number, right)
        if role in (None, "", "value"):
            if meaning.scenario in DERIVED:
                ranks.add(column)
            if body or role or meaning.scenario or meaning.is_period:
                numbers.append(column)
            continue
        by_content = heading is not None and meaning.says_nothing and role not in ("text", "note", "aside")
        labels.append(LabelColumn(column, role, heading, by_content=by_content))
    numbers = sorted({*numbers, *_filled_later(frame, data_rows, headed | bodies.keys())})
    labels, numbers = _with_a_name(labels, numbers, bodies, frame, vocabulary)
    labels = _with_periods_beside(labels, numbers, bodies, frame, vocabulary)
    keys = [label for label in labels if label.role in _KEYS]
    return [replace(label, groups=_groups(label, keys, frame, data_rows)) for label in labels], numbers


def _heading(frame: Frame, column: int, vocabulary: Vocabulary) -> Cell | None:
    """The lowest heading of a column; a word for a row of units below the headings is none."""
    cells = [cell for row in reversed(frame.headings) if (cell := frame.sheet.at(row, column)) is not None]
    proper = (cell for cell in cells if vocabulary.of(cell).role != "unit")
    return next(proper, cells[0]) if cells else None


@dataclass(frozen=True)
class _Body:
    """What stands in a column below its heading."""

    cells: list[Cell]
    numbers: int
    texts: list[Cell]
    dates: list[Cell]

    @property
    def mostly_numbers(self) -> bool:
        """Whether numbers prevail over words that are more than a sign for a missing value."""
        words = sum(len(cell.text.strip()) > _LONGEST_SIGN for cell in self.texts)
        return self.numbers > 0 and self.numbers >= words


def _role(
    heading: Cell | None,
    meaning: Meaning,
    cells: list[Cell],
    vocabulary: Vocabulary,
    is_number: Callable[[Cell | None], bool],
    right: bool,
) -> str | None:
    """The role of a column by its heading or else by its content, None when it holds the numbers; ``right``: columns
    of numbers stand to its left."""
    body = _Body(
        cells,
        sum(map(is_number, cells)),
        [cell for cell in cells if isinstance(cell.content, str) and not is_number(cell)],
        [cell for cell in cells if isinstance(cell.content, date)],
    )
    named = meaning.role if meaning.role in LABEL_ROLES else ""
    if meaning.role == "kind" and not _are_names(body, vocabulary):
        named = "scenario"
    if named in _BY_HEADING:
        return named
    if not named and _heads_numbers(meaning, body, right, vocabulary):
        return None
    if not body.texts:
        return _of_numbers(heading, meaning, body, named, right)
    if body.mostly_numbers and not named:
        return None
    return _of_words(heading, body, named, right, vocabulary)


def _are_names(body: _Body, vocabulary: Vocabulary) -> bool:
    """Whether most words below a heading such as 类型 or Basis are no scenarios, so that it heads names."""
    named = sum(fits("scenario", vocabulary.of(cell)) for cell in body.texts)
    return named < len(body.texts) * MOSTLY


def _with_a_name(
    labels: list[LabelColumn], numbers: list[int], bodies: dict[int, list[Cell]], frame: Frame, vocabulary: Vocabulary
) -> tuple[list[LabelColumn], list[int]]:
    """Both kinds of columns, where the only words left of the numbers are names whatever heads them: below Source,
    说明 or Plan too."""
    is_number = frame.window.is_number
    holding = [column for column in numbers if any(map(is_number, bodies.get(column, ())))]
    left = [label for label in labels if not holding or label.column < max(holding)]
    if not holding or any(label.role not in ("note", "unit", "scenario") for label in left):
        return labels, numbers
    of_words = [column for column in numbers if column < holding[0] and column not in holding]
    for column in sorted([*of_words, *(label.column for label in left if label.role != "scenario")]):
        texts = [cell for cell in bodies.get(column, ()) if isinstance(cell.content, str)]
        if not are_words(texts) or fit("unit", texts, vocabulary) >= MOSTLY:
            continue
        chosen, _ = voted(texts, vocabulary)
        if chosen in ("scenario", "unit"):
            continue
        named = LabelColumn(column, chosen, _heading(frame, column, vocabulary), by_content=chosen != "text")
        others = [label for label in labels if label.column != column]
        return sorted([*others, named], key=lambda label: label.column), [one for one in numbers if one != column]
    return labels, numbers


def _with_periods_beside(
    labels: list[LabelColumn], numbers: list[int], bodies: dict[int, list[Cell]], frame: Frame, vocabulary: Vocabulary
) -> list[LabelColumn]:
    """The label columns, where the one whose words are nearly all periods is the periods' wherever it stands, unless
    a period is said elsewhere or the column is one of notes or days of work."""
    headings = [cell for column in numbers if (cell := _heading(frame, column, vocabulary)) is not None]
    said = any(vocabulary.of(cell).parts.says_period for cell in headings)
    above = any(take_period(plain(line.text))[0].says_period for line in (*frame.lines, *frame.outer))
    if said or above or any(label.role == "period" for label in labels):
        return labels
    for label in labels:
        body = bodies.get(label.column, ())
        dated = [cell for cell in body if vocabulary.of(cell).is_period]
        worked_on = label.heading is not None and is_work(label.heading.text)
        if label.role == "aside" and not worked_on and len(dated) > 1 and len(dated) >= len(body) * _NEARLY_ALL:
            period = replace(label, role="period", by_content=True)
            return [period if other is label else other for other in labels]
    return labels


def _of_words(heading: Cell | None, body: _Body, named: str, right: bool, vocabulary: Vocabulary) -> str:
    chosen, share = voted(body.texts, vocabulary)
    if named:
        other = chosen not in ("text", named) and share >= _CONTRADICTS and fit(named, body.texts, vocabulary) == 0
        return chosen if other else named
    if right and chosen != "unit":
        return "aside" if heading is not None and chosen != "org_unit" else "note"
    return chosen


def _heads_numbers(meaning: Meaning, body: _Body, right: bool, vocabulary: Vocabulary) -> bool:
    """Whether a heading is one for numbers, and what stands below it does not speak against that."""
    if not (meaning.scenario or meaning.role == "value" or meaning.is_period):
        return False
    known = any(vocabulary.of(cell).measure or vocabulary.of(cell).org_unit for cell in body.texts)
    return right or body.numbers > 0 or not known


def _of_numbers(heading: Cell | None, meaning: Meaning, body: _Body, named: str, right: bool) -> str | None:
    """The role of a column without words."""
    if body.dates and not body.numbers:
        return "period" if named or not right else "note"
    if _serial(body.cells) and (named or (heading is None and not right)):
        return "note"
    unheaded = heading is None or not (meaning.heads or meaning.measure or meaning.org_unit)
    return "period" if not right and unheaded and _years(body.cells) else None


def _serial(body: list[Cell]) -> bool:
    numbers = [cell.content for cell in body if isinstance(cell.content, Decimal)]
    return (
        len(numbers) >= 2 and len(numbers) == len(body) and numbers == [Decimal(n) for n in range(1, len(numbers) + 1)]
    )


def _years(body: Iterable[Cell]) -> bool:
    numbers = [number.value for cell in body if (number := read_number(cell)) is not None]
    parts = [period_of_number(number) for number in numbers]
    return bool(parts) and all(part is not None and 1990 <= (part.year or 0) <= 2100 for part in parts)


def _filled_later(frame: Frame, data_rows: list[int], known: set[int]) -> set[int]:
    """Columns that hold numbers further down only."""
    values, found = frame.sheet.values, set[int]()
    for row in data_rows[_LOOKED_AT:]:
        line = values[row - 1] if row <= len(values) else ()
        for column in range(frame.window.left, min(frame.window.right, len(line)) + 1):
            if column not in known and column not in found and frame.window.raw_is_number(line[column - 1]):
                found.add(column)
    return found


def _rows_of(frame: Frame, data_rows: list[int], keys: list[LabelColumn]) -> list[int]:
    """The rows with numbers, and the ones with more than one label but only signs for missing numbers."""
    held = set(data_rows)
    columns = [key.column for key in keys]

    def labelled(row: int) -> bool:
        return sum(frame.sheet.cell(row, column) is not None for column in columns) > 1

    return [row for row in frame.body if row in held or (len(held) < _LOOKED_AT * 10 and labelled(row))]


def _groups(label: LabelColumn, keys: list[LabelColumn], frame: Frame, data_rows: list[int]) -> bool:
    """Whether a label stands in the first row of its group only: none comes back within the label to its left, and
    wherever it is blank a label stands to its right."""
    inner = [other.column for other in keys if other.column > label.column]
    sheet = frame.sheet
    rows = _rows_of(frame, data_rows, keys)
    if label not in keys or not inner or not rows or sheet.at(rows[0], label.column) is None:
        return False
    outer_column = max((other.column for other in keys if other.column < label.column), default=0)
    outer = ""
    seen: set[tuple[str, str]] = set()
    blanks = 0
    for row in rows:
        if outer_column and (above := sheet.at(row, outer_column)) is not None:
            outer = above.text
        cell = sheet.cell(row, label.column)
        if cell is None:
            if sheet.at(row, label.column) is None:
                blanks += 1
                if all(sheet.at(row, column) is None for column in inner):
                    return False
        elif (outer, cell.text) in seen:
            return False
        else:
            seen.add((outer, cell.text))
    return blanks > 0
