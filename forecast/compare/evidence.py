"""A run as its passport tells it: what went in, by which configuration and code, and what was forecast."""

import csv
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from forecast.inputs import RunInputs
from forecast.past import DAMAGE, KPI_FORECASTS, kpi_forecasts
from forecast.records import KpiForecast
from forecast.track_record import period_of
from kpi.errors import refuse
from kpi.periods import Period
from kpi.scorecard.results import Window

Place = tuple[str, str, Period]
"""KPI, org unit, and a quarter alone or the fiscal year of a landing."""
Level = Mapping[Place, KpiForecast]

START: Final = "weights/initial.safetensors"
_MANIFEST: Final = "manifest.json"
_INPUTS: Final = ("facts.csv", "organisation.json", "catalogue.json", "template.json", "calendar.json")


class _Occasion(BaseModel):
    started_at: datetime
    snapshot_id: int


class _Manifest(BaseModel):
    """What a comparison needs of a manifest, of whatever version."""

    run_id: str
    occasion: _Occasion
    identity: dict[str, str]
    config: dict[str, Any]
    git: dict[str, str | bool] | None = None
    software: dict[str, str] = {}
    machine: dict[str, str] = {}
    device: dict[str, str] = {}
    fingerprint: dict[str, str] = {}
    files: dict[str, str]


@dataclass(frozen=True)
class Evidence:
    """One run. ``seal`` is the SHA-256 of its manifest, which states that of every file; ``start`` holds the weights
    that its training began from."""

    run_id: str
    seal: str
    started_at: datetime
    snapshot_id: int
    identity: Mapping[str, str]
    config: Mapping[str, Any]
    surroundings: Mapping[str, Mapping[str, object]]
    inputs: RunInputs
    forecasts: Level
    start: bytes

    @property
    def code(self) -> str:
        """The hash of the code that computed."""
        return self.identity["code"]

    @property
    def order_free(self) -> bool:
        """Whether the same code gives the same numbers anywhere."""
        return self.identity["numerics"] == "order_free"

    @property
    def periods(self) -> frozenset[Period]:
        """The quarters and years that were forecast."""
        return frozenset(period for _, _, period in self.forecasts)


def places(rows: Iterable[KpiForecast]) -> dict[Place, KpiForecast]:
    """Forecasts by their place: quarters alone and landings, which come once with each quarter of their year."""
    found: dict[Place, KpiForecast] = {}
    for row in rows:
        if row.window in (Window.QUARTER, Window.YEAR):
            found.setdefault((row.kpi, row.org_unit, period_of(row)), row)
    return found


def read_evidence(path: Path) -> Evidence:
    """The run of the passport at ``path``. Raises Refused when it is gone, damaged or was changed."""
    try:
        with zipfile.ZipFile(path) as archive:
            content = archive.read(_MANIFEST)
            manifest = _Manifest.model_validate_json(content)
            files = {
                name: archive.read(name) for name in (*(f"inputs/{name}" for name in _INPUTS), KPI_FORECASTS, START)
            }
        changed = [name for name, held in files.items() if sha256(held).hexdigest() != manifest.files.get(name)]
        if changed:
            raise refuse(
                f"护照 {path} 里的 {'、'.join(changed)} 被改动过，不能用来比较。请用 python -m forecast verify 检查。",
                f"{', '.join(changed)} in the passport {path} was changed, so it cannot be compared. Check it with "
                "python -m forecast verify.",
            )
        forecasts = places(kpi_forecasts(files[KPI_FORECASTS]))
    except (OSError, LookupError, ValueError, ValidationError, csv.Error, *DAMAGE) as problem:
        raise refuse(
            f"无法读取护照 {path}：{problem}。请给出完好的护照文件。",
            f"the passport {path} cannot be read: {problem}. Give one that is whole.",
        ) from problem
    names = ("git", "software", "machine", "device", "fingerprint")
    return Evidence(
        run_id=manifest.run_id,
        seal=sha256(content).hexdigest(),
        started_at=manifest.occasion.started_at,
        snapshot_id=manifest.occasion.snapshot_id,
        identity=manifest.identity,
        config=manifest.config,
        surroundings={name: getattr(manifest, name) or {} for name in names},
        inputs=RunInputs.from_files({name: files[f"inputs/{name}"] for name in _INPUTS}),
        forecasts=forecasts,
        start=files[START],
    )
