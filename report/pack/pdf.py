"""The pack as a PDF for print: A4 landscape, page numbers, the foot on every page, fonts embedded."""

import contextlib
import io
import json
import unicodedata
import warnings
from base64 import b64encode
from html import escape
from typing import Any

from kpi.errors import Refused, refuse
from report.charts import Spec
from report.pack.document import Document
from report.pack.drawing import drawn
from report.pack.html_file import css, variables, whole
from report.pack.stamp import Stamp

_UNSEEN = {"C", "M", "Z"}
"""The classes of signs that need no glyph of their own."""
_NAMED = 12


def engine() -> Any:  # the library has no types
    """The library that lays pages out. Raises Refused naming what to install where its parts are missing."""
    try:
        # It prints a hint to standard output before it fails, where a program may be reading our document.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a machine without fonts, which is refused below
            import weasyprint  # noqa: PLC0415  (half a second, and only a PDF needs it)
    except OSError as problem:
        raise refuse(
            f"无法生成 PDF：缺少 Pango 排版库({problem})。请安装：Debian/Ubuntu 用 apt install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0，Fedora/RHEL 用 dnf install pango，macOS 用 brew install pango，"
            "Windows 用 MSYS2 的 pacman -S mingw-w64-x86_64-pango；或不要 PDF：--format pptx,xlsx,html。",
            f"no PDF can be made: the Pango libraries are missing ({problem}). Install them: on Debian or Ubuntu apt "
            "install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0, on Fedora or RHEL dnf install pango, on "
            "macOS brew install pango, on Windows pacman -S mingw-w64-x86_64-pango in MSYS2; or leave the PDF out: "
            "--format pptx,xlsx,html.",
        ) from problem
    return weasyprint


def pdf_file(document: Document, stamp: Stamp) -> bytes:
    """The file. Raises Refused where the libraries, or fonts for what is said, are missing."""
    weasyprint = engine()
    if not _has_fonts(weasyprint):
        raise _no_font("", "")
    # A string in CSS has the escapes of JSON for all that can stand in a foot: no line ends, no control characters.
    foot = json.dumps(stamp.foot(document), ensure_ascii=False)
    style = f":root {{ {variables('light')} --foot: {foot}; }}\n{css('look.css')}\n{css('look_paper.css')}"
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    source = weasyprint.HTML(string=whole(document, stamp, _embedded, style), url_fetcher=fetcher)
    laid_out = source.render()
    content: bytes = laid_out.write_pdf(pdf_identifier=stamp.content.encode(), pdf_tags=True)
    missing = {chr(point) for font in laid_out.fonts.values() for point in font.missing}
    _refuse_boxes("".join(sorted(sign for sign in missing if unicodedata.category(sign)[0] not in _UNSEEN)))
    return content


def _has_fonts(weasyprint: Any) -> bool:
    """Whether this machine has any font at all: without one, laying out would end the process."""
    ffi = weasyprint.text.ffi
    fontconfig = ffi.fontconfig
    found = ffi.ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    return bool(fontconfig.FcConfigGetFonts(found, fontconfig.FcSetSystem).nfont)


def _embedded(spec: Spec, alt: str) -> str:
    picture = b64encode(drawn(spec).encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{picture}">'


def _refuse_boxes(signs: str) -> None:
    """No empty boxes in a pack: whoever reads it could not tell what they stand for."""
    if signs:
        raise _no_font(f"可显示“{signs[:_NAMED]}”的", f" for {signs[:_NAMED]}")


def _no_font(zh: str, en: str) -> Refused:
    return refuse(
        f"无法生成 PDF：本机没有{zh}字体。请安装：Debian/Ubuntu 用 apt install fonts-noto-cjk fonts-noto-core"
        "（表情符号另需 fonts-noto-color-emoji），Fedora/RHEL 用 dnf install google-noto-sans-cjk-fonts；"
        "或不要 PDF：--format pptx,xlsx,html。",
        f"no PDF can be made: this machine has no font{en}. Install fonts: on Debian or Ubuntu apt install "
        "fonts-noto-cjk fonts-noto-core (for emoji fonts-noto-color-emoji), on Fedora or RHEL dnf install "
        "google-noto-sans-cjk-fonts; or leave the PDF out: --format pptx,xlsx,html.",
    )
