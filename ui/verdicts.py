"""What a verification from the page found, kept beside the runs: one small file a run."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.verdict import Signed
from kpi.text import Text

_FOLDER = ".verdicts"


class Verdict(BaseModel):
    """The answer of ``python -m forecast verify --json``, as much as a page shows of it, and when it was given."""

    model_config = ConfigDict(frozen=True)

    verdict: Literal["EXACT", "WITHIN TOLERANCE", "DIFFERENT", "CANNOT"]
    message: Text
    differences: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    signatures: tuple[Signed, ...] = ()
    at: datetime


def _place(runs_dir: Path, run_id: str) -> Path:
    return runs_dir / _FOLDER / f"{run_id}.json"


def keep_verdict(runs_dir: Path, run_id: str, document: Any, at: datetime) -> Verdict | None:
    """Keep what a verification printed; None when ``document`` is no verdict."""
    try:
        verdict = Verdict.model_validate(document | {"at": at}) if isinstance(document, dict) else None
    except ValidationError:
        return None
    if verdict is not None:
        place = _place(runs_dir, run_id)
        half = place.with_name(f".{place.name}.{os.getpid()}")
        place.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(verdict.model_dump_json(), encoding="utf-8")
        half.replace(place)
    return verdict


def read_verdict(runs_dir: Path, run_id: str) -> Verdict | None:
    """The last verdict on a run; None when there is none."""
    try:
        return Verdict.model_validate_json(_place(runs_dir, run_id).read_bytes())
    except (OSError, ValidationError):
        return None
