"""Files in, grids out: a reader for each kind of file, chosen by what the bytes are."""

from kpi.errors import refuse
from kpi.intake.grid import Workbook, digest
from kpi.intake.readers import limits
from kpi.intake.readers.archive import damaged
from kpi.intake.readers.delimited import read_delimited
from kpi.intake.readers.kinds import Kind, kind_of
from kpi.intake.readers.locked import PasswordNeeded, unlocked
from kpi.intake.readers.ods import read_ods
from kpi.intake.readers.values import Unreadable, refuse_many_sheets, refuse_vast_marks
from kpi.intake.readers.xls import read_xls
from kpi.intake.readers.xlsb import read_xlsb
from kpi.intake.readers.xlsx import read_xlsx

__all__ = ["SUFFIXES", "PasswordNeeded", "read_workbook", "unlocked"]

SUFFIXES = ("xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv")
_READERS = {Kind.XLSX: read_xlsx, Kind.XLSB: read_xlsb, Kind.XLS: read_xls, Kind.ODS: read_ods}


def read_workbook(content: bytes, filename: str, password: str | None = None) -> Workbook:
    """The cells of a workbook or a delimited text, whatever it is called. Its hash is that of the bytes as given.

    Raises Refused, saying why, for anything else, and PasswordNeeded for an encrypted workbook without a password.
    """
    if len(content) > limits.MOST_BYTES:
        raise refuse(
            f"{filename} 超过 {limits.MOST_BYTES // 1_000_000} MB。请拆分成较小的工作簿。",
            f"{filename} is larger than {limits.MOST_BYTES // 1_000_000} MB. Split it into smaller workbooks.",
        )
    opened = unlocked(content, filename, password)
    kind = kind_of(opened, filename)
    if kind is Kind.TEXT:
        return read_delimited(opened, filename)
    if kind is Kind.LOCKED:
        raise damaged(filename, "encrypted twice")
    try:
        sheets = _READERS[kind](opened, filename)
    except Unreadable as problem:
        raise damaged(filename, problem) from problem
    refuse_many_sheets(len(sheets), filename)
    for read in sheets:
        refuse_vast_marks(read.marks, read.values, filename, read.name)
    return Workbook(filename, digest(content), tuple(read.sheet() for read in sheets))
