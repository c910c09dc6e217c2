"""States of an interrupted training on disk: safetensors, and a JSON file that says which of them counts.

A state counts once its JSON file has been put in place by a rename; what is damaged counts as not there, and costs
time but never a bit.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from forecast.training.leg import State
from forecast.weights import pack_weights, unpack_weights
from kpi.errors import Refused, refuse


class Checkpoints:
    """The states of one run's legs in ``folder``, written when ``seconds`` have passed since the last."""

    def __init__(self, folder: Path, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder, self.seconds, self.clock = folder, seconds, clock
        self.kept_at = clock()

    @property
    def there(self) -> bool:
        """Whether there is any state to go on from."""
        return any(self.folder.glob("*.json"))

    def recall(self, leg: str) -> State | None:
        """The last state of ``leg`` whose bytes are what its JSON file says."""
        try:
            about = json.loads((self.folder / f"{leg}.json").read_bytes())
            content = (self.folder / about["file"]).read_bytes()
            if sha256(content).hexdigest() != about["sha256"]:
                return None
            return dict(unpack_weights(content))
        except (OSError, ValueError, KeyError, TypeError, Refused):
            return None

    def offer(self, leg: str, state: Callable[[], State]) -> None:
        """Keep it when the time has come."""
        if self.clock() - self.kept_at >= self.seconds:
            self.keep(leg, state())

    def keep(self, leg: str, state: State) -> None:
        """Write the state, then its JSON file, then remove the one before. Raises Refused when the disk will not."""
        content = pack_weights(sorted(state.items()))
        step = int(state["step"][0])
        name = f"{leg}-{step}.safetensors"
        about = {"leg": leg, "step": step, "file": name, "sha256": sha256(content).hexdigest()}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(self.folder / name, content)
            _write(self.folder / f"{leg}.json", json.dumps(about, sort_keys=True).encode())
            for old in self.folder.glob(f"{leg}-*.safetensors"):
                if old.name != name:
                    old.unlink()
        except OSError as problem:
            raise refuse(
                f"无法在 {self.folder} 写入检查点：{problem.strerror}。请检查磁盘空间和写权限。",
                f"a checkpoint cannot be written to {self.folder}: {problem.strerror}. Check the disk space and the "
                "right to write there.",
            ) from problem
        self.kept_at = self.clock()

    def clear(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):  # others' states may be there
            self.folder.parent.rmdir()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, whenever the process or the machine stops."""
    half = path.with_suffix(".part")
    with half.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)
