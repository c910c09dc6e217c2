"""One run of one snapshot: the same inputs twice are the same run, and a half-run is never shown."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from forecast.arithmetic.workers import ALONE
from forecast.calculate import Outcome, Trainer, calculate
from forecast.checkpoints import Checkpoints
from forecast.config import ForecastConfig
from forecast.crew import Crew
from forecast.determinism import Switches
from forecast.device import Device, await_device
from forecast.fingerprint import fingerprint
from forecast.folder import CHECKPOINTS, LOCK, PASSPORT, OutcomeDiffers, RunLog, clear_remains, publish
from forecast.inputs import RunInputs
from forecast.live import Live, Report, attended
from forecast.lock import RunLock
from forecast.manifest import YEARS_KEPT, Identity, Occasion, retained_until
from forecast.passport import seal_of, write_passport
from forecast.progress import Cancelled
from forecast.recipe import NumericsName, Recipe
from forecast.records import RunRecord, RunState
from forecast.training.fit import Fitted, Floats, Mask, Named
from kpi.errors import Refused, refuse
from kpi.text import Language, Text

ONE = Crew(ALONE)
_PASSPORT = Text(zh="写入护照", en="writing the passport")

Progress = Callable[[float, Text], None]


def unsigned(passport: bytes) -> bytes:
    """The passport as it is."""
    return passport


@dataclass(frozen=True)
class Job:
    """A run that is asked for: what goes in, how, on what, and who asks."""

    inputs: RunInputs
    snapshot_id: int
    config: ForecastConfig
    device: Device
    actor: str
    reason: str
    start: Named = ()  # the weights that config.start names
    language: Language = "en"  # of the words left in the ledger
    checkpoint_seconds: float = 10.0  # between two checkpoints of the training
    evidence: Callable[[], Mapping[str, bytes]] = dict  # where the facts came from, for the passport
    sign: Callable[[bytes], bytes] = unsigned  # a passport in, the same with a signature out
    years_kept: int = YEARS_KEPT  # of the passport

    @property
    def identity(self) -> Identity:
        """What makes it the same run as another."""
        return Identity.of(self.inputs, self.config, self.device.kind)


@dataclass(frozen=True, slots=True)
class Answer:
    """The run on record, and whether it was computed now or found."""

    record: RunRecord
    computed: bool


class _Timed:
    """A trainer that notes how many seconds of ``clock`` it took, with all that a GPU had to do in them."""

    def __init__(self, train: Trainer, clock: Callable[[], datetime]) -> None:
        self.train, self.clock, self.seconds = train, clock, 0.0

    def __call__(
        self,
        values: Floats,
        present: Mask,
        recipe: Recipe,
        device: str,
        progress: Callable[[float], None],
        start: Named,
    ) -> Fitted:
        """Train."""
        started = self.clock()
        fitted = self.train(values, present, recipe, device, progress, start)
        await_device(device)
        self.seconds = (self.clock() - started).total_seconds()
        return fitted


def run(
    job: Job,
    ledger: RunLog,
    runs_dir: Path,
    clock: Callable[[], datetime],
    enforce: Callable[[NumericsName], Switches],
    progress: Progress,
    fresh: bool = False,
    crew: Crew = ONE,
) -> Answer:
    """Do ``job`` unless it is done already; ``fresh`` computes again from the first step and compares.

    An interrupted training goes on from its last checkpoint.

    One process at a time computes; the others wait for the lock. The passport is complete in its folder before the
    ledger says DONE, and the ledger's rows come in one transaction with that word.
    Raises OutcomeDiffers, Refused (switches), Cancelled (from ``progress``, or asked for beside the lock).
    """
    run_id = job.identity.run_id
    with RunLock(runs_dir / LOCK, waiting=lambda message: progress(0.0, message)), attended(runs_dir):
        clear_remains(ledger, runs_dir)
        done = _finished(ledger, run_id)
        target = runs_dir / run_id
        if done is not None and not fresh and (target / PASSPORT).exists():
            return Answer(_placed(ledger, done, target), computed=False)
        keeper = Checkpoints(runs_dir / CHECKPOINTS / run_id, job.checkpoint_seconds)
        if fresh:
            keeper.clear()
        train = _Timed(partial(crew.train, keeper=keeper), clock)
        switches = enforce(job.config.numerics)
        started = clock()
        if done is None:
            ledger.begin_run(_record(job, run_id, started))
        report = _report(job, runs_dir, ledger, done, progress)
        with _noted(job, ledger, done, keeper, fresh):
            if keeper.there:
                report(0.0, Text(zh="从检查点继续训练", en="going on from a checkpoint"))
            outcome = calculate(job.inputs, job.config, job.device.name, report, job.start, train)
            report(0.97, _PASSPORT)
            if done is not None:
                _compare(done, outcome)
                if (target / PASSPORT).exists():
                    keeper.clear()
                    progress(1.0, Text(zh="结果相同", en="the same result"))
                    return Answer(_placed(ledger, done, target), computed=True)
            occasion = _occasion(job, started, clock(), crew.size, train.seconds)
            arithmetic = fingerprint(job.device.name)
            passport = write_passport(
                job.inputs, job.config, job.device, switches, arithmetic, outcome, occasion, job.evidence()
            )
            publish(target, job.sign(passport))
            if done is None:
                done = _done(job, run_id, occasion, outcome, target / PASSPORT, seal_of(passport))
                ledger.finish_run(run_id, done, outcome.landings.kpis, outcome.landings.scores)
            else:
                done = _placed(ledger, done, target, seal_of(passport))
        keeper.clear()
    progress(1.0, Text(zh="完成", en="done"))
    return Answer(done, computed=True)


def _placed(ledger: RunLog, done: RunRecord, target: Path, seal: str | None = None) -> RunRecord:
    """The record with the place where the passport lies now, since a data directory may have moved, and with the
    ``seal`` of one that was written anew in place of one that was lost."""
    place = str((target / PASSPORT).resolve())
    placed = done.model_copy(update={"passport": place, "seal": seal or done.seal})
    if placed != done:
        ledger.move_passport(placed)
    return placed


def _finished(ledger: RunLog, run_id: str) -> RunRecord | None:
    record = ledger.run(run_id)
    return record if record is not None and record.state is RunState.DONE else None


def _record(job: Job, run_id: str, started: datetime) -> RunRecord:
    return RunRecord(
        run_id=run_id,
        snapshot_id=job.snapshot_id,
        state=RunState.RUNNING,
        progress=0.0,
        started_at=started,
        started_by=job.actor,
        numerics=job.config.numerics,
        device=job.device.name,
    )


def _occasion(job: Job, started: datetime, finished: datetime, workers: int, seconds: float) -> Occasion:
    local = started.astimezone()
    return Occasion(
        started_by=job.actor,
        reason=job.reason,
        started_at=started,
        finished_at=finished,
        snapshot_id=job.snapshot_id,
        workers=workers,
        training_seconds=seconds,
        started_local=local.isoformat(timespec="seconds"),
        time_zone=local.tzname() or "",
        retain_until=retained_until(finished.date(), job.years_kept),
    )


def _done(job: Job, run_id: str, occasion: Occasion, outcome: Outcome, passport: Path, seal: str) -> RunRecord:
    return _record(job, run_id, occasion.started_at).model_copy(
        update={
            "state": RunState.DONE,
            "progress": 1.0,
            "finished_at": occasion.finished_at,
            "weights_digest": outcome.digests["weights"],
            "forecast_digest": outcome.digests["forecast"],
            "passport": str(passport.resolve()),
            "seal": seal,
        }
    )


def _report(job: Job, runs_dir: Path, ledger: RunLog, done: RunRecord | None, progress: Progress) -> Report:
    """``progress`` for whoever looks, and to the ledger as long as the run is not on record as done."""
    run_id = job.identity.run_id

    def to_ledger(share: float, message: Text) -> None:
        if done is None:
            ledger.update_run(run_id, share, message.in_(job.language))

    live = Live(run_id=run_id, snapshot_id=job.snapshot_id, again=done is not None)
    return Report(runs_dir, live, progress, to_ledger)


@contextmanager
def _noted(job: Job, ledger: RunLog, done: RunRecord | None, keeper: Checkpoints, fresh: bool) -> Iterator[None]:
    """Notes how the run ends if it ends badly, unless it is on record as done."""
    try:
        yield
    except Cancelled as stop:
        if fresh and done is not None:
            keeper.clear()  # comparing again begins from the first step again
        told = stop.adding(_kept(keeper, done))
        if done is None:
            ledger.cancel_run(job.identity.run_id, told.in_(job.language))
        raise told from stop
    except Exception as problem:
        if done is None:
            why = problem.in_(job.language) if isinstance(problem, Refused) else str(problem)
            ledger.fail_run(job.identity.run_id, why)
        raise


def _kept(keeper: Checkpoints, done: RunRecord | None) -> Text:
    """What a cancelled run leaves, and how to go on."""
    if keeper.there:
        return Text(
            zh="训练进度已保留，再次运行会从那里继续。", en="Its training is kept: run it again to go on from there."
        )
    if done is not None:
        return Text(zh="已有结果保持不变。", en="The result on record stands.")
    return Text(zh="还没有训练，再次运行会从头开始。", en="Nothing was trained yet: run it again to begin.")


def _compare(done: RunRecord, outcome: Outcome) -> None:
    for name, before in (("weights", done.weights_digest), ("forecast", done.forecast_digest)):
        now = outcome.digests[name]
        if now != before:
            raise OutcomeDiffers(
                Text(
                    zh=f"重新训练的结果不同：{name} 当时 {before[:16]}，现在 {now[:16]}。原结果保留不变。",
                    en=f"training again gave another result: {name} was {before[:16]} and is now {now[:16]}. "
                    "The result on record is kept.",
                )
            )


def nothing_approved() -> Refused:
    """There is no snapshot yet."""
    return refuse(
        "还没有批准的快照。请先载入工作簿(python -m kpi load FILE)并批准(python -m kpi approve)。",
        "there is no approved snapshot yet. Load a workbook (python -m kpi load FILE) and approve it "
        "(python -m kpi approve) first.",
    )
