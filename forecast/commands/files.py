"""Files that commands are given."""

from pathlib import Path

from kpi.errors import refuse


def read_passport(path: Path) -> bytes:
    """The bytes of a passport. Raises Refused when they cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise refuse(f"无法读取护照 {path}:{problem.strerror}", f"cannot read {path}: {problem.strerror}") from problem
