"""The forecast as a long file, CSV or Parquet by its name, written block by block."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from forecast.panels.blocks import Block
from forecast.panels.columns import Floats
from forecast.panels.forms import Form
from forecast.panels.source import ENDINGS
from kpi.errors import refuse

_DAYS: Final = 128  # more than any day of the month


class Sink(Protocol):
    """Takes the blocks of a forecast in turn."""

    def write(self, table: pa.Table) -> None:
        """Append these rows."""


def check_ending(path: Path) -> None:
    """Raises Refused for a name that ends in neither .csv nor .parquet."""
    if path.suffix.lower() not in ENDINGS:
        raise refuse(
            f"{path}：不认识这种扩展名。输出文件请以 .csv 或 .parquet 结尾。",
            f"{path}: this is not a known ending. Let the output end in .csv or .parquet.",
        )


@contextmanager
def open_sink(path: Path, ending: str, schema: pa.Schema) -> Iterator[Sink]:
    """A sink into ``path``, of the kind that ``ending`` names."""
    if ending.lower() == ".parquet":
        with pq.ParquetWriter(path, schema) as writer:
            yield _ParquetSink(writer)
    else:
        with path.open("wb") as file:
            file.write((",".join(schema.names) + "\n").encode())
            yield _CsvSink(file)


class _ParquetSink:
    def __init__(self, writer: Any) -> None:
        self.writer = writer

    def write(self, table: pa.Table) -> None:
        self.writer.write_table(table)


class _CsvSink:
    """Quotes around texts only where a block holds one that needs them."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def write(self, table: pa.Table) -> None:
        ids = table.column("unique_id")
        special = not pa.types.is_integer(ids.type) and pc.any(pc.match_substring_regex(ids, '[,"\r\n]')).as_py()
        style = "needed" if special else "none"
        pa_csv.write_csv(table, self.file, pa_csv.WriteOptions(include_header=False, quoting_style=style))


def output_schema(fields: dict[str, pa.Field], columns: list[str]) -> pa.Schema:
    """``unique_id`` and ``ds`` as they came, then numbers."""
    return pa.schema([fields["unique_id"], fields["ds"], *(pa.field(name, pa.float64()) for name in columns)])


def forecast_table(block: Block, form: Form, forecast: Floats, schema: pa.Schema) -> pa.Table:
    """The rows of a block: ``forecast`` is (series, horizon, column), in the order of the schema's numbers."""
    series, horizon, _ = forecast.shape
    newest = block.rows.position[block.start + block.count - 1]
    position = newest[:, None] + form.step * np.arange(1, horizon + 1)
    day = np.repeat(block.day, horizon)
    # Few stamps differ, so each is written once; a stamp as one integer is quicker to sort than as two.
    stamps, which = np.unique(position.ravel() * _DAYS + day, return_inverse=True)
    written = pa.array([form.write(*divmod(stamp, _DAYS)) for stamp in stamps.tolist()], schema.field("ds").type)
    numbers = [pa.array(np.ascontiguousarray(column)) for column in forecast.reshape(series * horizon, -1).T]
    ids = block.unique_id.take(pa.array(np.repeat(np.arange(series), horizon)))
    return pa.table([ids, written.take(pa.array(which.ravel())), *numbers], schema=schema)
