"""What of a passport's files can be judged without computing: damage, contradictions, signatures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from forecast.attest.envelopes import Attestation, belongs, read_attestations
from forecast.attest.keys import PublicKey, by_id
from forecast.attest.policy import Policy
from forecast.inputs import RunInputs
from forecast.lineage import FOLDER as WORKBOOKS
from forecast.lineage import ORIGINS, stated_facts
from forecast.manifest import MANIFEST, SEAL, Manifest, read_manifest
from forecast.passport_text import README, readme
from forecast.results_book import BOOK, agrees
from forecast.verdict import Signed
from forecast.zipped import pack, unpack
from kpi.errors import refuse
from kpi.text import Text

WEIGHTS: Final = {"initial_weights": "weights/initial.safetensors", "weights": "weights/final.safetensors"}


@dataclass(frozen=True)
class Trust:
    """Whose signatures count: ``known`` keys are called by name; with a ``policy`` some have to be there."""

    known: tuple[PublicKey, ...] = ()
    policy: Policy | None = None

    def signed(self, attestations: Iterable[Attestation]) -> tuple[Signed, ...]:
        """The signatures as they are reported."""
        keys = by_id((*self.known, *(self.policy.keys if self.policy else ())))
        return tuple(
            Signed(
                file=each.file,
                keyid=each.key.keyid,
                key=keys[each.key.keyid].name if each.key.keyid in keys else "",
                kind=each.kind.value if each.kind else "",
            )
            for each in attestations
        )

    def lacks(self, attestations: Sequence[Attestation]) -> Text | None:
        """What the policy misses."""
        return self.policy.lacks(attestations) if self.policy else None


@dataclass(frozen=True)
class Evidence:
    """A passport whose files are all as they were sealed; ``wrong`` says what they deny about each other."""

    files: Mapping[str, bytes]
    manifest: Manifest
    inputs: RunInputs
    attestations: tuple[Attestation, ...]
    wrong: tuple[Text, ...] = ()

    @property
    def seal(self) -> str:
        """SHA-256 of the manifest, by which a passport is known whatever was signed about it."""
        return sha256(self.files[MANIFEST]).hexdigest()


def gather(content: bytes) -> Evidence | list[Text]:
    """What the passport of these bytes holds, or which of its files were changed.

    Raises Refused when it is no passport, or one of a format that is not known here.
    """
    files, broken = unpack(content)
    if MANIFEST not in files and MANIFEST not in broken:
        raise refuse(f"文件里没有 {MANIFEST}，不是护照。", f"there is no {MANIFEST} inside, so it is no passport.")
    attestations: list[Attestation] = []
    damage = _damage(files, broken)
    if not damage:
        attestations, damage = read_attestations(files)
    if not damage and pack(files) != content:
        damage = [Text(zh="zip 容器本身被改动过。", en="the zip container itself was changed.")]
    if damage:
        return damage
    manifest = read_manifest(files[MANIFEST])
    inputs = RunInputs.from_files(folder(files, "inputs/"))
    wrong = _contradictions(manifest, inputs, files)
    return Evidence(files, manifest, inputs, tuple(attestations), tuple(wrong))


def folder(files: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    """The files under ``prefix`` without it."""
    return {name.removeprefix(prefix): content for name, content in files.items() if name.startswith(prefix)}


def _damage(files: Mapping[str, bytes], broken: Sequence[str]) -> list[Text]:
    """What of the files is not as it was sealed; every damaged file is named."""
    wrong = [_changed(name) for name in broken]
    if wrong:
        return wrong
    sealed = f"{sha256(files[MANIFEST]).hexdigest()}  {MANIFEST}\n".encode()
    if files.get(SEAL) != sealed:
        return [
            Text(
                zh=f"{MANIFEST} 与 {SEAL} 不一致，其中之一被改动过。",
                en=f"{MANIFEST} and {SEAL} do not belong together: one of them was changed.",
            )
        ]
    stated = read_manifest(files[MANIFEST]).files
    for name in sorted(set(stated) | set(files) - {MANIFEST, SEAL}):
        if name not in files:
            wrong.append(Text(zh=f"缺少文件 {name}。", en=f"the file {name} is missing."))
        elif name not in stated:
            if not belongs(name):
                wrong.append(Text(zh=f"多出文件 {name}。", en=f"the file {name} does not belong here."))
        elif sha256(files[name]).hexdigest() != stated[name]:
            wrong.append(_changed(name))
    return wrong


def _changed(name: str) -> Text:
    return Text(zh=f"文件 {name} 被改动过。", en=f"the file {name} was changed.")


def _contradictions(manifest: Manifest, inputs: RunInputs, files: Mapping[str, bytes]) -> list[Text]:
    """What the passport states about itself and its own files deny."""
    identity = manifest.identity
    stated = identity.model_dump() | {name: manifest.digests.get(name) for name in WEIGHTS}
    found = inputs.digests | {"config": manifest.config.digest, "numerics": manifest.config.numerics}
    found |= {name: sha256(files.get(file, b"")).hexdigest() for name, file in WEIGHTS.items()}
    wrong = [
        Text(zh=f"护照内的 {name} 与其声明的摘要不符。", en=f"{name} inside the passport is not the one it states.")
        for name, digest in found.items()
        if stated[name] != digest
    ]
    if identity.run_id != manifest.run_id:
        wrong.append(Text(zh="运行编号与身份不符。", en="the run id does not follow from the identity."))
    return wrong + [
        Text(zh=f"{name} 与护照的其他文件矛盾。", en=f"{name} contradicts the other files of the passport.")
        for name in _for_readers(manifest, files)
    ]


def _for_readers(manifest: Manifest, files: Mapping[str, bytes]) -> list[str]:
    """Those of the files made for readers that do not say what the files that count say."""
    wrong = []
    if README in files and files[README].decode(errors="replace") != readme(manifest):
        wrong.append(README)
    if BOOK in files and not agrees(files[BOOK], files):
        wrong.append(BOOK)
    if ORIGINS in files and not _same_facts(files):
        wrong.append(ORIGINS)
    return wrong + [
        name
        for name, content in files.items()
        if name.startswith(WORKBOOKS) and not name.startswith(f"{WORKBOOKS}{sha256(content).hexdigest()}")
    ]


def _same_facts(files: Mapping[str, bytes]) -> bool:
    try:
        return stated_facts(files[ORIGINS]) == stated_facts(files["inputs/facts.csv"])
    except (ValueError, LookupError):
        return False
