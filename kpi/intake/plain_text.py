"""Text that a spreadsheet program takes for text: nothing that was read anywhere runs as a formula elsewhere."""

import re

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767


def neutral(text: str) -> str:
    """``text`` with an apostrophe before it where it would begin a formula; a plain number such as -5 stays."""
    return f"'{text}" if text.startswith(_STARTS) and not _NUMBER.fullmatch(text) else text


def cell_text(text: str) -> str:
    """``text`` as a cell of a workbook may hold it: neutral, not too long, without characters that XML has not."""
    return neutral(_UNWRITABLE.sub("\ufffd", text))[:_LONGEST]
