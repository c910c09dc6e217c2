"""The first page of a passport: what ran, when, on what and by whom, with the hash of every other file."""

import json
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.code_version import code_hash
from forecast.config import ForecastConfig
from forecast.fingerprint import Fingerprint
from forecast.inputs import RunInputs, canonical_json
from kpi.errors import refuse

FORMAT: Final = "scorecast-passport-3"
READABLE: Final = ("scorecast-passport-2", FORMAT)
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
YEARS_KEPT: Final = 10


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
    """Who asked for the run, when and why, and how it was done; ``training_seconds`` is by the clock.

    Times are in UTC; ``started_local`` is the start on the clock of the place, with its offset, and ``time_zone`` what
    that place calls its time. ``retain_until`` is the last day on which the passport has to be kept.
    """

    started_by: str
    reason: str
    started_at: datetime
    finished_at: datetime
    snapshot_id: int
    workers: int = 1
    training_seconds: float | None = None
    started_local: str = ""
    time_zone: str = ""
    retain_until: date | None = None


def retained_until(finished: date, years: int = YEARS_KEPT) -> date:
    """The same day ``years`` later; the last of February where there is none."""
    try:
        return finished.replace(year=finished.year + years)
    except ValueError:
        return finished.replace(year=finished.year + years, day=28)


class Manifest(_Model):
    """The first page of a passport.

    ``files`` maps every other file but the attestations to its SHA-256, ``six_digits`` every table of results to that
    of its numbers correctly rounded to six significant digits.
    """

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
    six_digits: dict[str, str] = {}
    training: dict[str, Any]
    files: dict[str, str]

    @property
    def text(self) -> bytes:
        """The bytes of ``manifest.json``."""
        dumped = self.model_dump(mode="json")
        return (json.dumps(dumped, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def sealed(manifest: Manifest) -> dict[str, bytes]:
    """The manifest and its seal, in the form that ``sha256sum --check`` reads."""
    return {MANIFEST: manifest.text, SEAL: f"{sha256(manifest.text).hexdigest()}  {MANIFEST}\n".encode()}


def schema() -> bytes:
    """The JSON Schema of ``manifest.json`` in this format."""
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{FORMAT}.schema.json"}
    text = json.dumps(told | Manifest.model_json_schema(), sort_keys=True, indent=1, ensure_ascii=False)
    return f"{text}\n".encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest. Raises Refused when it is of another format or unreadable."""
    try:
        raw = json.loads(content)
        if isinstance(raw, dict) and raw.get("format") not in READABLE:
            known = ", ".join(READABLE)
            raise refuse(
                f"护照格式是 {raw.get('format')!r}，本版本能读 {known}。",
                f"the passport's format is {raw.get('format')!r}; this version reads {known}.",
            )
        return Manifest.model_validate(raw)
    except (ValueError, ValidationError) as problem:
        raise refuse(
            f"护照的 {MANIFEST} 无法读取：{problem}", f"{MANIFEST} of the passport cannot be read: {problem}"
        ) from problem
