"""The forecasts of a whole run in little room: a company of two thousand org units has more than a million of them.

Each column lies in one array, numbers as they are and words by their place in a list; a forecast becomes a record again
when somebody asks for its place.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, TypeAdapter

_READ_AGAIN = 4000  # places whose records are kept
_NUMBERS = (float, float | None)

K = TypeVar("K")
M = TypeVar("M", bound=BaseModel)
Rows = Sequence[Sequence[Any]]  # as a database gives them


class _Words:
    """A column of few different words: what each means, and which one stands in which row."""

    def __init__(self, annotation: Any) -> None:  # a type as pydantic takes it
        self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        self._codes: dict[Any, int] = {}
        self.meanings: list[Any] = []
        self.rows = array("i")

    def extend(self, words: Sequence[Any]) -> None:
        """More rows."""
        for word in dict.fromkeys(words):
            if word not in self._codes:
                self._codes[word] = len(self.meanings)
                self.meanings.append(self._adapter.validate_python(word))
        self.rows.extend(map(self._codes.__getitem__, words))

    def at(self, row: int) -> Any:
        """What the row says."""
        return self.meanings[self.rows[row]]


class _Numbers:
    """A column of finite numbers; NaN stands for none."""

    def __init__(self) -> None:
        self.rows = array("d")

    def extend(self, numbers: Sequence[float | None]) -> None:
        """More rows."""
        self.rows.extend([np.nan if number is None else number for number in numbers])

    def at(self, row: int) -> float | None:
        """What the row says."""
        number = self.rows[row]
        return None if np.isnan(number) else number


@dataclass(frozen=True)
class _Sheaf(Generic[M]):
    """The rows of all places: ``order`` puts those of one place together, ``spans`` says from where to where."""

    model: type[M]
    columns: Mapping[str, _Words | _Numbers]
    order: NDArray[np.intp]
    spans: Mapping[Any, tuple[int, int]]

    def records(self, place: Any) -> tuple[M, ...]:
        """What stands at ``place``. Raises KeyError."""
        first, behind = self.spans[place]
        rows = self.order[first:behind].tolist()
        return tuple(
            self.model.model_construct(None, **{name: column.at(row) for name, column in self.columns.items()})
            for row in rows
        )


class Packed(Mapping[K, tuple[M, ...]]):
    """Records of ``model`` by place, those of a place in the order in which they were given; never changes.

    A place is what the field ``key`` says, or the tuple of what the fields of ``key`` say.
    """

    def __init__(self, model: type[M], key: str | tuple[str, ...], parts: Iterable[Rows]) -> None:
        """``parts`` are rows of the model's fields in their order, as many at a time as one likes; numbers in them have
        to be finite. Raises ValueError for rows of another width."""
        columns = {
            name: _Numbers() if field.annotation in _NUMBERS else _Words(field.annotation)
            for name, field in model.model_fields.items()
        }
        for rows in parts:
            for column, values in zip(columns.values(), zip(*rows, strict=True), strict=True):
                column.extend(values)
        order, spans = _sorted([columns[name] for name in ((key,) if isinstance(key, str) else key)])
        self._spans: Mapping[Any, tuple[int, int]] = (
            {place: span for (place,), span in spans.items()} if isinstance(key, str) else spans
        )
        self._records = lru_cache(maxsize=_READ_AGAIN)(_Sheaf(model, columns, order, self._spans).records)

    def __getitem__(self, place: K) -> tuple[M, ...]:
        return self._records(place)

    def __iter__(self) -> Iterator[K]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


def _sorted(keys: Sequence[Any]) -> tuple[NDArray[np.intp], dict[tuple[Any, ...], tuple[int, int]]]:
    """The order that puts rows with equal ``keys`` together, and where each of these begins and ends in it."""
    codes = np.zeros(len(keys[0].rows), np.int64)
    for key in keys:
        codes = codes * max(1, len(key.meanings)) + np.frombuffer(key.rows, np.int32)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    edges = pairwise([*starts.tolist(), len(order)])
    return order, {tuple(key.at(int(order[first])) for key in keys): (first, behind) for first, behind in edges}
