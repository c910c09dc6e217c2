"""Xlsx and xlsm workbooks."""

from concurrent.futures import ThreadPoolExecutor

from kpi.intake.readers import limits
from kpi.intake.readers.archive import Archive
from kpi.intake.readers.careful import read_carefully
from kpi.intake.readers.ooxml import Package
from kpi.intake.readers.sheets import Read
from kpi.intake.readers.styles import styles_of_xml
from kpi.intake.readers.values import Unreadable, Values, refuse_area, refuse_many_sheets, refuse_merged
from kpi.intake.readers.xlsx_sheet import SheetScan, Unusual, merged_places


def read_xlsx(content: bytes, filename: str) -> list[Read]:
    """The sheets of an xlsx workbook. Raises Refused when the bytes are not one or ask for too much."""
    archive = Archive(content, filename)
    package = Package(archive)
    sheets = package.sheets
    refuse_many_sheets(len(sheets), filename)
    shared = package.other("sharedStrings")
    archive.verify(*([shared] if shared and archive.size(shared) else []))
    styles = styles_of_xml(package.styles())
    try:
        scans = {name: SheetScan(archive, part, styles) for name, part in sheets.items()}
        scattered = [name for name, scan in scans.items() if _is_scattered(scan, name, filename)]
        if scattered:
            raise Unusual("cells far apart")
        found = _read(content, filename, scans, package)
    except (Unusual, Unreadable):
        found = _read_carefully(archive, content, filename, package)
    for read in found:
        read.marks.comments = package.comments(sheets[read.name]) if read.name in sheets else {}
    return found


def _read(content: bytes, filename: str, scans: dict[str, SheetScan], package: Package) -> list[Read]:
    """Values and marks, of large sheets at the same time: the Rust reader leaves Python free meanwhile."""
    values = Values(content)
    if {name for name, _ in values.sheets} != set(scans):
        raise Unusual("sheets disagree")
    found = []
    with ThreadPoolExecutor(max_workers=1) as other:
        for name, hidden in values.sheets:
            scan = scans[name]
            opened = other.submit(values.sheet, name) if scan.is_large else None
            marks = scan.look_at_cells()
            rows, marks.merged = values.of(name, filename, opened.result() if opened else None)
            marks.hidden = hidden
            marks.correct(rows, package.epoch_1904)
            found.append(Read(name, rows, marks))
    return found


def _is_scattered(scan: SheetScan, name: str, filename: str) -> bool:
    """Whether a sheet uses so vast an area that only its filled cells can be read, and has few enough of those."""
    if scan.marks.last_row * scan.marks.last_column <= limits.MOST_AREA:
        return False
    row, column, count = scan.filled_extent()
    if row * column <= limits.MOST_AREA:
        return False
    if count > limits.MOST_SCATTERED or row > limits.ROWS or column > limits.COLUMNS:
        refuse_area(filename, name)
    return True


def _read_carefully(archive: Archive, content: bytes, filename: str, package: Package) -> list[Read]:
    for name, part in package.sheets.items():
        if merged_places(archive, part) > limits.MOST_MERGED:
            refuse_merged(filename, name)
    return [Read(name, rows, marks) for name, (rows, marks) in read_carefully(content, filename).items()]
