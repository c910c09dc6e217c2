"""Garbage: what stays is left out of its collection, and the rest is collected now and then.

The platform would look through all of memory after every run of a page, which costs more than most pages do and more
with each visitor; ``.streamlit/config.toml`` tells it not to. The interpreter's own collection sees objects, not how
much they hold, so a whole one is done once a minute.
"""

import gc
import time
from threading import Lock

from kpi.text import Language
from ui.kept import kept

SECONDS = 60.0


def freeze() -> None:
    """Leave all that is in memory now out of every later collection of garbage, but for what is garbage already.

    That may have been frozen before, as the sessions of visitors were who have gone since: all of it is looked through.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@kept(max_entries=200)
def freeze_once(page: str, language: Language, snapshot_id: int, run_id: str) -> None:
    """Freeze anew after the first run of a page: it has loaded libraries, words and answers that stay."""
    freeze()


class Sweep:
    """Collects garbage, but not again within :data:`SECONDS`, whoever asks."""

    def __init__(self) -> None:
        self._due, self._lock = 0.0, Lock()

    def __call__(self) -> None:
        """Collect if it is time."""
        with self._lock:
            if time.monotonic() < self._due:
                return
            self._due = time.monotonic() + SECONDS
        gc.collect()


sweep = Sweep()
