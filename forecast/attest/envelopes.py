"""Signed statements inside a passport: ``attestations/`` holds envelopes and the public keys that check them.

They are no part of what the manifest lists, so that re-runners can add theirs; each stands for the manifest's hash.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import FormatError, VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]

from forecast.attest.keys import PublicKey, SigningKey, parse_public_key
from forecast.attest.statement import STATEMENT, Kind, Statement, about, vouches
from forecast.inputs import canonical_json
from forecast.manifest import MANIFEST
from kpi.text import Text

FOLDER: Final = "attestations/"
_TYPE: Final = "application/vnd.in-toto+json"
_ENVELOPE: Final = re.compile(r"attestations/\d{4}-[0-9a-f]{12}\.dsse\.json")
_KEY: Final = re.compile(r"attestations/[0-9a-f]{64}\.pub\.pem")


@dataclass(frozen=True)
class Attestation:
    """A statement whose signature holds. ``kind`` is None when it does not stand up for the numbers."""

    file: str
    key: PublicKey
    statement: Statement

    @property
    def kind(self) -> Kind | None:
        """See :class:`Kind`."""
        return vouches(self.statement)


def attach(files: dict[str, bytes], statement: Statement, key: SigningKey) -> dict[str, bytes]:
    """The files of a passport with one more signed statement and its public key."""
    public = key.public
    signer = CryptoSigner(key.key, SSlibKey.from_crypto(public.key, keyid=public.keyid))
    envelope = Envelope(canonical_json(statement).encode(), _TYPE, {})
    envelope.sign(signer)
    number = 1 + sum(bool(_ENVELOPE.fullmatch(name)) for name in files)
    return files | {
        f"{FOLDER}{number:04d}-{public.keyid[:12]}.dsse.json": _spelt(envelope),
        f"{FOLDER}{public.keyid}.pub.pem": public.pem,
    }


def belongs(name: str) -> bool:
    """Whether a file that the manifest does not list may be there."""
    return bool(_ENVELOPE.fullmatch(name) or _KEY.fullmatch(name))


def read_attestations(files: Mapping[str, bytes]) -> tuple[list[Attestation], list[Text]]:
    """The statements whose signatures hold, in the order they were added, and what is wrong with the others."""
    wrong: list[Text] = []
    keys: dict[str, PublicKey] = {}
    for name in sorted(filter(_KEY.fullmatch, files)):
        stem = name.removeprefix(FOLDER).removesuffix(".pub.pem")
        key = _key(stem[:12], files[name])
        if key is None or key.keyid != stem or key.pem != files[name]:
            wrong.append(Text(zh=f"公钥文件 {name} 被改动过。", en=f"the public key {name} was changed."))
        else:
            keys[stem] = key
    found: list[Attestation] = []
    for name in sorted(filter(_ENVELOPE.fullmatch, files)):
        held = _checked(name, files[name], keys, sha256(files[MANIFEST]).hexdigest())
        if isinstance(held, Text):
            wrong.append(held)
        else:
            found.append(held)
    unused = keys.keys() - {attestation.key.keyid for attestation in found}
    if not wrong:
        wrong += [
            Text(zh=f"公钥 {key} 没有对应的签名。", en=f"the public key {key} has no signature here.")
            for key in sorted(unused)
        ]
    return found, wrong


def _key(name: str, pem: bytes) -> PublicKey | None:
    try:
        return parse_public_key(name, pem)
    except ValueError:
        return None


def _checked(name: str, content: bytes, keys: Mapping[str, PublicKey], manifest: str) -> Attestation | Text:
    """The statement, or what is wrong with it."""
    broken = Text(zh=f"签名文件 {name} 无效或被改动过。", en=f"the signature {name} does not hold or was changed.")
    try:
        envelope = Envelope.from_dict(json.loads(content))
        (keyid,) = envelope.signatures
        key = keys[keyid]
        envelope.verify([SSlibKey.from_crypto(key.key, keyid=keyid)], 1)
        statement = json.loads(envelope.payload)
    except (ValueError, KeyError, TypeError, AttributeError, FormatError, VerificationError):
        return broken
    if _spelt(envelope) != content or envelope.payload_type != _TYPE or statement.get("_type") != STATEMENT:
        return broken
    if about(statement) != manifest:
        return Text(zh=f"签名文件 {name} 属于另一份护照。", en=f"the signature {name} belongs to another passport.")
    return Attestation(name, key, statement)


def _spelt(envelope: Envelope) -> bytes:
    """The one spelling, so that no byte can be changed without changing what is said."""
    return (json.dumps(envelope.to_dict(), sort_keys=True, indent=1) + "\n").encode()
