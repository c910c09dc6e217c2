"""The company tree: head office, branches, departments."""

from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kpi.text import Text


class OrgUnit(BaseModel):
    """A node of the company tree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    kind: Literal["head_office", "branch", "department"]
    parent: str | None = None
    synonyms: tuple[str, ...] = ()


class Organisation(BaseModel):
    """The org units of one company, each parent before its children; exactly one root."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    units: tuple[OrgUnit, ...]

    @model_validator(mode="after")
    def _one_tree(self) -> Self:
        seen: set[str] = set()
        for unit in self.units:
            if unit.code in seen:
                raise ValueError(f"org unit {unit.code} is listed twice")
            if unit.parent is None and seen:
                raise ValueError(f"org unit {unit.code} is a second root: give it a parent")
            if unit.parent is not None and unit.parent not in seen:
                raise ValueError(f"org unit {unit.code}: its parent {unit.parent} must be listed before it")
            seen.add(unit.code)
        if not seen:
            raise ValueError("an organisation has at least one org unit")
        return self

    @cached_property
    def by_code(self) -> dict[str, OrgUnit]:
        """Org unit by code."""
        return {unit.code: unit for unit in self.units}

    @property
    def root(self) -> OrgUnit:
        """The head office."""
        return self.units[0]

    def children(self, code: str) -> tuple[OrgUnit, ...]:
        """The org units directly below ``code``."""
        return self._below.get(code, ())

    @cached_property
    def _below(self) -> dict[str, tuple[OrgUnit, ...]]:
        """The children of every org unit that has any; looked up for each of thousands."""
        families: dict[str, list[OrgUnit]] = {}
        for unit in self.units:
            if unit.parent is not None:
                families.setdefault(unit.parent, []).append(unit)
        return {parent: tuple(units) for parent, units in families.items()}

    def ancestors(self, code: str) -> tuple[OrgUnit, ...]:
        """From the parent of ``code`` up to the head office."""
        above: list[OrgUnit] = []
        parent = self.by_code[code].parent
        while parent is not None:
            above.append(self.by_code[parent])
            parent = above[-1].parent
        return tuple(above)
