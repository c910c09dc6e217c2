"""From typed rows to blocks of whole series, each in the order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forecast.panels.columns import Floats, Mask
from forecast.panels.forms import MONTH_END
from forecast.panels.reading import Reader, TypedRows
from forecast.panels.source import Int64

_FIRST_LOOK: Final = 1 << 16


class NotGrouped(Exception):
    """The rows of some series do not stand together."""


@dataclass(frozen=True)
class Block:
    """Whole series, one after the other, each in the order of time.

    ``start`` and ``count`` (series,) say which of ``rows`` are whose; ``day`` (series,) is the day of the month on
    which its dates fall, :data:`forecast.panels.forms.MONTH_END` for month ends.
    """

    rows: TypedRows
    start: Int64
    count: Int64
    day: Int64

    def __len__(self) -> int:
        return len(self.start)

    @property
    def unique_id(self) -> pa.Array:
        """The id of each series."""
        return self.rows.unique_id.take(pa.array(self.start))

    def parts(self, most: int) -> Iterator["Block"]:
        """The same series in blocks of at most ``most``."""
        for first in range(0, len(self), most):
            start, count = self.start[first : first + most], self.count[first : first + most]
            begin = int(start[0])
            rows = self.rows.part(begin, int(start[-1] + count[-1]))
            yield Block(rows, start - begin, count, self.day[first : first + most])

    def newest(self, width: int) -> tuple[Floats, Mask]:
        """(series, ``width``) of the newest values, the newest last, and which are there; 0 where none is."""
        back = np.repeat(self.start + self.count, self.count) - np.arange(len(self.rows)) - 1
        kept = back < width
        series = np.repeat(np.arange(len(self)), self.count)[kept]
        column = width - 1 - back[kept]
        values, present = np.zeros((len(self), width)), np.zeros((len(self), width), dtype=np.bool_)
        values[series, column] = self.rows.y[kept]
        present[series, column] = True
        return values, present


class _Seen:
    """Eight bytes for each series seen: enough to notice one that comes back."""

    def __init__(self) -> None:
        self.hashes: list[NDArray[np.uint64]] = []
        self.count, self.look_at = 0, _FIRST_LOOK

    def add(self, ids: pa.Array) -> None:
        """Raises NotGrouped, if not at once then before twice as many were added."""
        hashes = (blake2b(str(each).encode(), digest_size=8).digest() for each in ids.to_pylist())
        self.hashes.append(np.frombuffer(b"".join(hashes), dtype=np.uint64))
        self.count += len(ids)
        if self.count >= self.look_at:
            self.look_at = 2 * self.count
            self.check()

    def check(self) -> None:
        """Raises NotGrouped when any came twice. Two ids of the same hash only cost a needless regrouping."""
        if self.hashes:
            every = np.sort(np.concatenate(self.hashes))
            if bool((every[1:] == every[:-1]).any()):
                raise NotGrouped


def blocks(reader: Reader, *, watch: bool) -> Iterator[Block]:
    """Whole series as they stream by. Raises NotGrouped when a series comes back after another and we ``watch``."""
    seen = _Seen()
    carried: TypedRows | None = None
    for new in reader.typed():
        rows = carried.followed_by(new) if carried is not None else new
        starts = _starts(rows.unique_id)
        if len(starts) == 0:
            continue
        cut = int(starts[-1])  # the last series may go on in the next rows
        carried = rows.part(cut, len(rows))
        if cut:
            block = _block(rows.part(0, cut), starts[:-1])
            if watch:
                seen.add(block.unique_id)
            yield block
    if carried is not None:
        block = _block(carried, np.zeros(1, dtype=np.int64))
        seen.add(block.unique_id)
        yield block
    if watch:
        seen.check()


def _starts(ids: pa.Array) -> Int64:
    """Where a new id begins."""
    if len(ids) == 0:
        return np.zeros(0, dtype=np.int64)
    changes = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.flatnonzero(changes) + 1])


def _block(rows: TypedRows, start: Int64) -> Block:
    count = np.diff(np.append(start, len(rows)))
    series = np.repeat(np.arange(len(start)), count)
    same = series[1:] == series[:-1]
    if bool((same & (np.diff(rows.position) < 0)).any()):
        rows = rows.take(np.lexsort((rows.position, series)))
    ends = np.logical_and.reduceat(rows.last, start)
    return Block(rows, start, count, np.where(ends, MONTH_END, rows.day[start]))
