"""The last step of the ``run`` command, however the run ended: judge the rules, and tell what there is to tell.

Judging is one transaction, in which each new alert is noted for every channel; telling comes after it, and what a
channel took is noted after that. What a process that died in between left is told by the next run: an alert may be told
twice, never not at all. Nothing here changes how the run itself ended, and a step that is refused keeps no later one
from being tried: also that the disk is full should be told.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from forecast.alerts.book import AlertBook
from forecast.alerts.judge import judge
from forecast.alerts.records import AlertRecord, Settled
from forecast.alerts.words import Names
from forecast.folder import OutcomeDiffers
from forecast.lock import RunLock
from forecast.notify.channels import Channel, channels
from forecast.notify.failure import NotTaken
from forecast.notify.message import Message, Outcome, bounded, told
from forecast.progress import Cancelled
from forecast.records import RunRecord
from kpi.catalogue.load import load_catalogue
from kpi.errors import Refused
from kpi.settings import Settings
from kpi.store import Store
from kpi.text import Text

LOCK = ".notices"


@dataclass
class Ending:
    """What the command has learned when it ends; nothing of it need be known."""

    store: Store | None = None
    snapshot_id: int | None = None
    run_id: str = ""
    record: RunRecord | None = None
    computed: bool = False

    @property
    def about(self) -> str:
        """The run for the audit log."""
        return f"run {self.run_id}" if self.run_id else "run that never began"


@contextmanager
def told_at_the_end(
    settings: Settings,
    clock: Callable[[], datetime],
    ways: Callable[[], Sequence[Channel]] | None = None,
) -> Iterator[Ending]:
    """Inside, the command notes what it learns; at its end, good or bad, rules are judged and channels told.

    Under ``torchrun`` only the first worker does so.
    """
    ending = Ending()
    if os.environ.get("RANK", "0") != "0":
        yield ending
        return
    found = ways or (lambda: channels(settings.notify))
    try:
        yield ending
    except Exception as problem:
        _end(settings, ending, clock, found(), problem)
        raise
    _end(settings, ending, clock, found(), None)


def _end(
    settings: Settings,
    ending: Ending,
    clock: Callable[[], datetime],
    ways: Sequence[Channel],
    problem: Exception | None,
) -> None:
    with ExitStack() as alone:
        with _said(settings):
            # One process at a time: two that end together must not both tell what waits to be told.
            alone.enter_context(RunLock(settings.data_dir / "runs" / LOCK))
        store = ending.store
        with _said(settings):
            if store is not None and ending.record is not None:
                _say(_settled_in_words(judge(store, settings, [way.name for way in ways])), settings)
        message = _message(settings, ending, clock(), problem)
        for way in ways:
            _tell(way, message, settings, ending)


@contextmanager
def _said(settings: Settings) -> Iterator[None]:
    """A refusal inside is said, and that is all."""
    try:
        yield
    except Refused as refusal:
        _say(refusal.message, settings)


def _tell(way: Channel, message: Message, settings: Settings, ending: Ending) -> None:
    book = None if ending.store is None else AlertBook(ending.store)
    waiting: list[AlertRecord] = []
    with _said(settings):
        if book is not None:
            found = book.untold(way.name)
            message, waiting = _with(message, found, settings, ending), found
    with _said(settings):
        amiss = _sent(way, bounded(message), book, ending)
        if book is not None:
            book.mark_told(way.name, [each.id for each in waiting], ending.about)
        if amiss:
            _say(Text(zh=f"通知已送达，但：{amiss}。", en=f"told, but: {amiss}."), settings)


def _sent(way: Channel, message: Message, book: AlertBook | None, ending: Ending) -> str:
    try:
        return way.send(message)
    except NotTaken as failure:
        if book is not None:
            book.note_failure(way.name, failure.why, ending.about)
        raise


def _with(message: Message, waiting: Sequence[AlertRecord], settings: Settings, ending: Ending) -> Message:
    organisation = None if ending.store is None else ending.store.organisation()
    if not waiting or organisation is None:
        return message
    names = Names(load_catalogue(settings.catalogue_dir), organisation)
    alerts = told(waiting, names, message.language)
    return message.model_copy(update={"alerts": alerts, "link": _link(settings, "alerts")})


def _message(settings: Settings, ending: Ending, at: datetime, problem: Exception | None) -> Message:
    record = ending.record
    return Message(
        language=settings.language,
        at=at,
        outcome=_outcome(ending, problem),
        run_id=ending.run_id,
        snapshot_id=ending.snapshot_id,
        forecast_digest=record.forecast_digest if record else "",
        detail=_detail(settings, problem),
        link=_link(settings, "runs"),
    )


def _link(settings: Settings, page: str) -> str:
    site = settings.notify.site.rstrip("/")
    return f"{site}/{page}?lang={settings.language}" if site else ""


def _outcome(ending: Ending, problem: Exception | None) -> Outcome:
    match problem:
        case None:
            return Outcome.DONE if ending.computed else Outcome.FOUND
        case Cancelled():
            return Outcome.CANCELLED
        case OutcomeDiffers():
            return Outcome.DIFFERENT
    return Outcome.FAILED


def _detail(settings: Settings, problem: Exception | None) -> str:
    """What a refusal says. Of a bug only its kind: its words may hold anything, and its trace is in the log."""
    if isinstance(problem, Refused | OutcomeDiffers):
        return problem.message.in_(settings.language)
    return "" if problem is None else type(problem).__name__


def _settled_in_words(settled: Settled | None) -> Text:
    if settled is None:
        return Text(
            zh="提醒：最新快照还没有可用于判断的预测。",
            en="alerts: there is no forecast of the newest snapshot to judge by.",
        )
    new, still, over = map(len, (settled.new, settled.still, settled.over))
    return Text(
        zh=f"提醒：新增 {new}，持续 {still}，不再成立 {over}。", en=f"alerts: {new} new, {still} going on, {over} over."
    )


def _say(words: Text, settings: Settings) -> None:
    print(words.in_(settings.language), file=sys.stderr)
