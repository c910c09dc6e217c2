"""Comments of one sheet: the part with their words and the drawing with their shapes. What was there stays."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from openpyxl.utils import coordinate_to_tuple

from kpi.intake.marking.patch import Patch, Tag, Unpatchable

AUTHOR = "Scorecast"
_VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_KIND = (
    f'<v:shapetype {_VML} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    f'<v:shape {_VML} id="_x0000_s{{number}}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
    'margin-top:2pt;width:260pt;height:110pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left},15,{top},2,'
    "{right},15,{bottom},4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)


def new_comments(namespace: str) -> bytes:
    """A part without comments."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{namespace}"><authors></authors><commentList></commentList></comments>'
    ).encode()


def new_drawing(number: int) -> bytes:
    """A drawing without shapes, whose shapes are numbered by the thousand of ``number``."""
    return (
        f'<xml {_VML}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout></xml>'
    ).encode()


def with_comments(xml: bytes, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """The part with ``texts`` by address behind what was said there, and the addresses that had no comment."""
    patch = Patch(xml, lambda *_: True)
    authors, listed = patch.first("authors"), patch.first("commentList")
    if authors is None or listed is None:
        raise Unpatchable("comments")
    known = {tag.attributes.get("ref", ""): tag for tag in patch.children(2, "comment")}
    author = len(patch.children(2, "author"))
    prefix = patch.root.prefix
    patch.append(authors, f"<{prefix}author>{AUTHOR}</{prefix}author>")
    for address, text in texts.items():
        if address in known:
            _add_to(patch, known[address], text)
        else:
            words = f"<{prefix}text>{_run(text, prefix)}</{prefix}text>"
            patch.append(listed, f'<{prefix}comment ref="{address}" authorId="{author}">{words}</{prefix}comment>')
    return patch.done(), [address for address in texts if address not in known]


def with_shapes(vml: bytes, addresses: Iterable[str], number: int) -> bytes:
    """The drawing with a shape for the comment of each address."""
    end = vml.rfind(b"</xml>")
    if end < 0:
        raise Unpatchable("drawing")
    first = number * 1024 + 1
    while f'"_x0000_s{first}"'.encode() in vml:
        first += 1000
    shapes = "" if b'"_x0000_t202"' in vml else _KIND
    for order, address in enumerate(addresses):
        row, column = coordinate_to_tuple(address)
        shapes += _SHAPE.format(
            number=first + order,
            order=order + 1,
            row=row - 1,
            column=column - 1,
            left=column,
            right=column + 5,
            top=max(row - 2, 0),
            bottom=row + 6,
        )
    return vml[:end] + shapes.encode() + vml[end:]


def _add_to(patch: Patch, comment: Tag, text: str) -> None:
    """Add a run of text to a comment; plain text becomes a run as well, since programs show one or the other."""
    inside = [tag for tag in patch.tags if comment.start < tag.start < comment.close]
    words = next((tag for tag in inside if tag.name == "text"), None)
    if words is None:
        raise Unpatchable("comment without text")
    spoken = next((tag for tag in inside if tag.depth == words.depth + 1 and tag.name in ("rPh", "phoneticPr")), None)
    for tag in inside:
        if tag.name == "t" and tag.depth == words.depth + 1:
            patch.insert(tag.start, f"<{words.prefix}r>")
            patch.insert(tag.end, f"</{words.prefix}r>")
    run = _run(f"\n{text}", words.prefix)
    if spoken is None:
        patch.append(words, run)
    else:
        patch.insert(spoken.start, run)


def _run(text: str, prefix: str) -> str:
    return f'<{prefix}r><{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}r>'
