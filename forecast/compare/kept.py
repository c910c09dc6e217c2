"""Comparisons that were computed, one file a pair of runs, beside the runs."""

import os
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from forecast.compare.comparison import FORMAT, Comparison
from forecast.compare.evidence import Evidence
from kpi.errors import refuse

_FOLDER: Final = ".comparisons"
_LETTERS: Final = 32  # of each run id


def place_of(runs_dir: Path, old: str, new: str) -> Path:
    """Where the comparison of the runs with these ids is kept."""
    return runs_dir / _FOLDER / f"{old[:_LETTERS]}-{new[:_LETTERS]}.json"


def keep(runs_dir: Path, found: Comparison) -> None:
    """Write the whole file, then put it in its place. Raises Refused when that cannot be done."""
    place = place_of(runs_dir, found.old.run_id, found.new.run_id)
    half = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(found.model_dump_json(), encoding="utf-8")
        half.replace(place)
    except OSError as problem:
        raise refuse(
            f"比较结果无法写入 {place}：{problem.strerror}。请检查磁盘空间和写权限。",
            f"the comparison cannot be written to {place}: {problem.strerror}. Check the disk space and the right to "
            "write there.",
        ) from problem


def kept(runs_dir: Path, old: Evidence, new: Evidence) -> Comparison | None:
    """The split comparison of just these passports, by whatever code it was; None where there is none."""
    try:
        found = Comparison.model_validate_json(place_of(runs_dir, old.run_id, new.run_id).read_bytes())
    except (OSError, ValidationError):
        return None
    stated = (found.format, found.old.seal, found.new.seal)
    return found if found.split and stated == (FORMAT, old.seal, new.seal) else None
