"""Workbooks behind a password, decrypted in memory and nowhere else."""

from io import BytesIO
from typing import Any

import msoffcrypto
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from kpi.errors import Refused, refuse
from kpi.intake.readers import limits
from kpi.intake.readers.archive import damaged
from kpi.intake.readers.kinds import Kind, kind_of
from kpi.text import Text

_NOBODYS = "VelvetSweatshop"
"""The password of workbooks that are only protected against changes: Excel tries it without asking."""


class PasswordNeeded(Refused):
    """The file is encrypted and no password was given."""


def unlocked(content: bytes, filename: str, password: str | None = None) -> bytes:
    """The bytes of the workbook itself; those of a file that is not encrypted come back as they are.

    Raises PasswordNeeded when it is encrypted and there is no password, Refused when the password is wrong or the way
    of encryption unknown.
    """
    if kind_of(content, filename) not in (Kind.LOCKED, Kind.XLS):
        return content
    try:
        return _unlocked(content, filename, password)
    except Refused:
        raise
    except InvalidKeyError as problem:
        raise refuse(
            f"{filename} 的密码不正确。请核对大小写和空格后重试。",
            f"The password of {filename} is wrong. Check upper and lower case and blanks, and try again.",
        ) from problem
    except Exception as problem:  # damaged bytes make the module raise many things
        raise damaged(filename, problem) from problem


def _unlocked(content: bytes, filename: str, password: str | None) -> bytes:
    office = msoffcrypto.OfficeFile(BytesIO(content))
    if not office.is_encrypted():
        return content
    spins = getattr(office, "info", {}).get("spinValue", 0)
    if spins > limits.MOST_SPINS:
        raise damaged(filename, f"{spins} rounds of hashing")
    try:
        return _decrypted(office, password or _NOBODYS)
    except InvalidKeyError:
        if password:
            raise
        raise PasswordNeeded(
            Text(
                zh=f"{filename} 设有密码。请输入密码，或在 Excel 中另存为不加密的 xlsx。",
                en=f"{filename} is protected by a password. Enter it, or save the file as an unprotected xlsx.",
            )
        ) from None


def _decrypted(office: Any, password: str) -> bytes:
    if isinstance(office, OOXMLFile):
        office.load_key(password=password, verify_password=True)
    else:  # the older kind verifies always
        office.load_key(password=password)
    opened = BytesIO()
    office.decrypt(opened)
    return opened.getvalue()
