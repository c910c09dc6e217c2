import stat
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from forecast.attest.keys import has_key, make_key, public_keys, read_public_key, read_signing_key
from kpi.errors import Refused


def test_a_new_key_signs_here_and_its_public_half_is_known_by_name(tmp_path: Path) -> None:
    made = make_key(tmp_path, "audit")

    assert read_signing_key(tmp_path, "audit").public.keyid == made.keyid
    assert [(key.name, key.keyid) for key in public_keys(tmp_path)] == [("audit", made.keyid)]
    assert has_key(tmp_path, "audit")
    assert not has_key(tmp_path, "other")


def test_only_its_owner_may_read_the_secret_half(tmp_path: Path) -> None:
    make_key(tmp_path, "audit")

    assert stat.S_IMODE((tmp_path / "audit.pem").stat().st_mode) == 0o600


def test_the_key_id_is_what_openssl_says_of_the_public_key(tmp_path: Path) -> None:
    made = make_key(tmp_path, "audit")

    command = ["openssl", "pkey", "-pubin", "-in", str(tmp_path / "audit.pub.pem"), "-outform", "DER"]
    der = subprocess.run(command, capture_output=True, check=True).stdout

    assert sha256(der).hexdigest() == made.keyid


def test_an_encrypted_key_needs_its_passphrase(tmp_path: Path) -> None:
    made = make_key(tmp_path, "audit", "open sesame")

    assert b"ENCRYPTED" in (tmp_path / "audit.pem").read_bytes()
    assert read_signing_key(tmp_path, "audit", "open sesame").public.keyid == made.keyid
    for wrong in ("", "sesame"):
        with pytest.raises(Refused, match="SCORECAST_KEY_PASSPHRASE"):
            read_signing_key(tmp_path, "audit", wrong)


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    made = make_key(tmp_path, "audit")

    with pytest.raises(Refused, match="never replaced"):
        make_key(tmp_path, "audit")
    assert read_signing_key(tmp_path, "audit").public.keyid == made.keyid


@pytest.mark.parametrize("name", ["", "../elsewhere", "a b", "-new", "名"])
def test_a_name_that_is_no_plain_word_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="cannot be the name of a key"):
        make_key(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_key_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="keys --new audit"):
        read_signing_key(tmp_path, "audit")


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", b"\xff\x00"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.pub.pem"
    path.write_bytes(content)

    with pytest.raises(Refused, match="not an Ed25519 key"):
        read_public_key(path)
