"""The passport: one stored zip with everything needed to rerun a run and to judge it.

Apart from the times in ``manifest.json`` its bytes follow from the run and from what the store knows of its facts.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from forecast.calculate import Outcome
from forecast.code_version import git_state
from forecast.config import ForecastConfig
from forecast.determinism import Switches
from forecast.device import Device
from forecast.fingerprint import Fingerprint
from forecast.inputs import RunInputs
from forecast.manifest import FORMAT, MANIFEST, Identity, Manifest, Occasion, schema, sealed
from forecast.passport_files import outcome_files, six_digits, training_record
from forecast.passport_text import README, readme
from forecast.results_book import BOOK, results_book
from forecast.software import distributions_csv, lock_file, machine, software
from forecast.zipped import pack, unpack

SCHEMA: Final = "passport.schema.json"


def write_passport(
    inputs: RunInputs,
    config: ForecastConfig,
    device: Device,
    switches: Switches,
    arithmetic: Fingerprint,
    outcome: Outcome,
    occasion: Occasion,
    evidence: Mapping[str, bytes] | None = None,
) -> bytes:
    """The zip. ``arithmetic`` is the fingerprint of the machine that computed ``outcome``, ``evidence`` what the store
    knows of where the facts came from (:mod:`forecast.lineage`)."""
    identity = Identity.of(inputs, config, device.kind)
    results = outcome_files(outcome, config)
    files = {f"inputs/{name}": content for name, content in inputs.files().items()} | results | dict(evidence or {})
    files |= {
        BOOK: results_book(results),
        "software/requirements.lock": lock_file(),
        "software/distributions.csv": distributions_csv(),
        SCHEMA: schema(),
    }
    stated = {
        "format": FORMAT,
        "run_id": identity.run_id,
        "occasion": occasion,
        "identity": identity,
        "config": config,
        "git": git_state(),
        "software": software(),
        "machine": machine(),
        "device": {"name": device.name, "reason": device.reason.en, "reason_zh": device.reason.zh} | device.facts,
        "switches": switches,
        "fingerprint": arithmetic,
        "digests": outcome.digests,
        "six_digits": six_digits(outcome, config),
        "training": training_record(outcome),
    }
    # The text for readers tells what the manifest says of everything else.
    files[README] = readme(Manifest.model_validate(stated | {"files": {}})).encode()
    sums = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    return pack(files | sealed(Manifest.model_validate(stated | {"files": sums})))


def seal_of(passport: bytes) -> str:
    """SHA-256 of the manifest, by which a passport is known whatever was signed about it."""
    return sha256(unpack(passport)[0][MANIFEST]).hexdigest()
