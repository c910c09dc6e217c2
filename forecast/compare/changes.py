"""What changed between two runs: data, definitions, configuration, code."""

from enum import StrEnum
from itertools import chain
from typing import Final

from pydantic import BaseModel, ConfigDict

from forecast.compare.evidence import Evidence
from forecast.compare.facts import FactChanges, facts_changed
from forecast.compare.fields import FieldChange, fields_changed

DEFINITIONS: Final = ("catalogue", "template", "organisation", "calendar")
SURROUNDINGS: Final = ("git", "software", "machine", "device")


class Cause(StrEnum):
    """What can move a forecast, in the order in which causes are told."""

    DATA = "data"
    DEFINITIONS = "definitions"
    CONFIGURATION = "configuration"
    CODE = "code"


class Changes(BaseModel):
    """Facts and fields that are not as they were. ``causes`` are those of which anything can move a forecast."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    causes: tuple[Cause, ...]
    facts: FactChanges
    definitions: tuple[FieldChange, ...]
    configuration: tuple[FieldChange, ...]
    code: tuple[FieldChange, ...]


def what_changed(old: Evidence, new: Evidence) -> Changes:
    """The changes from ``old`` to ``new``."""
    pairs = ((name, getattr(old.inputs, name), getattr(new.inputs, name)) for name in DEFINITIONS)
    definitions = chain.from_iterable(
        fields_changed(name, before.model_dump(mode="json"), after.model_dump(mode="json"))
        for name, before, after in pairs
        if before != after
    )
    code = list(fields_changed("code", {"sha256": old.code}, {"sha256": new.code}))
    for name in SURROUNDINGS:
        code += fields_changed(name, old.surroundings[name], new.surroundings[name])
    return Changes(
        causes=causes_of(old, new),
        facts=facts_changed(old.inputs.rows, new.inputs.rows),
        definitions=tuple(definitions),
        configuration=tuple(fields_changed("config", old.config, new.config)),
        code=tuple(code),
    )


def causes_of(old: Evidence, new: Evidence) -> tuple[Cause, ...]:
    """The causes whose digests differ."""
    mine, theirs = old.identity, new.identity
    differ = {
        Cause.DATA: mine["facts"] != theirs["facts"],
        Cause.DEFINITIONS: any(mine[name] != theirs[name] for name in DEFINITIONS),
        Cause.CONFIGURATION: mine["config"] != theirs["config"],
        Cause.CODE: not computed_alike(old, new),
    }
    return tuple(cause for cause, there in differ.items() if there)


def computed_alike(old: Evidence, new: Evidence) -> bool:
    """Whether equal inputs and configurations would have given both runs equal numbers: the same code, and where
    numerics are not free of order the same libraries and arithmetic, too."""
    if old.code != new.code:
        return False
    if old.order_free and new.order_free:
        return True
    names = ("software", "fingerprint", "device")
    return all(old.surroundings[name] == new.surroundings[name] for name in names)
