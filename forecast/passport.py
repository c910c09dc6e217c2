"""The passport: one stored zip with everything needed to rerun a run and to judge it.

Apart from the times in ``manifest.json`` its bytes follow from the run alone.
"""

import io
import json
import lzma
import platform
import struct
import zipfile
import zlib
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.backtest import in_words
from forecast.calculate import Outcome
from forecast.choice import BY_NETWORK
from forecast.code_version import code_hash, git_state
from forecast.config import ForecastConfig
from forecast.determinism import Switches
from forecast.device import Device
from forecast.draws import VERSION as DRAWS
from forecast.fingerprint import Fingerprint
from forecast.inputs import RunInputs, canonical_json
from forecast.record_files import backtest_csv, rates_csv, reconciliation_csv, series_record_csv, why_csv
from forecast.results import forecast_csv, kpi_csv, score_csv
from forecast.weights import pack_weights
from forecast.words import reconciliation_in_words
from kpi.errors import refuse

FORMAT: Final = "scorecast-passport-2"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
# What zipfile and the decompressors it calls raise over damaged bytes.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,  # with NotImplementedError
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Identity(_Model):
    """What makes a run the run it is; the run id is the hash of this."""

    facts: str
    organisation: str
    catalogue: str
    template: str
    calendar: str
    config: str
    code: str
    numerics: str
    device_kind: str

    @property
    def run_id(self) -> str:
        """SHA-256 of the canonical JSON."""
        return sha256(canonical_json(self.model_dump()).encode()).hexdigest()

    @classmethod
    def of(cls, inputs: RunInputs, config: ForecastConfig, device_kind: str) -> "Identity":
        """The identity of a run with the code installed here. Order-free numbers are the same on any device."""
        device_kind = "any" if config.numerics == "order_free" else device_kind
        return cls(
            **inputs.digests, config=config.digest, code=code_hash(), numerics=config.numerics, device_kind=device_kind
        )


class Occasion(_Model):
    """Who asked for the run, when (UTC) and why, and how it was done; ``training_seconds`` is by the clock."""

    started_by: str
    reason: str
    started_at: datetime
    finished_at: datetime
    snapshot_id: int
    workers: int = 1
    training_seconds: float | None = None


class Manifest(_Model):
    """The first page of a passport. ``files`` maps every other file to its SHA-256."""

    format: str
    run_id: str
    occasion: Occasion
    identity: Identity
    config: ForecastConfig
    git: dict[str, str | bool] | None
    software: dict[str, str]
    machine: dict[str, str]
    device: dict[str, str]
    switches: dict[str, str | int | bool | None]
    fingerprint: Fingerprint = {}
    digests: dict[str, str]
    training: dict[str, Any]
    files: dict[str, str]


def software() -> dict[str, str]:
    """Versions of what computes."""
    names = ("torch", "numpy", "pydantic")
    return {"python": platform.python_version(), "draws": DRAWS} | {name: version(name) for name in names}


def machine() -> dict[str, str]:
    """What kind of computer this is."""
    return {
        "system": platform.platform(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "libc": "-".join(platform.libc_ver()),
    }


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        return platform.processor()


def write_passport(
    inputs: RunInputs,
    config: ForecastConfig,
    device: Device,
    switches: Switches,
    arithmetic: Fingerprint,
    outcome: Outcome,
    occasion: Occasion,
) -> bytes:
    """The zip. ``arithmetic`` is the fingerprint of the machine that computed ``outcome``."""
    files = {f"inputs/{name}": content for name, content in inputs.files().items()}
    files |= outcome_files(outcome, config)
    identity = Identity.of(inputs, config, device.kind)
    manifest = Manifest(
        format=FORMAT,
        run_id=identity.run_id,
        occasion=occasion,
        identity=identity,
        config=config,
        git=git_state(),
        software=software(),
        machine=machine(),
        device={"name": device.name, "reason": device.reason.en, "reason_zh": device.reason.zh} | device.facts,
        switches=switches,
        fingerprint=arithmetic,
        digests=outcome.digests,
        training=training_record(outcome),
        files={name: sha256(content).hexdigest() for name, content in sorted(files.items())},
    )
    text = json.dumps(manifest.model_dump(mode="json"), sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    files[MANIFEST] = text.encode()
    files[SEAL] = f"{sha256(files[MANIFEST]).hexdigest()}  {MANIFEST}\n".encode()
    return pack(files)


def outcome_files(outcome: Outcome, config: ForecastConfig) -> dict[str, bytes]:
    """What a run computed, as files by name."""
    return {
        "inputs/panel.csv": outcome.panel.csv().encode(),
        "weights/initial.safetensors": pack_weights(outcome.fitted.initial_weights),
        "weights/final.safetensors": pack_weights(outcome.fitted.weights),
        "results/forecast.csv": forecast_csv(outcome.panel, outcome.paths, config).encode(),
        "results/series.csv": series_record_csv(outcome.panel, outcome.choices).encode(),
        "results/backtest.csv": backtest_csv(outcome.backtest).encode(),
        "results/reconciliation.csv": reconciliation_csv(outcome.trial).encode(),
        "results/rates.csv": rates_csv(outcome.rates).encode(),
        "results/why.csv": why_csv(outcome.panel, outcome.choices, outcome.account).encode(),
        "results/kpi_forecast.csv": kpi_csv(outcome.landings.kpis).encode(),
        "results/score_forecast.csv": score_csv(outcome.landings.scores).encode(),
    }


def training_record(outcome: Outcome) -> dict[str, Any]:
    """How the networks did on past origins, and which series went another way, and why."""
    other = [
        {"component": component, "org_unit": unit, "method": method.method, "reason": method.reason.model_dump()}
        for (component, unit), method in zip(outcome.panel.ids, outcome.paths.methods, strict=True)
        if method.reason is not None and method.method not in BY_NETWORK
    ]
    words = in_words(outcome.backtest[0]) if outcome.backtest else None
    trial, methods = outcome.trial, outcome.paths.methods
    reconciled = reconciliation_in_words(trial.passed, trial.origins, trial.added_up, trial.reconciled)
    counts: dict[str, int] = {}
    for method in methods:
        counts[method.method] = counts.get(method.method, 0) + 1
    losses = [{"steps": steps, "mean_scaled_miss": loss} for steps, loss in outcome.fitted.losses]
    return {
        "steps": outcome.fitted.steps,
        "validation": losses,
        "series": len(outcome.panel.ids),
        "quarters": [str(outcome.panel.quarters[0]), str(outcome.panel.quarters[-1])],
        "methods": counts,
        "not_by_network": other,
        "breaks": [each.as_dict() for each in outcome.panel.mends],
        "unstable": [list(key) for key, method in zip(outcome.panel.ids, methods, strict=True) if method.unstable],
        "backtest": None if words is None else words.model_dump(),
        "reconciliation": None if reconciled is None else reconciled.model_dump(),
        "follow_their_denominator": [each.component for each in outcome.rates if each.passed],
    }


def pack(files: dict[str, bytes]) -> bytes:
    """The one zip of these files: sorted, stored, no times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def unpack(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The files of a zip, and the names of those whose check sums fail. Raises Refused when it is no zip."""
    files: dict[str, bytes] = {}
    broken: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                try:
                    files[entry.filename] = archive.read(entry)
                except _UNREADABLE:
                    broken.append(entry.filename)
    except _UNREADABLE as problem:
        raise refuse(
            f"护照不是可读的 zip 文件：{problem}", f"the passport is not a readable zip file: {problem}"
        ) from problem
    return files, broken


def read_manifest(content: bytes) -> Manifest:
    """The manifest. Raises Refused when it is of another format or unreadable."""
    try:
        raw = json.loads(content)
        if isinstance(raw, dict) and raw.get("format") != FORMAT:
            raise refuse(
                f"护照格式是 {raw.get('format')!r}，本版本只读 {FORMAT}。",
                f"the passport's format is {raw.get('format')!r}; this version reads {FORMAT}.",
            )
        return Manifest.model_validate(raw)
    except (ValueError, ValidationError) as problem:
        raise refuse(
            f"护照的 {MANIFEST} 无法读取：{problem}", f"{MANIFEST} of the passport cannot be read: {problem}"
        ) from problem
