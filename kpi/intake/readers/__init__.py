"""Files in, grids out: a reader for each kind of file."""

from pathlib import PurePath

from kpi.intake.grid import Workbook
from kpi.intake.readers.delimited import read_delimited
from kpi.intake.readers.xlsx import read_xlsx

SUFFIXES = ("xlsx", "csv", "tsv")


def read_workbook(content: bytes, filename: str) -> Workbook:
    """The cells of a workbook or a delimited text. Raises Refused, saying why, for anything else.

    What begins like a workbook is one, whatever it is called.
    """
    delimited = PurePath(filename).suffix.lower() in (".csv", ".tsv", ".txt")
    if delimited and content and not content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return read_delimited(content, filename)
    return read_xlsx(content, filename)
