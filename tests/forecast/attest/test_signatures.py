import base64
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecast.attest.envelopes import read_attestations
from forecast.attest.keys import SigningKey, make_key, read_signing_key
from forecast.attest.policy import Policy, read_policy
from forecast.attest.sign import sign_run, sign_verification
from forecast.attest.statement import Kind
from forecast.calculate import calculate
from forecast.determinism import required_switches
from forecast.device import choose_device
from forecast.evidence import Trust
from forecast.manifest import MANIFEST
from forecast.passport import seal_of, write_passport
from forecast.verdict import Verdict, Verification
from forecast.verify import verify
from forecast.zipped import pack, unpack
from kpi.errors import Refused
from kpi.text import Text
from tests.forecast.builders import TINY, inputs
from tests.forecast.test_passport import ARITHMETIC, OCCASION, quiet

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
AGREED = Verification(verdict=Verdict.EXACT, message=Text(zh="", en=""), trained=True)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    outcome = calculate(inputs(), TINY, "cpu", quiet)
    return write_passport(inputs(), TINY, choose_device("cpu"), required_switches(), ARITHMETIC, outcome, OCCASION)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SigningKey]:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("company", "audit", "regulator"):
        make_key(folder, name)
    return {name: read_signing_key(folder, name) for name in ("company", "audit", "regulator")}


@pytest.fixture(scope="module")
def signed(unsigned: bytes, keys: dict[str, SigningKey]) -> bytes:
    return sign_run(unsigned, keys["company"])


def judge(content: bytes, trust: Trust | None = None) -> Verification:
    return verify(content, required_switches, quiet, trust or Trust())


def changed(passport: bytes, ending: str, at: int) -> bytes:
    """One byte of the file with this ending is another."""
    files, _ = unpack(passport)
    name = next(name for name in files if name.endswith(ending))
    content = bytearray(files[name])
    content[at] ^= 1
    return pack(files | {name: bytes(content)})


def test_a_signature_changes_no_file_of_the_passport_and_names_its_key(
    unsigned: bytes, signed: bytes, keys: dict[str, SigningKey]
) -> None:
    before, after = unpack(unsigned)[0], unpack(signed)[0]

    answer = judge(signed, Trust(known=(keys["company"].public,)))

    assert {name: after[name] for name in before} == before
    assert seal_of(signed) == seal_of(unsigned) == answer.manifest
    assert answer.verdict is Verdict.EXACT
    assert [(each.key, each.kind) for each in answer.signatures] == [("company", "run")]


def test_a_signature_by_a_key_that_is_not_known_here_is_told_without_a_name(signed: bytes) -> None:
    (only,) = judge(signed).signatures

    assert only.key == ""
    assert len(only.keyid) == 64


def test_the_run_is_stated_as_slsa_provenance_about_the_manifest(signed: bytes) -> None:
    files, _ = unpack(signed)
    envelope = json.loads(next(files[name] for name in files if name.endswith(".dsse.json")))

    statement = json.loads(base64.b64decode(envelope["payload"]))

    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
    assert statement["subject"] == [{"name": MANIFEST, "digest": {"sha256": seal_of(signed)}}]
    assert statement["predicate"]["runDetails"]["metadata"]["invocationId"] == judge(signed).run_id


def test_the_signature_can_be_checked_with_openssl_alone(signed: bytes, tmp_path: Path) -> None:
    files, _ = unpack(signed)
    envelope = json.loads(next(files[name] for name in files if name.endswith(".dsse.json")))
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    (tmp_path / "message").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (tmp_path / "signature").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    (tmp_path / "key").write_bytes(next(files[name] for name in files if name.endswith(".pub.pem")))

    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "message"]
    done = subprocess.run([*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("ending", [".dsse.json", ".pub.pem"])
def test_a_changed_byte_anywhere_in_what_was_signed_about_a_passport_names_the_file(signed: bytes, ending: str) -> None:
    size = next(len(content) for name, content in unpack(signed)[0].items() if name.endswith(ending))

    for at in {*range(0, size, 53), size - 1}:
        answer = judge(changed(signed, ending, at))
        assert answer.verdict is Verdict.DIFFERENT
        assert ending in answer.differences[0].en


def test_a_signature_for_another_passport_does_not_hold_here(unsigned: bytes, keys: dict[str, SigningKey]) -> None:
    outcome = calculate(inputs(), TINY, "cpu", quiet)
    later = OCCASION.model_copy(update={"reason": "another"})
    other = write_passport(inputs(), TINY, choose_device("cpu"), required_switches(), ARITHMETIC, outcome, later)
    stolen = {
        name: content
        for name, content in unpack(sign_run(other, keys["company"]))[0].items()
        if name.startswith("attestations/")
    }

    answer = judge(pack(unpack(unsigned)[0] | stolen))

    assert answer.verdict is Verdict.DIFFERENT
    assert "belongs to another passport" in answer.differences[0].en


def test_re_runners_add_their_signatures_beside_the_first(signed: bytes, keys: dict[str, SigningKey]) -> None:
    twice = sign_verification(signed, AGREED, keys["audit"], NOON)

    found, wrong = read_attestations(unpack(twice)[0])

    assert wrong == []
    assert [each.kind for each in found] == [Kind.RUN, Kind.RERUN]
    assert judge(twice).verdict is Verdict.EXACT


def test_a_policy_counts_keys_not_signatures(signed: bytes, keys: dict[str, SigningKey]) -> None:
    known = tuple(key.public for key in keys.values())
    two_of_three = Trust(policy=Policy(2, known))
    again = sign_verification(signed, AGREED, keys["company"], NOON)

    assert judge(again, two_of_three).verdict is Verdict.CANNOT
    assert judge(sign_verification(signed, AGREED, keys["audit"], NOON), two_of_three).verdict is Verdict.EXACT


def test_a_policy_may_ask_for_reruns(signed: bytes, keys: dict[str, SigningKey]) -> None:
    policy = Policy(1, tuple(key.public for key in keys.values()), reruns=1)
    refused = AGREED.model_copy(update={"verdict": Verdict.DIFFERENT})

    assert policy.lacks(read_attestations(unpack(signed)[0])[0]) is not None
    objecting = sign_verification(signed, refused, keys["audit"], NOON)
    assert policy.lacks(read_attestations(unpack(objecting)[0])[0]) is not None
    agreeing = sign_verification(signed, AGREED, keys["audit"], NOON)
    assert policy.lacks(read_attestations(unpack(agreeing)[0])[0]) is None


def test_a_policy_is_a_file_beside_its_keys(tmp_path: Path) -> None:
    made = [make_key(tmp_path, name) for name in ("audit", "company")]
    path = tmp_path / "policy.yaml"
    path.write_text("threshold: 2\nkeys: [audit.pub.pem, company.pub.pem]\n")

    policy = read_policy(path)

    assert (policy.threshold, policy.reruns) == (2, 0)
    assert [key.keyid for key in policy.keys] == [key.keyid for key in made]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("threshold: 3\nkeys: [audit.pub.pem, audit.pub.pem]\n", "more signatures than it names keys"),
        ("threshold: 0\nkeys: [audit.pub.pem]\n", "cannot be read"),
        ("keys: [audit.pub.pem]\n", "cannot be read"),
        ("threshold: 1\nkeys: [nobody.pub.pem]\n", "nobody.pub.pem"),
        ("- no\n- mapping\n", "cannot be read"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, says: str) -> None:
    make_key(tmp_path, "audit")
    path = tmp_path / "policy.yaml"
    path.write_text(text)

    with pytest.raises(Refused, match=says):
        read_policy(path)
