"""A clock that is set by hand, and a schedule on it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from forecast.schedule.launch import Launch
from forecast.schedule.occasions import Days
from forecast.schedule.records import Attempt, Patience, ScheduledRun
from forecast.schedule.rule_book import RuleBook
from forecast.schedule.rules import OnCron
from forecast.schedule.scheduler import Scheduler
from forecast.schedule.task_book import TaskBook
from kpi.store import Store
from tests.kpi.store.builders import approve, fact, key

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOURLY = OnCron(line="0 * * * *", zone="Asia/Shanghai")
DAYS = Days()


@dataclass
class HandClock:
    """Shows what it is set to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        """Put it forward, or back."""
        self.now += timedelta(**by)


def approved(store: Store, value: int = 1) -> int:
    """The number of a new snapshot."""
    book = f"book {value}".encode()
    return approve(store, fact(key(), value, book=book), book=book).id


@dataclass
class Launched:
    """In place of a process: ends at once with the next of ``codes`` (then with 0), and remembers what it was asked."""

    codes: list[int] = field(default_factory=list)
    snapshots: list[int | None] = field(default_factory=list)

    def __call__(self, snapshot_id: int | None, reason: str, goes_on: object) -> Attempt:
        self.snapshots.append(snapshot_id)
        code = self.codes.pop(0) if self.codes else 0
        return Attempt(code, run_id="" if code else "a" * 64, message="no" if code else "")


@dataclass
class Office:
    """A store with a schedule, and schedulers that work in folders of it."""

    store: Store
    clock: HandClock
    folder: Path
    patience: Patience = field(default_factory=Patience)
    said: list[str] = field(default_factory=list)

    @property
    def rules(self) -> RuleBook:
        return RuleBook(self.store)

    @property
    def tasks(self) -> TaskBook:
        return TaskBook(self.store, self.patience)

    def scheduler(self, launch: Launch, folder: str = "here", stop: Event | None = None) -> Scheduler:
        """One that works in a folder of this machine."""
        return Scheduler(
            self.rules,
            self.tasks,
            lambda: DAYS,
            launch,
            self.folder / folder,
            lambda what: self.said.append(what.en),
            stop or Event(),
        )

    def look(self, launch: Launch, folder: str = "here") -> list[ScheduledRun]:
        """What a scheduler does when it looks once."""
        return list(self.scheduler(launch, folder).look())
