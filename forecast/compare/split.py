"""How far each cause moved a forecast: inputs of the older run are replaced one after the other by those of the newer.

The walk begins at the older run as it is on record. First it is computed again by the code that is here: what this
moves is due to the code. Then its facts are replaced, then its definitions, then its configuration, each time with a
whole computation; what then still parts the result from the newer run on record is due to the code again. Steps that
change nothing are left out, and what a run on record says already is not computed once more. So the parts add up to the
whole move by construction, exactly: every number is taken as the decimal that its shortest spelling says.

A fact that the older definitions have no name for comes in with the newer ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, Inexact
from functools import cached_property
from typing import Final

from pydantic import BaseModel, ConfigDict

from forecast.compare.changes import Cause, computed_alike
from forecast.compare.evidence import Evidence, Level
from forecast.inputs import RunInputs

_EXACT: Final = Context(prec=700, traps=[Inexact])  # room for the difference of any two float64
_ORDER: Final = tuple(Cause)


class Part(BaseModel):
    """What these causes moved together; more than one where a step between them gave no value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    causes: tuple[Cause, ...]
    change: Decimal


@dataclass(frozen=True)
class State:
    """What could be computed: ``inputs`` by the configuration and the first weights of the run ``by``."""

    inputs: RunInputs
    by: Evidence

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The same for what gives the same numbers."""
        return (*self.inputs.digests.values(), self.by.identity["config"])


@dataclass(frozen=True)
class Step:
    """From the level before to another by one cause; ``level`` is None until ``state`` has been computed."""

    cause: Cause
    state: State
    level: Level | None


def walk(old: Evidence, new: Evidence, code: str) -> tuple[Step, ...]:
    """The way from ``old`` to ``new`` for the code with the hash ``code``; the last step ends at ``new`` on record."""
    start, *changes = _stages(old, new)
    end = changes[-1][1] if changes else start[1]
    if len(changes) <= 1 and (computed_alike(old, new) or not changes):
        cause = changes[0][0] if changes else Cause.CODE
        return (Step(cause, end, new.forecasts),)
    known = {run_key(run): run.forecasts for run in (old, new) if run.code == code and run.order_free}
    steps = [Step(cause, state, known.get(state.key)) for cause, state in (start, *changes)]
    if steps[0].level is old.forecasts:
        del steps[0]
    if steps[-1].level is not new.forecasts:
        steps.append(Step(Cause.CODE, end, new.forecasts))
    return tuple(steps)


def run_key(run: Evidence) -> tuple[str, ...]:
    """The key of what ``run`` computed."""
    return State(run.inputs, run).key


def _stages(old: Evidence, new: Evidence) -> list[tuple[Cause, State]]:
    """The states on the way, those left out that are as the one before; the first is the older run's own."""
    have = old.inputs
    measures = have.catalogue.component.keys() | have.catalogue.kpi.keys()
    named = (row for row in new.inputs.rows if row[0] in measures and row[1] in have.organisation.by_code)
    facts = replace(have, rows=tuple(named))
    stages = [(Cause.CODE, State(have, old))]
    for cause, inputs, by in (
        (Cause.DATA, facts, old),
        (Cause.DEFINITIONS, new.inputs, old),
        (Cause.CONFIGURATION, new.inputs, new),
    ):
        state = State(inputs, by)
        if state.key != stages[-1][1].key:
            stages.append((cause, state))
    return stages


def to_compute(steps: Iterable[Step]) -> tuple[State, ...]:
    """What has to be computed, each once."""
    return tuple({step.state.key: step.state for step in steps if step.level is None}.values())


def filled(steps: Iterable[Step], compute: Callable[[State], Level]) -> tuple[Step, ...]:
    """The steps with every level; ``compute`` is called once for each that is missing."""
    steps = tuple(steps)
    levels = {state.key: compute(state) for state in to_compute(steps)}
    return tuple(replace(step, level=levels[step.state.key]) if step.level is None else step for step in steps)


def exact(number: float) -> Decimal:
    """The decimal that the shortest spelling of ``number`` says."""
    return Decimal(repr(number))


def difference(old: float, new: float) -> Decimal:
    """From ``old`` to ``new``, exactly."""
    return _EXACT.subtract(exact(new), exact(old))


def parts(old: float, steps: Sequence[tuple[Cause, float | None]]) -> tuple[Part, ...]:
    """The move from ``old`` over the values of ``steps``, of which the last is a number, by cause.

    Where a step has no value its cause is told together with the next one's. A cause that comes twice has one part.
    """
    found: list[tuple[set[Cause], Decimal]] = []
    waiting: set[Cause] = set()
    at = old
    for cause, value in steps:
        waiting.add(cause)
        if value is not None:
            found.append((waiting, difference(at, value)))
            at, waiting = value, set()
    return tuple(
        Part(causes=tuple(cause for cause in _ORDER if cause in causes), change=change)
        for causes, change in sorted(_joined(found), key=lambda part: min(map(_ORDER.index, part[0])))
    )


def _joined(found: Iterable[tuple[set[Cause], Decimal]]) -> list[tuple[set[Cause], Decimal]]:
    """Parts that share a cause are one."""
    joined: list[tuple[set[Cause], Decimal]] = []
    for causes, change in found:
        shared = [part for part in joined if part[0] & causes]
        joined = [part for part in joined if not part[0] & causes]
        together, moved = causes.union(*(part[0] for part in shared)), change
        for _, more in shared:
            moved = _EXACT.add(moved, more)
        joined.append((together, moved))
    return joined
