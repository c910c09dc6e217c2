"""The pack as one HTML file that asks for nothing outside itself; the same body is what the PDF is made of."""

from pathlib import Path

from report.charts import Spec
from report.pack.document import Document, Page
from report.pack.drawing import drawn
from report.pack.html_marks import signed
from report.pack.html_parts import Picture, bands, prose, tag, words
from report.pack.pages import COVER
from report.pack.palette import palette, turned
from report.pack.stamp import Stamp
from report.pictures import Mode

_HERE = Path(__file__).parent
_SANS = "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans', 'Segoe UI', sans-serif"
_MONO = "'Noto Sans Mono CJK SC', 'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"
TAG = {"zh": "zh-Hans", "en": "en"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html_file(document: Document, stamp: Stamp) -> bytes:
    """The file: inline pictures, light or dark as the reader has it, fit for printing."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_colours('dark')} }} {_turned_pictures()} }}"
    style = f":root {{ {_colours('light')} {fonts()} }}\n{css('look.css')}\n{css('look_screen.css')}\n{dark}"
    return whole(
        document, stamp, _inline, style, head=f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    ).encode()


def whole(document: Document, stamp: Stamp, picture: Picture, style: str, head: str = "") -> str:
    """The document as HTML with this style; ``picture`` draws its charts."""
    pages = "".join(_page(page, document, stamp, picture) for page in document.pages)
    named = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{head}'
        f'<meta name="generator" content="Scorecast"><meta name="dcterms.created" content="{document.at}">'
        f'<meta name="keywords" content="{stamp.content}">'
    )
    title = words("title", f"{document.title} · {document.company}")
    top, body = tag("head", named + title + tag("style", style)), tag("body", tag("main", pages))
    return f'<!doctype html>\n<html lang="{TAG[document.language]}">{top}{body}</html>\n'


def css(name: str) -> str:
    """A style sheet of this folder."""
    return (_HERE / name).read_text(encoding="utf-8")


def variables(mode: Mode) -> str:
    """The colours of a mode and the fonts, as declarations."""
    return f"{_colours(mode)} {fonts()}"


def fonts() -> str:
    """The fonts, as declarations."""
    return f"--font: {_SANS}; --mono: {_MONO};"


def _colours(mode: Mode) -> str:
    return " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in palette(mode).items())


def _turned_pictures() -> str:
    """Pictures are drawn in light colours; here each gets its counterpart."""
    pairs = turned().items()
    return " ".join(
        f'svg [{kind}="{light}" i] {{ {kind}: {dark}; }}' for light, dark in pairs for kind in ("fill", "stroke")
    )


def _inline(spec: Spec, _alt: str) -> str:
    return drawn(spec).replace("<svg ", '<svg aria-hidden="true" ', 1)


def _page(page: Page, document: Document, stamp: Stamp, picture: Picture) -> str:
    status = signed(page.status, page.word) if page.status else ""
    title = tag("h1", words("span", page.title) + status)
    head = tag("header", title + words("p", page.subtitle, "subtitle"), class_="head")
    comment = prose(page.comment, "comment") if page.comment else ""
    foot = words("p", stamp.foot(document), "foot")
    first = comment if page.code != COVER else ""
    last = comment if page.code == COVER else ""
    inner = head + first + bands(page.bands, stamp, picture) + last + foot
    return tag("section", inner, class_="page cover" if page.code == COVER else "page", id=f"page-{page.code}")
