"""OpenDocument spreadsheets: what their XML says beside the values."""

from kpi.errors import refuse
from kpi.intake.readers.archive import Archive
from kpi.intake.readers.ods_content import Content
from kpi.intake.readers.ods_styles import OdsStyles
from kpi.intake.readers.sheets import Read
from kpi.intake.readers.values import Unreadable, Values, is_vast, refuse_area, refuse_many_sheets

_MANIFEST = "META-INF/manifest.xml"


def read_ods(content: bytes, filename: str) -> list[Read]:
    """The sheets of an ods workbook. Raises Refused when it is damaged or protected by a password."""
    archive = Archive(content, filename)
    if archive.size(_MANIFEST) and b"encryption-data" in archive.read(_MANIFEST):
        raise refuse(
            f"{filename} 是设有密码的 ods 文件，无法在此打开。请另存为不加密的 ods 或 xlsx。",
            f"{filename} is an ods file behind a password, which cannot be opened here. Save it without one.",
        )
    styles = OdsStyles()
    if archive.size("styles.xml"):
        styles.read(archive.tree("styles.xml"))
    tables = Content(archive, styles).tables
    refuse_many_sheets(len(tables), filename)
    for name, mark in tables.items():
        if is_vast(mark.last_row, mark.last_column):
            refuse_area(filename, name)
    values = Values(content)
    found = []
    for name, hidden in values.sheets:
        if name not in tables:
            raise Unreadable(f"sheet {name} is not found")
        rows, _ = values.of(name, filename)
        tables[name].hidden |= hidden
        tables[name].correct(rows, epoch_1904=False)
        found.append(Read(name, rows, tables[name]))
    return found
