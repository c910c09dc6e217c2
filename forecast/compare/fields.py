"""Two trees of plain values beside each other, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from forecast.inputs import canonical_json

_NAMES: Final = ("code", "kpi", "component", "effective_from", "at")


class FieldChange(BaseModel):
    """A field of ``part`` that is not as it was. Values are as JSON spells them, texts bare; None: it was not there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    path: str
    old: str | None
    new: str | None


def fields_changed(part: str, old: Any, new: Any, path: str = "") -> Iterator[FieldChange]:
    """The differences of two values made of mappings, sequences and scalars.

    Objects in a list are known by their code, KPI, component or first day, so that one more among them is one
    difference; lists of anything else are compared whole.
    """
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys()):
            yield from fields_changed(part, old.get(name), new.get(name), f"{path}.{name}" if path else name)
        return
    mine, theirs = _by_name(old), _by_name(new)
    if mine is None or theirs is None:
        yield FieldChange(part=part, path=path, old=_spelt(old), new=_spelt(new))
        return
    yield from fields_changed(part, mine, theirs, path)
    if mine == theirs:
        order = (", ".join(mine), ", ".join(theirs))
        yield FieldChange(part=part, path=f"{path}.*" if path else "*", old=order[0], new=order[1])


def _by_name(value: Any) -> dict[str, Any] | None:
    """The objects of a list by what names them; None for any other value."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    for name in _NAMES:
        if all(isinstance(item, Mapping) and name in item for item in value):
            found = {str(item[name]): item for item in value}
            return found if len(found) == len(value) else None
    return None


def _spelt(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else canonical_json(value)
