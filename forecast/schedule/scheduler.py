"""Does what is due: one run at a time, whoever else tries, and again after a crash."""

import os
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

from forecast.lock import Busy, RunLock
from forecast.schedule.launch import Launch
from forecast.schedule.occasions import Days
from forecast.schedule.records import Attempt, ScheduledRun, TaskState
from forecast.schedule.rule_book import RuleBook
from forecast.schedule.task_book import TaskBook
from kpi.errors import Refused
from kpi.text import Text

LOOK_SECONDS = 2.0
SEEN_SECONDS = 20.0
_LOCK = ".schedule.lock"
_REFUSED = 2
SETTLE_SECONDS = 1.0
_ENDINGS = {
    TaskState.DONE: Text(zh="完成", en="done"),
    TaskState.FAILED: Text(zh="失败，不再重试", en="failed, and is not tried again"),
    TaskState.REFUSED: Text(zh="被拒绝，不重试", en="was refused, and is not tried again"),
    TaskState.WAITING: Text(zh="失败，将重试", en="failed, and will be tried again"),
}
Say = Callable[[Text], None]


def place_of(data_dir: Path) -> str:
    """The place of a scheduler: machine and data folder, the reach of its lock."""
    return f"{socket.gethostname()}:{data_dir.resolve()}"


class Scheduler:
    """Looks for what is due and does it with ``launch``, until ``stop`` is set.

    One at a time works in a data folder, by a lock that the operating system lets go when its holder ends; the store
    keeps owners of different folders and machines apart.
    """

    def __init__(
        self,
        rules: RuleBook,
        tasks: TaskBook,
        days: Callable[[], Days],
        launch: Launch,
        data_dir: Path,
        say: Say,
        stop: Event,
    ) -> None:
        self.rules, self.tasks, self.days, self.launch, self.say, self.stop = rules, tasks, days, launch, say, stop
        self.lock = data_dir / "runs" / _LOCK
        self.place = place_of(data_dir)
        self.owner = f"{os.getpid()}-{secrets.token_hex(8)}"
        self.seen = _Every(SEEN_SECONDS)
        self.renewed = _Every(tasks.patience.lease.total_seconds() / 4)

    def serve(self) -> None:
        """Look again and again until asked to stop.

        Raises Refused when the first look is refused. Later ones are told and tried again: a store that is away for a
        while must not end the service.
        """
        self._look_once()
        told: Text | None = None
        while not self.stop.wait(LOOK_SECONDS):
            try:
                self._look_once()
                told = None
            except Refused as refusal:
                if refusal.message != told:
                    told = refusal.message
                    self.say(told)

    def _look_once(self) -> None:
        with suppress(Busy):  # another scheduler of this folder is at work; this one is there when it ends
            deque(self.look(), maxlen=0)

    def look(self) -> Iterator[ScheduledRun]:
        """Note what is due, then do all that is ready; yields each run after its attempt. Raises Busy, Refused."""
        self._be_seen()
        for task in self.tasks.note_due(self.days()):
            rule = self.rules.all_rules()[task.rule_id].words
            self._tell(task, Text(zh=f"到期：{rule.zh}", en=f"is due: {rule.en}"))
        with RunLock(self.lock, timeout=0.0):
            while not self.stop.is_set() and (ready := self.tasks.take(self.owner, self.place)):
                after = self._attempt(ready)
                if after is not None:
                    yield after

    def _attempt(self, task: ScheduledRun) -> ScheduledRun | None:
        number = task.attempts + 1
        snapshot = "-" if task.snapshot_id is None else task.snapshot_id
        self._tell(
            task,
            Text(zh=f"开始，快照 {snapshot}，第 {number} 次", en=f"starts, snapshot {snapshot}, attempt {number}"),
        )
        attempt = self.launch(task.snapshot_id, self._reason(task), lambda: self._goes_on(task))
        if self._stopped(attempt):
            self.tasks.put_back(task)
            self._tell(task, Text(zh="放回，等待下次启动", en="is put back until the next start"))
            return None
        after = self.tasks.conclude(task, attempt)
        if after is None:
            self._tell(task, Text(zh="已由另一个调度程序接手", en="was taken over by another scheduler"))
            return None
        said = attempt.run_id or f"{attempt.message} ({attempt.code})"
        ending = _ENDINGS[after.state]
        self._tell(task, Text(zh=f"{ending.zh}:{said}", en=f"{ending.en}: {said}"))
        return after

    def _reason(self, task: ScheduledRun) -> str:
        rule = self.rules.all_rules()[task.rule_id]
        return f"scheduled run {task.id}, {task.occasion}: {rule.words.en}"

    def _goes_on(self, task: ScheduledRun) -> bool:
        """Whether the attempt may go on: nobody asked to stop, and the run is still ours."""
        if self.stop.is_set():
            return False
        self._be_seen()
        return not self.renewed.now() or self.tasks.renew(task)

    def _stopped(self, attempt: Attempt) -> bool:
        """Whether the attempt ended because everything has to: a machine that shuts down may tell the run first."""
        if attempt.code == 0:
            return False
        return self.stop.wait(SETTLE_SECONDS) if attempt.code == _REFUSED else self.stop.is_set()

    def _be_seen(self) -> None:
        if self.seen.now():
            self.tasks.note_seen(self.place)

    def _tell(self, task: ScheduledRun, what: Text) -> None:
        self.say(Text(zh=f"计划运行 {task.id} {what.zh}", en=f"scheduled run {task.id} {what.en}"))


class _Every:
    """Says yes at once and then every so many seconds, by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.last = seconds, -seconds

    def now(self) -> bool:
        """Whether it is time again."""
        now = time.monotonic()
        if self.last >= 0 and now - self.last < self.seconds:
            return False
        self.last = now
        return True
