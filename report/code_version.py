"""Which product draws: a hash over the sources, words and pinned libraries that a board pack can depend on."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from kpi.settings import ROOT

_ROOMS = ("forecast", "kpi", "report", "data/translations")
_KINDS = {".py", ".css", ".yaml"}
_LIBRARIES = "requirements.lock"


def files_hash(root: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over names below ``root`` and contents of files; their order does not count."""
    hashed = sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        hashed.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return hashed.hexdigest()


@cache
def product_hash(root: Path = ROOT) -> str:
    """The hash of all that; pages are left out, which only ask for a pack."""
    sources = (path for room in _ROOMS for path in (root / room).rglob("*") if path.suffix in _KINDS)
    return files_hash(root, (*sources, *root.glob(_LIBRARIES)))
