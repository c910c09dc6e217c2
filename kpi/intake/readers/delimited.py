"""The cells of a csv or tsv file. Everything stays text; numbers are read where a number belongs."""

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import PurePath

from kpi.errors import Refused, refuse
from kpi.intake.grid import Sheet, Workbook, digest

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ENCODINGS = ("utf-8", "gb18030")
_DELIMITERS = ",\t;|"
_LOOKED_AT = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DECIMAL_COMMA = re.compile(r"\s*[-+(]?\d+,\d+\)?%?\s*")


def read_delimited(content: bytes, filename: str) -> Workbook:
    """One sheet, called like the file. Encoding (UTF-8, UTF-16 with its mark, GB 18030) and delimiter (comma, tab,
    semicolon, bar) are found out; quoted fields may hold either and line breaks.

    Raises Refused when the bytes are no text, quotes are left open, or commas could be decimal ones.
    """
    text = _decoded(content, filename)
    rows = _rows(text, _delimiter(text), filename)
    name = PurePath(filename).stem
    return Workbook(filename, digest(content), (Sheet(name, rows),))


def looks_delimited(content: bytes) -> bool:
    """Whether the bytes are text in which at least two lines have the same number of fields, more than one."""
    start = content[:20_000].rsplit(b"\n", 1)[0] if len(content) > 20_000 else content
    try:
        text = _decoded(start, "")
    except Refused:
        return False
    if _CONTROL.search(text):
        return False
    return max(_regularity(text, delimiter)[0] for delimiter in _DELIMITERS) > 1


def _decoded(content: bytes, filename: str) -> str:
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refuse(
        f"{filename} 不是文本文件，或编码无法识别。请另存为 UTF-8 编码的 CSV，或直接上传 xlsx。",
        f"{filename} is no text, or in an unknown encoding. Save it as CSV in UTF-8, or upload the xlsx itself.",
    )


def _delimiter(text: str) -> str:
    """The sign that cuts most lines into the same number of fields, more than one."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        widths = Counter(len(fields) for fields in islice(lines, _LOOKED_AT) if len(fields) > 1)
    except csv.Error:
        return 0, 0
    width, lines_of_it = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return lines_of_it, width


def _rows(text: str, delimiter: str, filename: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as problem:
        raise refuse(
            f"{filename} 不是有效的 CSV（{problem}）。请检查引号是否成对，或直接上传 xlsx。",
            f"{filename} is not valid CSV ({problem}). Check that quotes are closed, or upload the xlsx itself.",
        ) from problem
    if delimiter == ";":
        _refuse_decimal_commas(rows, filename)
    return rows


def _refuse_decimal_commas(rows: list[list[str]], filename: str) -> None:
    for number, fields in enumerate(rows, 1):
        doubtful = next((field for field in fields if _DECIMAL_COMMA.fullmatch(field)), None)
        if doubtful is not None:
            raise refuse(
                f"{filename} 第 {number} 行“{doubtful}”中的逗号可能是小数点，也可能是千位分隔符。请直接上传 xlsx。",
                f"{filename}, line {number}: the comma of {doubtful!r} may be a decimal point or a separator of "
                "thousands. Upload the xlsx itself.",
            )
