"""A panel file as a stream of raw rows: nothing is judged here but whether the file and its columns can be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kpi.errors import Refused, refuse
from kpi.text import Text

ENDINGS: Final = (".csv", ".parquet")
COLUMNS: Final = ("unique_id", "ds", "y")
_ROWS: Final = 1 << 16
_BYTES: Final = 1 << 20

Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Some rows that follow each other; ``number`` is where each stands in the file, as its readers count."""

    unique_id: pa.Array
    ds: pa.Array
    y: pa.Array
    number: Int64


class Source(Protocol):
    """A file that can be read again and again.

    ``fields`` are those of its columns, ``row`` what its readers call a row; ``as_text`` files write numbers as text.
    """

    fields: dict[str, pa.Field]
    unused: tuple[str, ...]
    row: Text
    as_text: bool

    def rows(self) -> Iterator[Rows]:
        """All rows, from the first. Raises Refused where the file breaks off or is no table."""

    def share(self) -> float:
        """How much of the file the last reading has seen, 0 to 1."""


def open_source(path: Path) -> Source:
    """The reader for a file, by its name. Raises Refused for another ending, another form or missing columns."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise refuse(
            f"{path}：不认识这种扩展名。请用 .csv 或 .parquet 文件。",
            f"{path}: this is not a known ending. Give a file that ends in .csv or .parquet.",
        )
    return ParquetSource(path) if ending == ".parquet" else CsvSource(path)


@contextmanager
def _readable(path: Path, kind: str) -> Iterator[None]:
    """Turns what the library says of a broken file into a refusal."""
    try:
        yield
    except FileNotFoundError as problem:
        raise refuse(f"找不到文件 {path}。", f"there is no file {path}.") from problem
    except (pa.ArrowException, OSError, ValueError) as problem:
        said = " ".join(str(problem).split())
        raise refuse(
            f"{path} 不能作为 {kind} 文件读取：{said}。请重新导出该文件（CSV 须为 UTF-8 编码）。",
            f"{path} cannot be read as a {kind} file: {said}. Export it again (CSV in UTF-8).",
        ) from problem


def _check_columns(path: Path, names: list[str]) -> tuple[str, ...]:
    """The columns that are not used. Raises Refused when one that is needed is missing or there twice."""
    lines = []
    for wanted in COLUMNS:
        count = names.count(wanted)
        if count == 0:
            have = ", ".join(names)
            lines.append(
                Text(
                    zh=f"{path}：缺少列 {wanted}，现有的列：{have}。请改列名；CSV 用逗号分隔，第一行是列名。",
                    en=f"{path}: there is no column {wanted}; there are: {have}. Rename one; a CSV file is separated "
                    "by commas and has the names in its first line.",
                )
            )
        elif count > 1:
            lines.append(
                Text(
                    zh=f"{path}：列 {wanted} 出现了 {count} 次，请只保留一列。",
                    en=f"{path}: column {wanted} is there {count} times. Keep one.",
                )
            )
    if lines:
        raise Refused(Text(zh="\n".join(line.zh for line in lines), en="\n".join(line.en for line in lines)))
    return tuple(name for name in names if name not in COLUMNS)


class ParquetSource:
    """A Parquet file, read batch by batch."""

    row = Text(zh="行", en="row")
    as_text = False

    def __init__(self, path: Path) -> None:
        self.path, self._seen = path, 0
        with self._file() as file:
            schema, self._total = file.schema_arrow, file.metadata.num_rows
        self.unused = _check_columns(path, schema.names)
        self.fields = {name: _plain(schema.field(name)) for name in COLUMNS}

    @contextmanager
    def _file(self) -> Iterator[Any]:
        with _readable(self.path, "Parquet"), pq.ParquetFile(self.path, buffer_size=_BYTES, pre_buffer=False) as file:
            yield file

    def rows(self) -> Iterator[Rows]:
        """See :class:`Source`."""
        self._seen = 0
        with self._file() as file:
            for batch in file.iter_batches(batch_size=_ROWS, columns=list(COLUMNS), use_threads=False):
                ids, ds, y = (batch.column(name).cast(self.fields[name].type) for name in COLUMNS)
                yield Rows(ids, ds, y, np.arange(self._seen + 1, self._seen + 1 + len(batch)))
                self._seen += len(batch)

    def share(self) -> float:
        """See :class:`Source`."""
        return self._seen / max(int(self._total), 1)


def _plain(field: pa.Field) -> pa.Field:
    """A dictionary-encoded column is what it encodes."""
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


class CsvSource:
    """A CSV file with a line of names, read block by block and every column as text, so that nothing is guessed."""

    row = Text(zh="行", en="line")
    as_text = True

    def __init__(self, path: Path) -> None:
        self.path, self._read, self._size = path, 0, 1
        with _readable(path, "CSV"):
            self._size = max(path.stat().st_size, 1)
            skip = pa_csv.ParseOptions(invalid_row_handler=lambda _: "skip")
            with path.open("rb") as file, pa_csv.open_csv(file, parse_options=skip) as reader:
                names = reader.schema.names
        self.unused = _check_columns(path, names)
        self.fields = {name: pa.field(name, pa.string()) for name in COLUMNS}

    def rows(self) -> Iterator[Rows]:
        """See :class:`Source`. Lines of another number of columns are refused, all of a block together."""
        ragged: list[Any] = []

        def note(line: Any) -> str:
            ragged.append(line)
            return "skip"

        next_line = 2
        with _readable(self.path, "CSV"), self.path.open("rb") as file, self._open(file, note) as reader:
            for batch in reader:
                self._read = file.tell()
                if ragged:
                    break
                ids, ds, y = (batch.column(name) for name in COLUMNS)
                yield Rows(ids, ds, y, np.arange(next_line, next_line + len(batch)))
                next_line += len(batch)
        if ragged:
            raise _ragged(self.path, ragged)

    def _open(self, file: Any, note: Any) -> Any:
        return pa_csv.open_csv(
            file,
            pa_csv.ReadOptions(use_threads=False, block_size=_BYTES),
            pa_csv.ParseOptions(invalid_row_handler=note, ignore_empty_lines=False),
            pa_csv.ConvertOptions(
                include_columns=list(COLUMNS),
                column_types=dict.fromkeys(COLUMNS, pa.string()),
                strings_can_be_null=False,
            ),
        )

    def share(self) -> float:
        """See :class:`Source`."""
        return min(self._read / self._size, 1.0)


def _ragged(path: Path, lines: list[Any]) -> Refused:
    shown = lines[:20]
    zh = [f"{path} 第 {line.number} 行有 {line.actual_columns} 列，应为 {line.expected_columns} 列。" for line in shown]
    en = [
        f"{path}, line {line.number}: {line.actual_columns} columns instead of {line.expected_columns}."
        for line in shown
    ]
    remedy = Text(
        zh="请先补齐这些行；含逗号的文字要加双引号。",
        en="Mend these lines first; a text with a comma needs double quotes.",
    )
    return refuse("\n".join([*zh, remedy.zh]), "\n".join([*en, remedy.en]))
