"""Columns of pyarrow as what Python and numpy compute with; nothing is made of a value that it is not."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def empty(column: pa.Array) -> Mask:
    """Where a column has nothing, or a text of no length."""
    missing = column.is_null()
    if is_text(column.type):
        missing = pc.or_(missing, pc.fill_null(pc.equal(column, ""), True))
    found: Mask = missing.to_numpy(zero_copy_only=False)
    return found


def python_values(column: pa.Array) -> list[Any]:
    """The values of a column; timestamps to the microsecond, or None where they are finer than that."""
    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    finest = pa.timestamp("us")
    try:
        return list(column.cast(finest).to_pylist())
    except pa.ArrowInvalid:
        whole = column.cast(finest, safe=False)
        exact = whole.cast(column.type, safe=False)
        same = pc.equal(exact, column).to_pylist()
        return [value if kept else None for value, kept in zip(whole.to_pylist(), same, strict=True)]


def doubles(column: pa.Array) -> Floats:
    """The column as doubles; NaN where it holds nothing or no number."""
    if is_text(column.type):
        try:
            values = column.cast(pa.float64())
        except pa.ArrowInvalid:
            number = pc.match_substring_regex(column, _NUMBER)
            values = pc.if_else(number, column, "nan").cast(pa.float64())
    else:
        values = column.cast(pa.float64(), safe=False)
    found: Floats = values.fill_null(float("nan")).to_numpy(zero_copy_only=False)
    return found
