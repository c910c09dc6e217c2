"""Reads the words of a PDF that WeasyPrint wrote, page by page, as a viewer would: glyphs by each font's own table."""

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.S)
_REF = rb"(\d+) 0 R"


@dataclass(frozen=True)
class Pdf:
    """Words of each page, and the names of the fonts whose files are inside."""

    pages: tuple[str, ...]
    embedded: tuple[str, ...]
    about: bytes


def read_pdf(content: bytes) -> Pdf:
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    streams = {number: _unpacked(body) for number, body in objects.items() if b"stream" in body}
    heads = {number: body.split(b"stream", 1)[0] for number, body in objects.items()}
    for number, body in list(heads.items()):
        if b"/ObjStm" in body:
            heads |= _inner(streams[number], int(_find(rb"/N\s+(\d+)", body)), int(_find(rb"/First\s+(\d+)", body)))
    tables, embedded = {}, []
    for body in heads.values():
        if re.search(rb"/Type\s*/Font\b", body) and b"/ToUnicode" in body:
            name = _find(rb"/BaseFont\s*/([A-Z]+)\+", body)
            tables[name] = _table(streams[int(_find(rb"/ToUnicode\s+" + _REF, body))])
        if b"/FontDescriptor" in body and re.search(rb"/FontFile[23]?\s+" + _REF, body):
            embedded.append(_find(rb"/FontName\s*/([^/\s>]+)", body).decode())
    pages = [body for body in heads.values() if re.search(rb"/Type\s*/Page\b", body)]
    forms = {number: text for number, text in streams.items() if b"/Form" in heads[number]}
    drawn = [streams[int(_find(rb"/Contents\s+" + _REF, body))] for body in pages]
    words = tuple(_words(text, tables) for text in drawn)
    return Pdf(words, tuple(sorted(set(embedded))), b"".join(forms.values()) + b"".join(heads.values()))


def _find(pattern: bytes, body: bytes) -> bytes:
    found = re.search(pattern, body)
    assert found, (pattern, body[:300])
    return found[1]


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"FlateDecode" in body.split(b"stream", 1)[0] else found[1]


def _inner(stream: bytes, count: int, first: int) -> dict[int, bytes]:
    numbers = list(map(int, stream[:first].split()))
    starts = numbers[1 : 2 * count : 2]
    ends = [*starts[1:], len(stream) - first]
    return {number: stream[first + a : first + b] for number, a, b in zip(numbers[::2], starts, ends, strict=False)}


def _table(stream: bytes) -> dict[bytes, str]:
    pairs = re.findall(rb"^<([0-9a-f]{4})> <([0-9a-f]*)>$", stream, re.M)
    return {glyph: bytes.fromhex(signs.decode()).decode("utf-16-be") for glyph, signs in pairs}


def _words(stream: bytes, tables: dict[bytes, dict[bytes, str]]) -> str:
    text, table = "", dict[bytes, str]()
    for name, shown in re.findall(rb"/([A-Z]{6}) [\d.]+ Tf|\[([^\]]*)\]\s*TJ", stream):
        if name:
            table = tables.get(name, {})
        for glyphs in re.findall(rb"<([0-9a-f]+)>", shown):
            text += "".join(table.get(glyphs[at : at + 4], "?") for at in range(0, len(glyphs), 4))
        text += "\n" if shown else ""
    return text
