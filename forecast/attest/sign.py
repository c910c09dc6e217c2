"""Sign a passport: by whoever ran it, or by whoever ran it again."""

from datetime import datetime

from forecast.attest.envelopes import attach
from forecast.attest.keys import SigningKey
from forecast.attest.statement import provenance, summary
from forecast.manifest import MANIFEST, read_manifest
from forecast.verdict import Verification
from forecast.zipped import pack, unpack


def sign_run(content: bytes, key: SigningKey) -> bytes:
    """The passport with the statement of how it came about."""
    files, _ = unpack(content)
    return pack(attach(files, provenance(read_manifest(files[MANIFEST]), files[MANIFEST]), key))


def sign_verification(content: bytes, answer: Verification, key: SigningKey, at: datetime) -> bytes:
    """The passport with the statement of what a rerun at ``at`` found."""
    files, _ = unpack(content)
    told = summary(files[MANIFEST], answer.verdict.value, answer.verdict.passed, key.public.keyid[:12], at)
    return pack(attach(files, told, key))
