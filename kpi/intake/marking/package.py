"""An xlsx or xlsm workbook with marks: only the parts that have to say so are changed, all others are copied."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from posixpath import basename, dirname, join
from xml.sax.saxutils import quoteattr

from openpyxl.utils import coordinate_to_tuple

from kpi.findings import Finding, Severity
from kpi.intake.marking import listing
from kpi.intake.marking.comments import new_comments, new_drawing, with_comments, with_shapes
from kpi.intake.marking.patch import Patch, Unpatchable
from kpi.intake.marking.sheets import SheetMarks
from kpi.intake.marking.styles import Styles
from kpi.intake.readers.archive import Archive, refuse_declarations
from kpi.intake.readers.ooxml import Package, relations
from kpi.text import Language

_TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
_GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class MarkedPackage:
    """The parts of a workbook and the changes to them."""

    def __init__(self, content: bytes, filename: str) -> None:
        """Raises Refused for what is no workbook and Unpatchable for one that is written too strangely."""
        self._archive = Archive(content, filename)
        self._package = Package(self._archive)
        self._content = content
        self._changed: dict[str, bytes] = {}
        strict = _STRICT.encode() in self._read(self._package.part)
        self._kinds, self._namespace = (_STRICT, _STRICT_MAIN) if strict else (_OFFICE, _MAIN)
        styles = self._package.other("styles")
        if not styles or not self._archive.size(styles):
            raise Unpatchable("no styles")
        self._style_part, self._styles = styles, Styles(self._read(styles))

    def mark(self, findings: Sequence[Finding], comments: Mapping[tuple[str, str], str], language: Language) -> bytes:
        """The workbook with a fill and a comment in each cell of a finding and the list of all of them in front."""
        for number, (name, part) in enumerate(self._package.sheets.items(), 1):
            here = [item for item in findings if item.sheet == name and item.cell]
            if here:
                texts = {address: text for (sheet, address), text in comments.items() if sheet == name}
                self._mark_sheet(part, here, texts, number)
        self._add_list(findings, language)
        self._changed[self._style_part] = self._styles.done()
        return self._saved()

    def _mark_sheet(self, part: str, findings: Sequence[Finding], texts: Mapping[str, str], number: int) -> None:
        marks = {}
        for item in sorted(findings, key=lambda item: _GRAVITY.index(item.severity), reverse=True):
            marks[coordinate_to_tuple(item.cell)] = item.severity
        sheet = SheetMarks(self._read(part), marks)
        sheet.colour(self._styles)
        linked = relations(self._archive, part)
        comments = next((each.part for each in linked.values() if each.kind == "comments"), None)
        drawing = linked[sheet.comments_relation].part if sheet.comments_relation in linked else None
        words, new = with_comments(self._read(comments) if comments else new_comments(self._namespace), texts)
        shapes = with_shapes(self._read(drawing) if drawing else new_drawing(700 + number), new, 700 + number)
        if comments is None:
            comments = self._new_part(f"scorecast_comments{number}.xml")
            self._relate(part, "comments", comments)
            self._declare(comments, f"{_CONTENT}comments+xml")
        if drawing is None:
            drawing = self._new_part(f"scorecast_comments{number}.vml")
            sheet.link_comments(self._relate(part, "vmlDrawing", drawing), self._kinds)
            self._declare(drawing, "application/vnd.openxmlformats-officedocument.vmlDrawing")
        self._changed |= {comments: words, drawing: shapes, part: sheet.patch.done()}

    def _add_list(self, findings: Sequence[Finding], language: Language) -> None:
        part = self._new_part("scorecast_findings.xml")
        listed = listing.rows(findings, self._package.sheets, language)
        self._changed[part] = listing.part(listed, self._styles, self._namespace, language)
        self._declare(part, f"{_CONTENT}worksheet+xml")
        relation = self._relate(self._package.part, "worksheet", part)
        self._changed[self._package.part] = self._with_first_sheet(relation, language)

    def _with_first_sheet(self, relation: str, language: Language) -> bytes:
        """The workbook's part with one more sheet, in front; what counts sheets counts one more, and the sheet that
        was in view stays in view."""
        patch = Patch(self._read(self._package.part), lambda _, __, depth: depth <= 2)
        holder = patch.first("sheets")
        known = patch.children(2, "sheet")
        if holder is None or not known:
            raise Unpatchable("no sheets")
        title = listing.title_beside((tag.attributes.get("name", "") for tag in known), language)
        number = 1 + max(int(tag.attributes.get("sheetId", "0")) for tag in known)
        prefix = holder.prefix
        patch.insert(
            known[0].start,
            f'<{prefix}sheet name={quoteattr(title)} sheetId="{number}" '
            f"xmlns:scr={quoteattr(self._kinds)} scr:id={quoteattr(relation)}/>",
        )
        views = patch.children(2, "workbookView")
        for view in views:
            patch.set(view, activeTab=str(1 + int(view.attributes.get("activeTab", "0"))))
        if not views:
            patch.insert(holder.start, f'<{prefix}bookViews><{prefix}workbookView activeTab="1"/></{prefix}bookViews>')
        for name in patch.children(2, "definedName"):
            if "localSheetId" in name.attributes:
                patch.set(name, localSheetId=str(1 + int(name.attributes["localSheetId"])))
        return patch.done()

    def _relate(self, part: str, kind: str, target: str) -> str:
        """A new relation from a part to another; its id."""
        file = join(dirname(part), "_rels", f"{basename(part)}.rels")
        known = file in self._changed or self._archive.size(file)
        patch = Patch(self._read(file) if known else _NO_RELATIONS)
        taken = {tag.attributes.get("Id", "") for tag in patch.tags}
        name = next(each for number in range(1, 10_000) if (each := f"rIdScorecast{number}") not in taken)
        prefix = patch.root.prefix
        patch.append(patch.root, f'<{prefix}Relationship Id="{name}" Type="{self._kinds}/{kind}" Target="/{target}"/>')
        self._changed[file] = patch.done()
        return name

    def _declare(self, part: str, content: str) -> None:
        patch = Patch(self._read(_TYPES))
        prefix = patch.root.prefix
        patch.append(patch.root, f'<{prefix}Override PartName="/{part}" ContentType="{content}"/>')
        self._changed[_TYPES] = patch.done()

    def _new_part(self, name: str) -> str:
        folder, (stem, _, suffix) = dirname(self._package.part), name.partition(".")
        names = (join(folder, f"{stem}{again}.{suffix}") for again in ("", *(f"_{number}" for number in range(2, 999))))
        return next(name for name in names if name not in self._archive.names and name not in self._changed)

    def _read(self, part: str) -> bytes:
        if part not in self._changed:
            content = self._archive.read_large(part)
            refuse_declarations(content[:4096], self._archive.filename)
            return content
        return self._changed[part]

    def _saved(self) -> bytes:
        buffer = BytesIO()
        with zipfile.ZipFile(BytesIO(self._content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                content = self._changed.pop(entry.filename, None)
                kept = self._archive.read_large(entry.filename) if content is None else content
                new.writestr(entry, kept, compress_type=entry.compress_type)
            for name, content in self._changed.items():
                new.writestr(re.sub("^/", "", name), content)
        return buffer.getvalue()
