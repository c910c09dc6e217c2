"""Small changes of an XML part that leave every other byte as it was."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import quoteattr

_HEAD = re.compile(rb"""<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)\s*(/?)>""")
_ATTRIBUTE = r"""\s+{}\s*=\s*("[^"]*"|'[^']*')"""
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")


class Unpatchable(Exception):
    """A part that is written in no way that can be changed by halves."""


@dataclass(slots=True)
class Tag:
    """An element: its local name, attributes, depth below the root, and where it and its end tag begin and end."""

    name: str
    attributes: dict[str, str]
    depth: int
    start: int
    head: int = 0
    close: int = 0
    end: int = 0
    prefix: str = ""
    empty: bool = False


@dataclass
class _Change:
    tag: Tag
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[bytes] = field(default_factory=list)


class Patch:
    """Changes of one part, applied all at once."""

    def __init__(self, xml: bytes, keep: Callable[[str, dict[str, str], int], bool] = lambda *_: True) -> None:
        """Elements that ``keep`` (local name, attributes, depth) wants are found. Raises Unpatchable."""
        self.xml = xml
        self.tags: list[Tag] = []
        self._keep = keep
        self._changes: dict[int, _Change] = {}
        self._inserts: dict[int, list[bytes]] = {}
        self._scan()

    @property
    def root(self) -> Tag:
        """The outermost element."""
        return self.tags[0]

    def children(self, depth: int, *names: str) -> list[Tag]:
        """The elements found at a depth, those of some names."""
        return [tag for tag in self.tags if tag.depth == depth and (not names or tag.name in names)]

    def first(self, name: str, depth: int = 1) -> Tag | None:
        """The first element of a name at a depth."""
        return next(iter(self.children(depth, name)), None)

    def set(self, tag: Tag, **attributes: str) -> None:
        """Give an element attributes."""
        self._change(tag).attributes |= attributes

    def append(self, tag: Tag, inside: str | bytes) -> None:
        """Add to the end of an element's content."""
        self._change(tag).inside.append(inside.encode() if isinstance(inside, str) else inside)

    def insert(self, place: int, text: str | bytes) -> None:
        """Add in front of a byte."""
        self._inserts.setdefault(place, []).append(text.encode() if isinstance(text, str) else text)

    def copy(self, tag: Tag, **attributes: str) -> bytes:
        """The whole element with other attributes."""
        return self._head(tag, attributes, tag.empty) + self.xml[tag.head : tag.end]

    def done(self) -> bytes:
        """The part as changed."""
        pieces = [(place, 0, place, b"".join(texts)) for place, texts in self._inserts.items()]
        for change in self._changes.values():
            tag, inside = change.tag, b"".join(change.inside)
            head = self._head(tag, change.attributes, tag.empty and not inside)
            if tag.empty and inside:
                head += inside + f"</{tag.prefix}{tag.name}>".encode()
            elif inside:
                pieces.append((tag.close, 1, tag.close, inside))
            pieces.append((tag.start, 2, tag.head, head))
        result, position = [], 0
        for start, _, end, text in sorted(pieces, key=lambda piece: piece[:2]):
            result += [self.xml[position:start], text]
            position = end
        return b"".join([*result, self.xml[position:]])

    def _change(self, tag: Tag) -> _Change:
        return self._changes.setdefault(tag.start, _Change(tag))

    def _head(self, tag: Tag, attributes: dict[str, str], empty: bool) -> bytes:
        match = _HEAD.match(self.xml, tag.start)
        if match is None:
            raise Unpatchable(tag.name)
        text = match[2].decode()
        for name, value in attributes.items():
            text = re.sub(_ATTRIBUTE.format(re.escape(name)), "", text) + f" {name}={quoteattr(value)}"
        return b"<" + match[1] + text.encode() + (b"/>" if empty else b">")

    def _scan(self) -> None:
        said = _ENCODING.match(self.xml.removeprefix(b"\xef\xbb\xbf"))
        if (said and said[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")) or b"<!DOCTYPE" in self.xml[:4096]:
            raise Unpatchable("encoding")
        parser = ParserCreate("utf-8")
        parser.ordered_attributes = False
        parser.buffer_text = True
        open_tags: list[Tag | None] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            local, depth = name.rpartition(":")[2], len(open_tags)
            kept = depth == 0 or self._keep(local, attributes, depth)
            tag = self._tag(name, attributes, depth, parser.CurrentByteIndex) if kept else None
            open_tags.append(tag)

        def end(_: str) -> None:
            tag = open_tags.pop()
            if tag is not None and not tag.empty:
                tag.close = parser.CurrentByteIndex
                tag.end = self.xml.index(b">", tag.close) + 1

        parser.StartElementHandler, parser.EndElementHandler = start, end
        try:
            parser.Parse(self.xml, True)
        except (ExpatError, ValueError) as problem:
            raise Unpatchable(str(problem)) from problem

    def _tag(self, name: str, attributes: dict[str, str], depth: int, place: int) -> Tag:
        match = _HEAD.match(self.xml, place)
        if match is None or match[1] != name.encode():
            raise Unpatchable(name)
        prefix, _, local = name.rpartition(":")
        tag = Tag(local, attributes, depth, place, match.end(), prefix=f"{prefix}:" if prefix else "")
        tag.empty = bool(match[3])
        tag.close = tag.end = tag.head
        self.tags.append(tag)
        return tag
