"""Plain values of frozen dataclasses, for those who send them on and change nothing.

What :func:`dataclasses.asdict` gives, without its copying of what cannot change: a table of twenty rows is sent with
every run of a page.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

_FIELDS: dict[type, tuple[str, ...]] = {}
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def as_data(value: Any) -> Any:  # of any kind, and so is what comes of it
    """Dataclasses and mappings as dictionaries, other collections as tuples, all else as it is.

    Tuples, because the platform examines every list for a data frame."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if is_dataclass(kind):
        names = _FIELDS.get(kind) or _FIELDS.setdefault(kind, tuple(field.name for field in fields(kind)))
        return {name: as_data(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {name: as_data(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(as_data(part) for part in value)
    return value
