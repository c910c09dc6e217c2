"""From raw rows to typed ones: each value judged on its own, each problem put into words with its place."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pyarrow as pa

from forecast.panels.columns import Floats, Mask, doubles, empty, is_text, python_values
from forecast.panels.forms import TEXT_FORMS, Dates, Form, Integers, form_of
from forecast.panels.problems import Problems
from forecast.panels.source import Int64, Rows, Source
from kpi.errors import refuse
from kpi.text import Text

_ANY_FORM: Final = Text(
    zh="整数、2026-09-30 这样的日期或 2026Q3 这样的季度",
    en="an integer, a date such as 2026-09-30 or a quarter such as 2026Q3",
)


@dataclass(frozen=True)
class TypedRows:
    """Rows whose ``ds`` is a stamp (:mod:`forecast.panels.forms`); ``sound`` is False where it could not be read."""

    unique_id: pa.Array
    position: Int64
    day: Int64
    last: Mask
    y: Floats
    number: Int64
    sound: Mask

    def __len__(self) -> int:
        return len(self.position)

    def take(self, rows: Int64) -> "TypedRows":
        """These rows in this order."""
        chosen = pa.array(rows)
        return TypedRows(self.unique_id.take(chosen), *(getattr(self, name)[rows] for name in _ARRAYS))

    def part(self, begin: int, end: int) -> "TypedRows":
        """The rows from ``begin`` up to ``end``, not copied."""
        return TypedRows(self.unique_id[begin:end], *(getattr(self, name)[begin:end] for name in _ARRAYS))

    def followed_by(self, other: "TypedRows") -> "TypedRows":
        """These rows, then the others."""
        ids = pa.concat_arrays([self.unique_id, other.unique_id])
        return TypedRows(ids, *(np.concatenate([getattr(self, n), getattr(other, n)]) for n in _ARRAYS))


_ARRAYS: Final = tuple(field.name for field in fields(TypedRows))[1:]


class Reader:
    """Types the rows of a source. The first ``ds`` that can be read says how all of them must be written."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.source, self.problems = source, problems
        self.form: Form | None = None
        self.forms = _forms_for(source.fields["ds"])
        _check_types(source)

    def typed(self) -> Iterator[TypedRows]:
        """All rows with a ``unique_id``, typed; problems are noted on the way."""
        for raw in self.source.rows():
            rows = self._named(raw)
            position, day, last, sound = self._stamps(rows)
            yield TypedRows(rows.unique_id, position, day, last, self._numbers(rows), rows.number, sound)

    def place(self, number: int, unique_id: object, ds: object) -> Text:
        """Where a row stands, in words."""
        row = self.source.row
        return Text(
            zh=f"第 {number} {row.zh}（unique_id {unique_id}，ds {ds}）",
            en=f"{row.en} {number}, unique_id {unique_id}, ds {ds}",
        )

    def _named(self, rows: Rows) -> Rows:
        """The rows with an id. Lines of a CSV file with nothing in them are passed over."""
        nameless = empty(rows.unique_id)
        if not nameless.any():
            return rows
        blank = nameless & empty(rows.ds) & empty(rows.y) & self.source.as_text
        self._note(
            rows,
            nameless & ~blank,
            lambda _: Text(zh="unique_id 为空。请填写序列的名称。", en="unique_id is empty. Write the series' name."),
        )
        ids, ds, y = (column.filter(pa.array(~nameless)) for column in (rows.unique_id, rows.ds, rows.y))
        return Rows(ids, ds, y, rows.number[~nameless])

    def _stamps(self, rows: Rows) -> tuple[Int64, Int64, Mask, Mask]:
        """Position, day, last and sound of each row. Each value that occurs is read once a batch."""
        encoded = rows.ds.dictionary_encode()
        values = python_values(encoded.dictionary)
        if self.form is None:
            told = (value for value in values if value is not None)
            self.form = next((form for value in told if (form := form_of(value, self.forms))), None)
        read = [self.form.read(value) if self.form and value is not None else None for value in values]
        read.append(None)  # what an empty ds points to
        index = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
        table = np.array([stamp or (0, 0, False) for stamp in read], dtype=np.int64)
        known = np.array([stamp is not None for stamp in read])
        position, day, last = table[index].T
        sound = known[index]
        self._note(rows, ~sound, self._why_unread)
        return position, day, last.astype(np.bool_), sound

    def _why_unread(self, value: object) -> Text:
        if value is None or value == "":
            return Text(zh="ds 为空。请写出季度。", en="ds is empty. Write its quarter.")
        if self.form is None:
            return Text(
                zh=f"ds 无法识别。请写成{_ANY_FORM.zh}。", en=f"this ds is not understood. Write {_ANY_FORM.en}."
            )
        other = form_of(value, self.forms)
        name = self.form.name
        if other is None:
            return Text(zh=f"ds 不是{name.zh}。请改正。", en=f"ds is not {name.en}. Correct it.")
        return Text(
            zh=f"ds 是{other.name.zh}，而文件开头用的是{name.zh}。请全部用同一种写法。",
            en=f"ds is {other.name.en}, but the file began with {name.en}. Write all in one way.",
        )

    def _numbers(self, rows: Rows) -> Floats:
        """The nearest double of each ``y``; 0 where there is none, which is noted."""
        y = doubles(rows.y)
        values: Floats = np.where(np.isfinite(y), y, 0.0) + 0.0
        bad = ~np.isfinite(y)
        if bad.any():
            found = rows.y.filter(pa.array(bad)).slice(0, max(self.problems.room, 0)).to_pylist()
            said = iter(found)
            self._note(rows, bad, lambda _: _why_no_number(next(said)))
        return values

    def _note(self, rows: Rows, bad: Mask, why: Any) -> None:
        """A problem for each bad row; ``why`` puts it into words from the row's ``ds``."""
        at = np.flatnonzero(bad)
        told = at[: max(self.problems.room, 0)]
        for index in told.tolist():
            ds = rows.ds[index].as_py()
            place = self.place(int(rows.number[index]), rows.unique_id[index].as_py(), ds)
            reason = why(ds)
            self.problems.add(f"{place.zh}：{reason.zh}", f"{place.en}: {reason.en}")
        self.problems.add_untold(len(at) - len(told))


def _check_types(source: Source) -> None:
    """Raises Refused for columns of types that hold no id or number."""
    id_type, y_type = source.fields["unique_id"].type, source.fields["y"].type
    if not (is_text(id_type) or pa.types.is_integer(id_type)):
        raise refuse(
            f"列 unique_id 的类型是 {id_type}，应为文字或整数。请转换后重新导出。",
            f"column unique_id is of type {id_type}, not text or integers. Convert it and export again.",
        )
    number = pa.types.is_integer(y_type) or pa.types.is_floating(y_type) or pa.types.is_decimal(y_type)
    if not (number or source.as_text):
        raise refuse(
            f"列 y 的类型是 {y_type}，应为数字。请转换后重新导出。",
            f"column y is of type {y_type}, not numbers. Convert it and export again.",
        )


def _forms_for(field: pa.Field) -> tuple[Form, ...]:
    """The forms that a column of this type may have. Raises Refused when there is none."""
    kind = field.type
    extended = b"ARROW:extension:name" in (field.metadata or {})  # integers that stand for something else
    if is_text(kind):
        return TEXT_FORMS
    if pa.types.is_integer(kind) and not extended:
        bits = kind.bit_width - (not pa.types.is_unsigned_integer(kind))
        return (Integers(as_text=False, highest=min(2**bits - 1, 2**53)),)
    if pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None):
        return (Dates(timestamps=pa.types.is_timestamp(kind)),)
    raise refuse(
        f"列 ds 的类型是 {kind}，应为{_ANY_FORM.zh}，不带时区。请转换后重新导出。",
        f"column ds is of type {kind}. Store {_ANY_FORM.en}, without a time zone.",
    )


def _why_no_number(value: object) -> Text:
    if value is None or value == "":
        return Text(
            zh="y 为空。请补上数值；序列可以晚开始，但中间不能缺。",
            en="y is empty. Write its value: a series may begin later, but has no holes.",
        )
    return Text(
        zh=f"y 是“{value}”，不是有限的数。请写成 1234.5 这样的数字，不带千分位和单位。",
        en=f"y is {str(value)!r}, not a finite number. Write digits such as 1234.5, no thousands separator, no unit.",
    )
