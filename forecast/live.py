"""What a run says of itself while it computes, to whoever looks, and how anybody asks it to stop.

Two small files beside the lock: its holder writes the one and heeds the other, so that it does not matter which
process, user or page started the run. Needs no torch.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.pace import Pace, left_in_words
from forecast.progress import Cancelled, Throttled
from kpi.errors import refuse
from kpi.text import Text

_LIVE = ".live.json"
_CANCEL = ".cancel"
_TELL_SECONDS = 1.0


class Live(BaseModel):
    """How far the run is that computes now. ``again`` when it is on record already and is compared with that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    snapshot_id: int
    again: bool
    share: float = 0.0
    stage: Text = Text(zh="准备中", en="getting ready")
    seconds_left: float | None = None

    @property
    def words(self) -> Text:
        """The stage, and the time it will still take where that can be said."""
        if self.seconds_left is None or self.share >= 1.0:
            return self.stage
        left = left_in_words(self.seconds_left)
        return Text(zh=f"{self.stage.zh}，{left.zh}", en=f"{self.stage.en}, {left.en}")


def read_live(runs_dir: Path) -> Live | None:
    """What the run that computes now said last; None when none does or it has not said anything yet."""
    try:
        return Live.model_validate_json((runs_dir / _LIVE).read_bytes())
    except (OSError, ValidationError):
        return None


def ask_to_cancel(runs_dir: Path) -> None:
    """Ask the run that computes now to stop. Raises Refused when the folder cannot be written."""
    try:
        (runs_dir / _CANCEL).touch()
    except OSError as problem:
        raise refuse(
            f"无法写入 {runs_dir}:{problem.strerror}，因此不能取消。",
            f"cannot write to {runs_dir}: {problem.strerror}, so the run cannot be cancelled.",
        ) from problem


def cancel_asked(runs_dir: Path) -> bool:
    """Whether somebody did, and the run has not stopped yet."""
    return (runs_dir / _CANCEL).exists()


def clear_live(runs_dir: Path) -> None:
    """Forget what was said and asked; only the holder of the lock may."""
    for name in (_LIVE, _CANCEL):
        with suppress(PermissionError):  # Windows, while somebody reads it; the next holder clears again
            (runs_dir / name).unlink(missing_ok=True)


@contextmanager
def attended(runs_dir: Path) -> Iterator[None]:
    """Inside, what is said and asked is of the run of the holder of the lock; nothing of it is left afterwards."""
    clear_live(runs_dir)
    try:
        yield
    finally:
        clear_live(runs_dir)


class Report:
    """Passes progress on: to ``progress`` at each call, to the file and to ``ledger`` once a second.

    Raises Cancelled once somebody asked for it, unless all is done; what ``progress`` raises passes through.
    """

    def __init__(
        self,
        runs_dir: Path,
        live: Live,
        progress: Callable[[float, Text], None],
        ledger: Callable[[float, Text], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.runs_dir, self.live, self.progress, self.ledger, self.clock = runs_dir, live, progress, ledger, clock
        self.pace = Pace()
        self.tell = Throttled(self._tell, _TELL_SECONDS, clock)

    def __call__(self, share: float, message: Text) -> None:
        """``share`` (0 to 1) is done, and ``message`` goes on."""
        if share < 1.0 and cancel_asked(self.runs_dir):
            raise Cancelled.by(Text(zh="请求", en="request"))
        self.progress(share, message)
        left = self.pace.left(self.clock(), share)
        self.live = self.live.model_copy(update={"share": share, "stage": message, "seconds_left": left})
        self.tell(share, message)

    def _tell(self, share: float, message: Text) -> None:
        self.ledger(share, message)
        half = self.runs_dir / f"{_LIVE}.part"
        with suppress(OSError):  # whoever reads it just now may keep it from being replaced; the next word will do
            half.write_text(self.live.model_dump_json(), encoding="utf-8")
            half.replace(self.runs_dir / _LIVE)
