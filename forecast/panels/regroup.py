"""A panel whose series are scattered over the file, put together again on the disk.

The rows go into pieces by ranges of ``unique_id``, each small enough to be sorted in memory; read one after the other
the pieces give the whole panel sorted by ``unique_id``, whatever the order of its rows was. It takes two more readings
of the file and, for the while, disk space of about the size of its rows beside the output.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as pa_ipc

from forecast.panels.source import COLUMNS, Rows, Source

PIECE: Final = 1_000_000  # rows
_MOST_PIECES: Final = 256  # files that are open together
_SAMPLE_EVERY: Final = 256
_ROWS: Final = 1 << 16


class Regrouped:
    """The same rows as ``source``, sorted by ``unique_id`` and numbered as they were."""

    def __init__(self, source: Source, folder: Path, tell: Callable[[], None], piece: int = PIECE) -> None:
        """Writes the pieces into ``folder``; ``tell`` is called now and then and may raise to end it."""
        self.fields, self.unused, self.row, self.as_text = source.fields, source.unused, source.row, source.as_text
        self._schema = pa.schema([*(self.fields[name] for name in COLUMNS), pa.field("number", pa.int64())])
        borders, self._total = _borders(source, tell, piece)
        self._paths = [folder / f"piece{index}.arrow" for index in range(len(borders) + 1)]
        self._distribute(source, borders, tell)
        self._seen = 0

    def _distribute(self, source: Source, borders: list[Any], tell: Callable[[], None]) -> None:
        with ExitStack() as stack:
            writers = [stack.enter_context(pa_ipc.new_stream(str(path), self._schema)) for path in self._paths]
            for rows in source.rows():
                batch = self._sorted(pa.table(self._columns(rows), schema=self._schema))
                ids = batch.column("unique_id").combine_chunks()
                named = len(ids) - ids.null_count  # rows without an id stand at the end, and go into the last piece
                cuts = [bisect_left(range(named), border, key=lambda at: ids[at].as_py()) for border in borders]
                for writer, (begin, end) in zip(writers, pairwise([0, *cuts, len(ids)]), strict=True):
                    if end > begin:
                        writer.write_table(batch.slice(begin, end - begin))
                tell()

    @staticmethod
    def _columns(rows: Rows) -> list[Any]:
        return [rows.unique_id, rows.ds, rows.y, pa.array(rows.number)]

    @staticmethod
    def _sorted(table: pa.Table) -> pa.Table:
        return table.take(pc.sort_indices(table, sort_keys=[("unique_id", "ascending")]))

    def rows(self) -> Iterator[Rows]:
        """See :class:`forecast.panels.source.Source`."""
        self._seen = 0
        for path in self._paths:
            with pa_ipc.open_stream(str(path)) as stream:
                table = self._sorted(stream.read_all())
            for batch in table.combine_chunks().to_batches(max_chunksize=_ROWS):
                ids, ds, y = (batch.column(name) for name in COLUMNS)
                yield Rows(ids, ds, y, batch.column("number").to_numpy())
                self._seen += len(batch)

    def share(self) -> float:
        """See :class:`forecast.panels.source.Source`."""
        return self._seen / max(self._total, 1)


def _borders(source: Source, tell: Callable[[], None], piece: int) -> tuple[list[Any], int]:
    """Ids that cut the panel into pieces of about ``piece`` rows, by a sample of its rows; and the number of rows."""
    sample: list[Any] = []
    total = 0
    for rows in source.rows():
        sample += [each for each in rows.unique_id[::_SAMPLE_EVERY].to_pylist() if each is not None]
        total += len(rows.unique_id)
        tell()
    sample.sort()
    pieces = min(max(-(-total // piece), 1), _MOST_PIECES)
    return sorted({sample[len(sample) * index // pieces] for index in range(1, pieces)}) if sample else [], total
