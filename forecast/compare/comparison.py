"""The comparison of two runs as one document."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from forecast.compare.changes import Changes, what_changed
from forecast.compare.evidence import Evidence, Level
from forecast.compare.moves import Alone, Move, alone, first_quarter, moves, what_came
from forecast.compare.split import State, filled, to_compute, walk
from forecast.track_record import Judged
from kpi.errors import refuse
from kpi.periods import Period

FORMAT: Final = "scorecast-comparison-1"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Side(_Model):
    """One of the two runs; ``first`` is the first quarter that it had to forecast, ``seal`` the SHA-256 of its
    passport's manifest."""

    run_id: str
    seal: str
    snapshot_id: int
    started_at: datetime
    first: Period


class Comparison(_Model):
    """What changed from ``old`` to ``new``, how the forecasts moved, and what the older run said of what came since.

    ``computations`` is how many whole computations a split takes beyond what is on record; ``split`` whether the moves
    are split, by the code with the hash ``code``.
    """

    format: str = FORMAT
    old: Side
    new: Side
    code: str
    computations: int
    split: bool
    changes: Changes
    moves: tuple[Move, ...]
    came: tuple[Judged, ...]
    alone: tuple[Alone, ...]


def compare(old: Evidence, new: Evidence, code: str, compute: Callable[[State], Level] | None = None) -> Comparison:
    """The two runs beside each other, for the code with the hash ``code``.

    Moves are split by causes when ``compute`` is given, or when nothing has to be computed for it. Raises Refused for
    a run beside itself.
    """
    if old.run_id == new.run_id:
        raise refuse(
            f"两次给出的是同一个运行 {old.run_id[:16]}，没有可比较的内容。请给出另一个运行。",
            f"both are the run {old.run_id[:16]}, so there is nothing to compare. Name another one.",
        )
    steps = walk(old, new, code)
    computations = len(to_compute(steps))
    if compute is not None:
        steps = filled(steps, compute)
    split = not to_compute(steps)
    came = what_came(old, new)
    return Comparison(
        old=_side(old),
        new=_side(new),
        code=code,
        computations=computations,
        split=split,
        changes=what_changed(old, new),
        moves=moves(old, new, steps if split else None),
        came=came,
        alone=alone(old, new, came),
    )


def _side(run: Evidence) -> Side:
    return Side(
        run_id=run.run_id,
        seal=run.seal,
        snapshot_id=run.snapshot_id,
        started_at=run.started_at,
        first=first_quarter(run.forecasts),
    )
