"""Who may take a scheduled run, and what becomes of it after an attempt: pure functions."""

from datetime import datetime

from forecast.schedule.records import Attempt, Patience, ScheduledRun, TaskState


def takeable(task: ScheduledRun, place: str, now: datetime, patience: Patience) -> bool:
    """Whether somebody who holds the lock of ``place`` may do it now.

    A run that another owner of the same place left behind is free: the lock says that he is gone. Elsewhere his lease
    has to end first. A time further ahead than anybody would set it was set by a clock that was wrong.
    """
    match task.state:
        case TaskState.WAITING:
            longest = patience.before_attempt(max(1, task.attempts))
            return not now < task.not_before <= now + longest
        case TaskState.RUNNING:
            held = task.lease_until is not None and now < task.lease_until <= now + patience.lease
            return task.place == place or not held
    return False


def after_attempt(task: ScheduledRun, attempt: Attempt, now: datetime, patience: Patience) -> ScheduledRun:
    """The run with its new state. Only a crash is tried again: what was refused would be refused again."""
    end: dict[str, object] = {
        "owner": "",
        "place": "",
        "lease_until": None,
        "run_id": attempt.run_id,
        "message": attempt.message,
    }
    match attempt.code:
        case 0:
            return task.model_copy(update=end | {"state": TaskState.DONE, "finished_at": now})
        case 2 | 3:
            return task.model_copy(update=end | {"state": TaskState.REFUSED, "finished_at": now})
    failed = task.attempts + 1
    end["attempts"] = failed
    if failed >= patience.attempts:
        return task.model_copy(update=end | {"state": TaskState.FAILED, "finished_at": now})
    later = now + patience.before_attempt(failed)
    return task.model_copy(update=end | {"state": TaskState.WAITING, "not_before": later})


def put_back(task: ScheduledRun) -> ScheduledRun:
    """The run as it waits for the next scheduler, when its own had to stop."""
    free = {"owner": "", "place": "", "lease_until": None}
    return task.model_copy(update=free | {"state": TaskState.WAITING})
