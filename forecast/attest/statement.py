"""What is signed: in-toto statements about the first page of a passport, which holds the hash of everything else.

The run itself is stated as SLSA provenance, a rerun as a SLSA verification summary.
Source: in-toto attestation framework, Statement v1; slsa.dev, provenance v1 and verification_summary v1.
"""

from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from forecast.manifest import MANIFEST, Manifest

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PROVENANCE: Final = "https://slsa.dev/provenance/v1"
SUMMARY: Final = "https://slsa.dev/verification_summary/v1"
_PRODUCT: Final = "urn:scorecast"

Statement = dict[str, Any]


class Kind(StrEnum):
    """Who says so: whoever ran the forecast, or whoever ran it again."""

    RUN = "run"
    RERUN = "rerun"


def provenance(manifest: Manifest, content: bytes) -> Statement:
    """How the passport whose manifest has the bytes ``content`` came about."""
    occasion, identity = manifest.occasion, manifest.identity
    materials = [
        {"name": name, "digest": {"sha256": getattr(identity, name)}}
        for name in ("facts", "organisation", "catalogue", "template", "calendar", "code")
    ]
    if manifest.git is not None:
        materials.append({"name": "source", "digest": {"gitCommit": str(manifest.git["commit"])}})
    if manifest.config.start:
        materials.append({"name": "pretrained weights", "digest": {"sha256": manifest.config.start}})
    predicate = {
        "buildDefinition": {
            "buildType": f"{_PRODUCT}:forecast-run:v1",
            "externalParameters": {"snapshot": occasion.snapshot_id, "config": manifest.config.model_dump(mode="json")},
            "internalParameters": {"device": manifest.device.get("name", ""), "workers": occasion.workers},
            "resolvedDependencies": materials,
        },
        "runDetails": {
            "builder": {"id": f"{_PRODUCT}:forecaster", "version": manifest.software},
            "metadata": {
                "invocationId": manifest.run_id,
                "startedOn": _time(occasion.started_at),
                "finishedOn": _time(occasion.finished_at),
            },
            "byproducts": [
                {"name": name, "digest": {"sha256": digest}} for name, digest in sorted(manifest.digests.items())
            ],
        },
    }
    return _statement(content, PROVENANCE, predicate)


def summary(content: bytes, verdict: str, passed: bool, who: str, at: datetime) -> Statement:
    """What ``who`` found at ``at`` by running again what the manifest with the bytes ``content`` stands for."""
    predicate = {
        "verifier": {"id": f"{_PRODUCT}:verifier:{who}"},
        "timeVerified": _time(at),
        "resourceUri": f"{_PRODUCT}:passport:{sha256(content).hexdigest()}",
        "policy": {"uri": f"{_PRODUCT}:policy:rerun:v1"},
        "verificationResult": "PASSED" if passed else "FAILED",
        "verifiedLevels": [f"SCORECAST_{verdict.replace(' ', '_')}"],
    }
    return _statement(content, SUMMARY, predicate)


def about(statement: Statement) -> str | None:
    """The SHA-256 of the manifest that a statement is about; None when it is about something else."""
    try:
        (subject,) = statement["subject"]
        return str(subject["digest"]["sha256"]) if subject["name"] == MANIFEST else None
    except (KeyError, TypeError, ValueError):
        return None


def vouches(statement: Statement) -> Kind | None:
    """In which way a statement stands up for the numbers; None when it does not."""
    kind = statement.get("predicateType")
    if kind == PROVENANCE:
        return Kind.RUN
    predicate = statement.get("predicate")
    passed = isinstance(predicate, dict) and predicate.get("verificationResult") == "PASSED"
    return Kind.RERUN if kind == SUMMARY and passed else None


def _statement(content: bytes, kind: str, predicate: dict[str, Any]) -> Statement:
    subject = [{"name": MANIFEST, "digest": {"sha256": sha256(content).hexdigest()}}]
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": predicate}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
