"""What the schedule keeps: rules, and the runs that they led to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from forecast.schedule.rules import Rule


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleRecord(_Record):
    """A rule in force. What happened up to ``since``, and snapshots up to ``since_snapshot``, do not concern it."""

    id: int
    rule: Rule
    paused: bool
    since: datetime
    since_snapshot: int
    added_at: datetime
    added_by: str


class TaskState(StrEnum):
    """Life of a scheduled run. WAITING for its turn, its first or another; DROPPED with its rule while it waited."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    DROPPED = "dropped"

    @property
    def open(self) -> bool:
        """Whether there is something left to do."""
        return self in OPEN


OPEN = (TaskState.WAITING, TaskState.RUNNING)


class ScheduledRun(_Record):
    """The run of one occasion. ``owner`` has it until ``lease_until``; ``attempts`` counts those that failed."""

    id: int
    rule_id: int
    occasion: str
    due_at: datetime
    snapshot_id: int | None
    state: TaskState
    attempts: int
    not_before: datetime
    owner: str
    place: str
    lease_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    run_id: str
    message: str


class SchedulerSeen(_Record):
    """When a scheduler of a place (machine and data folder) was last at work."""

    place: str
    seen_at: datetime


@dataclass(frozen=True)
class Attempt:
    """How the process of a run ended: its exit code, the run it gave, and what it said last."""

    code: int
    run_id: str = ""
    message: str = ""


@dataclass(frozen=True)
class Patience:
    """How often a run that crashes is tried, how long between, and how long a silent owner keeps it."""

    attempts: int = 3
    wait: timedelta = timedelta(minutes=1)
    lease: timedelta = timedelta(minutes=1)

    def before_attempt(self, number: int) -> timedelta:
        """The wait after ``number`` failed attempts: it doubles, up to an hour (or ``wait``, when that is longer)."""
        longest = max(self.wait, timedelta(hours=1))
        doubled = self.wait
        for _ in range(number - 1):
            doubled = min(doubled * 2, longest)
        return doubled
