"""All files of a pack from its one document."""

import errno
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict

from kpi.errors import refuse
from kpi.text import Text
from report.pack.book import xlsx_file
from report.pack.document import Document
from report.pack.html_file import html_file
from report.pack.pdf import engine, pdf_file
from report.pack.slides import pptx_file
from report.pack.stamp import Stamp

Format = Literal["pdf", "pptx", "xlsx", "html", "json"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
USUAL: Final[tuple[Format, ...]] = ("pdf", "pptx", "xlsx", "html")
"""What is made unless said otherwise; ``json`` is the content itself, whose SHA-256 is its hash."""
Progress = Callable[[float, Text], None]
_DRAW: Final[dict[Format, Callable[[Document, Stamp], bytes]]] = {
    "pdf": pdf_file,
    "pptx": pptx_file,
    "xlsx": xlsx_file,
    "html": html_file,
    "json": lambda document, _stamp: document.text,
}
_MAKING: Final = {
    "pdf": Text(zh="正在排版 PDF", en="laying out the PDF"),
    "pptx": Text(zh="正在生成 PowerPoint", en="drawing the slides"),
    "xlsx": Text(zh="正在生成 Excel", en="writing the workbook"),
    "html": Text(zh="正在生成 HTML", en="writing the HTML"),
    "json": Text(zh="正在写出内容", en="writing the content"),
}


class Made(BaseModel):
    """A file that was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format
    path: str
    sha256: str
    bytes: int


def formats(text: str) -> tuple[Format, ...]:
    """The formats named in ``text``, separated by commas, each once. Raises Refused naming those there are."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        have = ", ".join(FORMATS)
        said = ", ".join(unknown) or "-"
        raise refuse(f"没有格式 {said}。可选：{have}。", f"there is no format {said}. There are: {have}.")
    return tuple(cast(Format, name) for name in dict.fromkeys(names))


def check(wanted: Sequence[Format]) -> None:
    """Raise Refused where a library is missing that ``wanted`` need, before anything is made."""
    if "pdf" in wanted:
        engine()


def draw(document: Document, stamp: Stamp, wanted: Sequence[Format], progress: Progress) -> dict[Format, bytes]:
    """The files by their format. Raises Refused where one cannot be made here; then there is none."""
    made: dict[Format, bytes] = {}
    for index, each in enumerate(wanted):
        progress(index / len(wanted), _MAKING[each])
        made[each] = _DRAW[each](document, stamp)
    return made


def write(
    folder: Path, stem: str, files: dict[Format, bytes], log: Callable[[], None] = lambda: None
) -> tuple[Made, ...]:
    """Put the files into ``folder``, made if need be. None has its name before all of them and the ``log`` are written.

    Raises Refused naming the folder.
    """
    halves = {folder / f"{stem}.{each}": folder / f"{stem}.{each}.{os.getpid()}.part" for each in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in halves:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{os.strerror(errno.EISDIR)}: {path.name}")
        with ExitStack() as undone:
            for half, content in zip(halves.values(), files.values(), strict=True):
                undone.callback(half.unlink, missing_ok=True)
                half.write_bytes(content)
            log()
            for path, half in halves.items():
                half.replace(path)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise refuse(
            f"无法写入 {folder}：{why}。请用 --out 指定一个可写的文件夹。",
            f"cannot write to {folder}: {why}. Name a folder with --out that can be written to.",
        ) from problem
    return tuple(
        Made(format=each, path=str(path), sha256=sha256(content).hexdigest(), bytes=len(content))
        for path, (each, content) in zip(halves, files.items(), strict=True)
    )
