"""Ed25519 keys in PEM files: ``NAME.pem`` signs, ``NAME.pub.pem`` is for everybody."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kpi.errors import Refused, refuse

_PRIVATE: Final = ".pem"
_PUBLIC: Final = ".pub.pem"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class PublicKey:
    """``name`` is what its file is called here."""

    name: str
    key: Ed25519PublicKey

    @property
    def keyid(self) -> str:
        """SHA-256 of the key in DER (SubjectPublicKeyInfo), as ``openssl pkey -pubin -outform DER`` writes it."""
        return sha256(self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

    @property
    def pem(self) -> bytes:
        """The bytes of ``NAME.pub.pem``."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class SigningKey:
    """Keep it to yourself."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """What others need to check a signature."""
        return PublicKey(self.name, self.key.public_key())


def make_key(folder: Path, name: str, passphrase: str = "") -> PublicKey:
    """A new key in two files, the secret one readable by its owner alone, encrypted if there is a ``passphrase``.

    Raises Refused for a name that is no plain word or is taken, and where the folder cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise refuse(
            f"密钥名称“{name}”不可用，请只用字母、数字、- 和 _。",
            f"{name!r} cannot be the name of a key: use letters, digits, - and _ only.",
        )
    key = Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    made = SigningKey(name, key).public
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(folder / f"{name}{_PRIVATE}", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked), 0o600)
        _write_new(folder / f"{name}{_PUBLIC}", made.pem, 0o644)
    except FileExistsError as problem:
        raise refuse(
            f"密钥 {name} 已存在于 {folder}。密钥从不覆盖：请换一个名称。",
            f"there is a key {name} in {folder} already. Keys are never replaced: choose another name.",
        ) from problem
    except OSError as problem:
        raise refuse(
            f"无法写入 {folder}:{problem.strerror}。", f"cannot write to {folder}: {problem.strerror}."
        ) from problem
    return made


def _write_new(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def read_signing_key(folder: Path, name: str, passphrase: str = "") -> SigningKey:
    """The key of that name. Raises Refused when it is not there, is no Ed25519 key or the passphrase is not its own."""
    path = folder / f"{name}{_PRIVATE}"
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode() or None)
    except FileNotFoundError as problem:
        raise refuse(
            f"没有密钥 {path}。请先运行 python -m forecast keys --new {name}。",
            f"there is no key {path}. Make one with python -m forecast keys --new {name}.",
        ) from problem
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise refuse(
            f"无法读取密钥 {path}：{problem}。加密的密钥需要 SCORECAST_KEY_PASSPHRASE。",
            f"the key {path} cannot be read: {problem}. An encrypted one needs SCORECAST_KEY_PASSPHRASE.",
        ) from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise _other_kind(path)
    return SigningKey(name, key)


def has_key(folder: Path, name: str) -> bool:
    """Whether there is a key of that name to sign with."""
    return (folder / f"{name}{_PRIVATE}").exists()


def read_public_key(path: Path) -> PublicKey:
    """A public key in a PEM file. Raises Refused when it cannot be read or is of another kind."""
    try:
        return parse_public_key(path.name.removesuffix(_PUBLIC), path.read_bytes())
    except OSError as problem:
        raise refuse(
            f"无法读取公钥 {path}:{problem.strerror}。", f"the public key {path} cannot be read: {problem.strerror}."
        ) from problem
    except ValueError as problem:
        raise _other_kind(path) from problem


def parse_public_key(name: str, pem: bytes) -> PublicKey:
    """Raises ValueError for what is no Ed25519 key in PEM."""
    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as problem:
        raise ValueError(str(problem)) from problem
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return PublicKey(name, key)


def public_keys(folder: Path) -> list[PublicKey]:
    """The public keys in a folder, by name."""
    return [read_public_key(path) for path in sorted(folder.glob(f"*{_PUBLIC}"))]


def by_id(keys: Iterable[PublicKey]) -> dict[str, PublicKey]:
    """The keys by their ids."""
    return {key.keyid: key for key in keys}


def _other_kind(path: Path) -> Refused:
    return refuse(
        f"{path} 不是 PEM 格式的 Ed25519 密钥。请用 python -m forecast keys --new NAME 生成。",
        f"{path} is not an Ed25519 key in PEM. python -m forecast keys --new NAME makes one.",
    )
