"""What kind of file some bytes are, by the bytes alone: names lie."""

import re
from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import olefile

from kpi.errors import Refused, refuse
from kpi.intake.readers.archive import damaged
from kpi.intake.readers.delimited import looks_delimited

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_TEXT_NAMES = re.compile(r"\.(csv|tsv|txt|tab)$", re.IGNORECASE)
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<")
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHERS = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"SQLite format 3", "数据库", "a database"),
)


class Kind(StrEnum):
    """The kinds that are read; ``LOCKED`` has to be decrypted first."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    LOCKED = "locked"


def kind_of(content: bytes, filename: str) -> Kind:
    """The kind of file. Raises Refused, saying what it is and what to do, when it is none that is read.

    The name counts only for bytes that are text in a table or are not: what is called csv is told its own faults.
    """
    if not content:
        raise refuse(f"{filename} 是空文件。请重新保存后再上传。", f"{filename} is empty. Save it again and upload it.")
    if content.startswith(b"PK"):
        return _of_archive(content, filename)
    if content.startswith(OLE):
        return _of_ole(content, filename)
    for mark, zh, en in _OTHERS:
        if content.startswith(mark):
            raise _other(filename, zh, en)
    if content.startswith(_OLD_BIFF):
        raise _other(filename, "Excel 4.0 或更早的旧格式", "a workbook of Excel 4.0 or older")
    if _MARKUP.match(content):
        _refuse_markup(content[:20_000].lower(), filename)
    if content[:13].lower() == b"mime-version:":
        raise _other(filename, "“单个文件网页”（MHTML）", "a single-file web page (MHTML)")
    if _TEXT_NAMES.search(filename) or looks_delimited(content):
        return Kind.TEXT
    raise _other(filename, "无法识别的文件", "a file of an unknown kind")


def _of_archive(content: bytes, filename: str) -> Kind:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            stated = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError) as problem:
        raise damaged(filename, problem) from problem
    except Exception as problem:
        raise damaged(filename, problem) from problem
    if stated.startswith(_ODS):
        return Kind.ODS
    if any(name.lower().endswith("xl/workbook.bin") for name in names):
        return Kind.XLSB
    if any(name.startswith("xl/") for name in names) or any("workbook" in name.lower() for name in names):
        return Kind.XLSX
    if any(name.endswith(".iwa") for name in names):
        raise _other(filename, "Apple Numbers 文件", "an Apple Numbers file")
    if any(name.startswith(("word/", "ppt/")) for name in names) or stated:
        raise _other(filename, "文字或演示文档", "a text document or a presentation")
    raise _other(filename, "压缩包（请先解压，再逐个上传其中的工作簿）", "an archive (unpack it, upload what it holds)")


def _of_ole(content: bytes, filename: str) -> Kind:
    try:
        with olefile.OleFileIO(BytesIO(content)) as container:
            streams = {"/".join(path) for path in container.listdir()}
    except Exception as problem:  # damaged bytes make the module raise many things
        raise refuse(
            f"{filename} 已损坏，或以无法打开的方式设置了密码（{problem}）。请在 Excel 中另存为不加密的 xlsx。",
            f"{filename} is damaged, or protected by a password in an unknown way ({problem}). Save it as an "
            "unprotected xlsx.",
        ) from problem
    if "EncryptedPackage" in streams:
        return Kind.LOCKED
    if streams & {"Workbook", "Book", "WORKBOOK", "BOOK", "workbook", "book"}:
        return Kind.XLS
    if "WordDocument" in streams or "PowerPoint Document" in streams:
        raise _other(filename, "文字或演示文档", "a text document or a presentation")
    raise _other(filename, "不含工作簿的复合文档", "a compound document without a workbook")


def _refuse_markup(start: bytes, filename: str) -> None:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise _other(filename, "“XML 表格 2003”", "an XML Spreadsheet 2003")
    if b"<office:document" in start:
        raise _other(filename, "单个 XML 文件的 OpenDocument（fods）", "a flat OpenDocument (fods)")
    if any(mark in start for mark in (b"<html", b"<!doctype html", b"<table", b"<meta", b"<body", b"<style")):
        raise _other(filename, "网页（HTML）", "a web page (HTML)")
    raise _other(filename, "XML 文件", "an XML file")


def _other(filename: str, zh: str, en: str) -> Refused:
    return refuse(
        f"{filename} 不是 xlsx、xls 等工作簿，而是{zh}。请在 Excel 中打开并另存为 xlsx 后再上传。",
        f"{filename} is not an xlsx, xls or other workbook but {en}. Open it in Excel, save it as xlsx, upload that.",
    )
