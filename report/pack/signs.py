"""Which characters a document can hold, whatever file it is drawn in."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What neither XML nor a database can hold, and what would reorder or hide text; line ends and tabs stay.
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def fit(text: str) -> str:
    """``text`` with one kind of line end, and ``?`` for what is no character of a document."""
    return _UNFIT.sub("?", _LINE_END.sub("\n", text))


def all_fit(found: Any) -> Any:  # whatever a model is made of
    """``found`` with every plain text in it as :func:`fit` has it, also inside of dictionaries, tuples and cells."""
    if type(found) is str:
        return fit(found)
    if isinstance(found, dict):
        return {all_fit(name): all_fit(value) for name, value in found.items()}
    if isinstance(found, tuple):
        return tuple(map(all_fit, found))
    if is_dataclass(found) and not isinstance(found, type):
        return replace(found, **{each.name: all_fit(getattr(found, each.name)) for each in fields(found)})
    return found
