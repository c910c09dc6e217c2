"""The scheduled runs in the store: what is due is noted once, and done by one owner at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from forecast.schedule.occasions import Days, Newest, Occasion, due
from forecast.schedule.records import OPEN, Attempt, Patience, RuleRecord, ScheduledRun, SchedulerSeen, TaskState
from forecast.schedule.rule_book import newest_snapshot, rules_in_force
from forecast.schedule.verdict import after_attempt, put_back, takeable
from kpi.store import Actor, Store
from kpi.store.forecast_tables import schedule_rule, scheduled_run, scheduler

_PROGRAM = "schedule"


class TaskBook:
    """Scheduled runs. Each method is one transaction by the store's clock; writers queue, so that of two schedulers who
    look at the same moment one is first and the other sees what he did.
    """

    def __init__(self, store: Store, patience: Patience) -> None:
        self.store, self.patience = store, patience

    def runs(self, limit: int) -> list[ScheduledRun]:
        """The last so many, the newest first."""
        query = select(scheduled_run).order_by(scheduled_run.c.id.desc()).limit(limit)
        with self.store.reading() as connection:
            return [_task(row) for row in connection.execute(query).mappings()]

    def note_due(self, days: Days) -> list[ScheduledRun]:
        """Put on record what has become due and is not there yet."""
        with self.store.reading() as connection:
            now = self.store.clock()
            ahead = any(record.since > now for record in rules_in_force(connection))
            if not ahead and not any(_due(connection, now, days)):
                return []
        with self.store.writing(_PROGRAM) as write:
            # A rule given while the clock was fast would otherwise sleep until the clock is there again.
            late = schedule_rule.c.since > write.at
            write.connection.execute(update(schedule_rule).where(late).values(since=write.at))
            newest = newest_snapshot(write.connection)
            found = list(_due(write.connection, write.at, days))
            return [_note(write, record, occasion, newest) for record, occasion in found]

    def take(self, owner: str, place: str) -> ScheduledRun | None:
        """Make ``owner`` the one who does the next run that waits or was left behind; None when there is none.

        He holds the lock of ``place``, the only one there who works.
        """
        with self.store.reading() as connection:
            if not self._takeable(connection, place, self.store.clock()):
                return None
        with self.store.writing(_PROGRAM) as write:
            ready = self._takeable(write.connection, place, write.at)
            if not ready:
                return None
            before, until = ready[0], write.at + self.patience.lease
            started = {"state": TaskState.RUNNING, "owner": owner, "place": place, "lease_until": until}
            after = before.model_copy(update=started | {"started_at": before.started_at or write.at})
            _write(write, after)
            left = before.state is TaskState.RUNNING
            detail = f"attempt {before.attempts + 1}, {place}{', left behind by its scheduler' if left else ''}"
            write.log("schedule.taken", f"scheduled run {after.id}", detail)
            return after

    def renew(self, task: ScheduledRun) -> bool:
        """Keep the run for its owner for another while; False when it is his no more."""
        with self.store.writing(_PROGRAM) as write:
            if not _still_his(write.connection, task):
                return False
            _write(write, task.model_copy(update={"lease_until": write.at + self.patience.lease}))
            return True

    def conclude(self, task: ScheduledRun, attempt: Attempt) -> ScheduledRun | None:
        """What became of the run after an attempt of its owner; None, and no change, when it is his no more."""
        with self.store.writing(_PROGRAM) as write:
            if not _still_his(write.connection, task):
                return None
            after = after_attempt(task, attempt, write.at, self.patience)
            _write(write, after)
            detail = f"exit code {attempt.code}, run {attempt.run_id or '-'}: {attempt.message}"
            write.log(f"schedule.{after.state.value}", f"scheduled run {task.id}", detail)
            return after

    def put_back(self, task: ScheduledRun) -> None:
        """Leave the run to the next scheduler, unless it is another's already."""
        with self.store.writing(_PROGRAM) as write:
            if _still_his(write.connection, task):
                _write(write, put_back(task))
                write.log("schedule.put_back", f"scheduled run {task.id}", "its scheduler was asked to stop")

    def note_seen(self, place: str) -> None:
        """A scheduler of ``place`` is at work. Not audited: it is said all the time and decides nothing."""
        with self.store.writing(_PROGRAM) as write:
            write.connection.execute(delete(scheduler).where(scheduler.c.place == place))
            write.connection.execute(insert(scheduler).values(place=place, seen_at=write.at))

    def seen(self) -> list[SchedulerSeen]:
        """Where schedulers were at work, the last first."""
        query = select(scheduler).order_by(scheduler.c.seen_at.desc(), scheduler.c.place)
        with self.store.reading() as connection:
            return [SchedulerSeen.model_validate(dict(row)) for row in connection.execute(query).mappings()]

    def _takeable(self, connection: Connection, place: str, now: datetime) -> list[ScheduledRun]:
        query = select(scheduled_run).where(scheduled_run.c.state.in_(OPEN)).order_by(scheduled_run.c.id)
        tasks = [_task(row) for row in connection.execute(query).mappings()]
        return [task for task in tasks if takeable(task, place, now, self.patience)]


def _due(connection: Connection, now: datetime, days: Days) -> Iterator[tuple[RuleRecord, Occasion]]:
    """Rules with what is due by them. A rule whose last run is not over waits: what it misses meanwhile is one run."""
    newest = newest_snapshot(connection)
    for record in rules_in_force(connection):
        mine = scheduled_run.c.rule_id == record.id
        if record.paused or _any(connection, mine & scheduled_run.c.state.in_(OPEN)):
            continue
        # Occasions ahead of now came by a clock that was fast: they have had their turn, those before them have not.
        past = select(func.max(scheduled_run.c.due_at)).where(mine, scheduled_run.c.due_at <= now)
        last = connection.execute(past).scalar_one()
        seen = connection.execute(select(func.max(scheduled_run.c.snapshot_id)).where(mine)).scalar_one()
        after = max(filter(None, (last, min(now, record.since))))
        occasion = due(record.rule, after, max(record.since_snapshot, seen or 0), now, newest, days)
        if occasion and not _any(connection, mine & (scheduled_run.c.occasion == occasion.key)):
            yield record, occasion


def _any(connection: Connection, condition: ColumnElement[bool]) -> bool:
    return connection.execute(select(scheduled_run.c.id).where(condition).limit(1)).first() is not None


def _note(write: Actor, record: RuleRecord, occasion: Occasion, newest: Newest | None) -> ScheduledRun:
    values = {"rule_id": record.id, "occasion": occasion.key, "due_at": occasion.at, "not_before": write.at}
    values |= {"snapshot_id": newest.id if newest else None, "state": TaskState.WAITING, "attempts": 0}
    values |= dict.fromkeys(("owner", "place", "run_id", "message"), "")
    row = write.connection.execute(insert(scheduled_run).values(**values).returning(*scheduled_run.c)).mappings().one()
    write.log("schedule.due", f"scheduled run {row['id']}", f"rule {record.id}, {occasion.key}")
    return _task(row)


def _task(row: Any) -> ScheduledRun:  # a row's mapping has no element types
    return ScheduledRun.model_validate(dict(row))


def _still_his(connection: Connection, task: ScheduledRun) -> bool:
    return _any(connection, (scheduled_run.c.id == task.id) & (scheduled_run.c.owner == task.owner))


def _write(write: Actor, task: ScheduledRun) -> None:
    values = task.model_dump(exclude={"id"})
    write.connection.execute(update(scheduled_run).where(scheduled_run.c.id == task.id).values(**values))
