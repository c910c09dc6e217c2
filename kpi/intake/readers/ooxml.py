"""Xlsx and xlsm workbooks: where each sheet stands in the archive, its styles and comments. Macros are never looked at.

Links to other files are never followed.
"""

from dataclasses import dataclass
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from kpi.intake.grid import Place
from kpi.intake.readers.archive import Archive, damaged

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Relation:
    """Another part that a part refers to; ``kind`` is the last word of its type."""

    kind: str
    part: str


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """The parts that a part refers to, by id. What lies outside the archive is left out."""
    folder, name = dirname(part), part.rpartition("/")[2]
    file = join(folder, "_rels", f"{name}.rels")
    if not archive.size(file):
        return {}
    found = {}
    for element in archive.tree(file):
        if element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        found[element.get("Id", "")] = Relation(element.get("Type", "").rpartition("/")[2], whole)
    return found


class Package:
    """The parts of an xlsx workbook."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.part = main_part(archive)
        self._root = archive.tree(self.part)
        self._relations = relations(archive, self.part)

    @property
    def sheets(self) -> dict[str, str]:
        """The part of each sheet of cells by the sheet's name, in the workbook's order."""
        found = {}
        for element in self._root.iterfind("{*}sheets/{*}sheet"):
            relation = self._relations.get(element.get(_RELATION) or element.get(_STRICT) or "")
            if relation is not None and relation.kind == "worksheet":
                found[element.get("name", "")] = relation.part
        return found

    @property
    def epoch_1904(self) -> bool:
        """Whether dates count from 1904."""
        properties = self._root.find("{*}workbookPr")
        return properties is not None and properties.get("date1904") in ("1", "true", "on")

    def other(self, kind: str) -> str | None:
        """The part of the workbook of one kind, such as ``styles``."""
        return next((item.part for item in self._relations.values() if item.kind == kind), None)

    def styles(self) -> Element | None:
        """The styles, where the workbook has any."""
        part = self.other("styles")
        return self._archive.tree(part) if part and self._archive.size(part) else None

    def comments(self, sheet: str) -> dict[Place, str]:
        """The comments of the sheet in a part, threaded ones with their replies, by place."""
        found: dict[Place, str] = {}
        linked = relations(self._archive, sheet).values()
        for kind in ("comments", "threadedComment"):
            parts = [item.part for item in linked if item.kind == kind and self._archive.size(item.part)]
            said: dict[Place, str] = {}
            for element in (element for part in parts for element in self._archive.tree(part).iter()):
                place = _place(element.get("ref"))
                text = "".join(_texts(element)).strip() if place else ""
                if place and text:
                    said[place] = f"{said[place]}\n{text}" if place in said else text
            found |= said
        return found


def main_part(archive: Archive) -> str:
    """The part of the workbook itself."""
    for relation in relations(archive, "").values():
        if relation.kind == "officeDocument" and archive.size(relation.part):
            return relation.part
    raise damaged(archive.filename, "it names no workbook")


def _texts(element: Element) -> list[str]:
    """The texts of a comment, without the hints at how to pronounce it."""
    if element.tag.endswith("}rPh"):
        return []
    own = [element.text or ""] if element.tag.endswith(("}t", "}text")) and element.text else []
    return own + [text for child in element for text in _texts(child)]


def _place(reference: str | None) -> Place | None:
    try:
        letters, row = coordinate_from_string(reference or "")
        return row, column_index_from_string(letters)
    except (CellCoordinatesException, ValueError):
        return None
