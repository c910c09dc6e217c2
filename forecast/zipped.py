"""The one zip of some files: sorted, stored, without times, so that equal files give equal bytes."""

import io
import lzma
import struct
import zipfile
import zlib
from typing import Final

from kpi.errors import refuse

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
# What zipfile and the decompressors it calls raise over damaged bytes.
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,  # with NotImplementedError
)


def pack(files: dict[str, bytes], compressed: bool = False) -> bytes:
    """The one zip of these files: sorted, stored unless they are to be ``compressed``, no times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = archive.compression
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def unpack(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The files of a zip, and the names of those whose check sums fail. Raises Refused when it is no zip."""
    files: dict[str, bytes] = {}
    broken: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                try:
                    files[entry.filename] = archive.read(entry)
                except UNREADABLE:
                    broken.append(entry.filename)
    except UNREADABLE as problem:
        raise refuse(
            f"护照不是可读的 zip 文件：{problem}", f"the passport is not a readable zip file: {problem}"
        ) from problem
    return files, broken
