"""Archives that hold workbooks: looked over before anything is unpacked, and unpacked with both eyes open."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import unpack_from
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from kpi.errors import Refused, refuse
from kpi.intake.readers import limits

BLOCK = 1 << 20
_FED = 1 << 16
_ENCRYPTED = 0x1
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0")


class Archive:
    """The parts of a zip archive. Raises Refused when there are too many, too large, or too tightly packed ones."""

    def __init__(self, content: bytes, filename: str) -> None:
        self.filename = filename
        self._content = content
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                entries = archive.infolist()
        except Exception as problem:  # damaged bytes make the module raise many things
            raise damaged(filename, problem) from problem
        self._refuse_too_much(entries)
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) != len(entries):
            raise damaged(filename, "two parts of one name")

    @property
    def names(self) -> tuple[str, ...]:
        """The parts in the order of the archive."""
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """How many bytes a part has, unpacked; 0 where there is none."""
        return self._entries[name].file_size if name in self._entries else 0

    def blocks(self, name: str, summed: bool = True) -> Iterator[bytes]:
        """A part piece by piece; checked to be as long as it says and, where ``summed``, of the checksum it says."""
        entry = self._entries.get(name)
        if entry is None:
            raise damaged(self.filename, f"{name} is missing")
        offset = entry.header_offset
        if self._content[offset : offset + 4] != b"PK\x03\x04" or len(self._content) < offset + 30:
            raise damaged(self.filename, name)
        start = offset + 30 + sum(unpack_from("<HH", self._content, offset + 26))
        packed = memoryview(self._content)[start : start + entry.compress_size]
        length = check = 0
        for block in self._unpacked(entry, packed):
            length += len(block)
            if length > entry.file_size:
                raise damaged(self.filename, f"{name} is longer than it says")
            check = zlib.crc32(block, check) if summed else entry.CRC
            yield block
        if length != entry.file_size or check != entry.CRC:
            raise damaged(self.filename, f"{name} is not what it says")

    def read(self, name: str) -> bytes:
        """A whole part that is never large."""
        if self.size(name) > limits.MOST_BYTES_OF_A_TREE:
            raise self._too_large(limits.MOST_BYTES_OF_A_TREE)
        return self.read_large(name)

    def read_large(self, name: str) -> bytes:
        """A whole part, however large."""
        return b"".join(self.blocks(name))

    def tree(self, name: str) -> Element:
        """A part as XML, without any document type or entity of its own, and not nested too deeply."""
        return tree(self.read(name), self.filename)

    def verify(self, *names: str) -> None:
        """Unpack parts once, to know that they are what they say and declare no entities."""
        for name in names:
            for number, block in enumerate(self.blocks(name)):
                if number == 0 and name.endswith((".xml", ".rels", ".vml")):
                    refuse_declarations(block, self.filename)

    def _unpacked(self, entry: zipfile.ZipInfo, packed: memoryview) -> Iterator[bytes]:
        if entry.compress_type == zipfile.ZIP_STORED:
            for start in range(0, len(packed), BLOCK):
                yield bytes(packed[start : start + BLOCK])
            return
        engine = zlib.decompressobj(-15)
        waiting: bytes | memoryview = b""
        fed = 0
        while not engine.eof:
            if not waiting:
                waiting = packed[fed : fed + _FED]
                fed += _FED
            try:
                block = engine.decompress(waiting, BLOCK)
            except zlib.error as problem:
                raise damaged(self.filename, problem) from problem
            waiting = engine.unconsumed_tail
            if not block and not engine.eof and fed >= len(packed) and not waiting:
                raise damaged(self.filename, f"{entry.filename} ends early")
            if block:
                yield block

    def _refuse_too_much(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > limits.MOST_PARTS:
            raise refuse(
                f"{self.filename} 内含超过 {limits.MOST_PARTS} 个部分。请在 Excel 中另存为新的 xlsx。",
                f"{self.filename} holds more than {limits.MOST_PARTS} parts. Save it as a new xlsx in Excel.",
            )
        if sum(entry.file_size for entry in entries) > limits.MOST_UNPACKED:
            raise self._too_large(limits.MOST_UNPACKED)
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise damaged(self.filename, f"{entry.filename} is packed in an unknown way")
            tight = entry.file_size > max(entry.compress_size, 1) * limits.MOST_EXPANSION
            if tight and entry.file_size > limits.SMALL_PART:
                raise self._too_large(limits.SMALL_PART)

    def _too_large(self, limit: int) -> Refused:
        return refuse(
            f"{self.filename} 解压后超过 {limit // 1_000_000} MB。请拆分成较小的工作簿，或删除空白但带格式的区域。",
            f"{self.filename} unpacks to more than {limit // 1_000_000} MB. Split it into smaller workbooks, or delete "
            "areas that are formatted but empty.",
        )


def tree(content: bytes, filename: str) -> Element:
    """XML as a tree. Raises Refused when it is none, declares entities, or is nested too deeply."""
    refuse_declarations(content, filename)
    parser: Any = XMLPullParser(("start", "end"))
    depth = 0
    root: Element | None = None
    try:
        for start in range(0, len(content), BLOCK):
            parser.feed(content[start : start + BLOCK])
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                if depth > limits.MOST_DEPTH:
                    raise damaged(filename, "XML is nested too deeply")
        parser.close()
    except (ParseError, ValueError, LookupError) as problem:
        raise damaged(filename, problem) from problem
    if not isinstance(root, Element):
        raise damaged(filename, "a part is empty")
    return root


def refuse_declarations(content: bytes, filename: str) -> None:
    """No workbook declares a document type or entities; only attacks do. ``content`` begins a part."""
    if content.startswith(_WIDE):
        raise damaged(filename, "a part is not in UTF-8")

    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refuse(
            f"{filename} 的内容声明了 XML 实体（DOCTYPE），正常的工作簿没有这种内容。请在 Excel 中另存为新的 xlsx。",
            f"{filename} declares XML entities (DOCTYPE), which no workbook does. Save it as a new xlsx in Excel.",
        )


def damaged(filename: str, problem: object) -> Refused:
    """The refusal of bytes that no reader understands."""
    return refuse(
        f"{filename} 已损坏，无法读取（{problem}）。请在 Excel 中打开并另存为 xlsx。",
        f"{filename} is damaged and cannot be read ({problem}). Open it in Excel and save it as xlsx.",
    )
