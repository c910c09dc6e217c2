"""Network weights in the open safetensors layout: a JSON header, then raw little-endian numbers. Never pickle."""

import json
from collections.abc import Sequence
from hashlib import sha256
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.series import canonical_bytes
from kpi.errors import refuse

Floats = NDArray[np.float64]
Weights = Sequence[tuple[str, Floats]]


_TYPES = {"F64": "<f8", "F32": "<f4"}


def pack_weights(weights: Weights, kind: str = "F64") -> bytes:
    """The safetensors bytes of named float64 arrays, in the order given; ``F32`` keeps the nearest float32."""
    header: dict[str, object] = {}
    body = b""
    for name, values in weights:
        data = canonical_bytes(values) if kind == "F64" else canonical_bytes32(values)
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return len(head).to_bytes(8, "little") + head + body


def canonical_bytes32(values: Floats) -> bytes:
    """The nearest little-endian float32. Raises ValueError for what is no finite float32."""
    if not (np.abs(values) <= np.finfo(np.float32).max).all():
        raise ValueError("NaN, infinity or a number too large for float32")
    return (values + 0.0).astype("<f4").tobytes()


def unpack_weights(content: bytes) -> list[tuple[str, Floats]]:
    """What :func:`pack_weights` wrote. Raises Refused when the bytes are not that layout."""
    try:
        size = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + size])
        body = content[8 + size :]
        return [(name, _array(entry, body)) for name, entry in header.items()]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise refuse("权重文件不是 safetensors 格式。", "the weights are not in the safetensors layout.") from problem


def _array(entry: dict[str, Any], body: bytes) -> Floats:
    start, end = entry["data_offsets"]
    stored = np.dtype(_TYPES[entry["dtype"]])
    if end - start != stored.itemsize * prod(entry["shape"]):
        raise ValueError("not of the stated shape")
    return np.frombuffer(body[start:end], dtype=stored).reshape(entry["shape"]).astype(np.float64)


def weights_digest(weights: Weights) -> str:
    """SHA-256 of the packed bytes."""
    return sha256(pack_weights(weights)).hexdigest()
