"""Added fills and cell formats: what a cell looked like before, with another fill."""

from kpi.findings import Severity
from kpi.intake.marking.patch import Patch, Tag, Unpatchable

FILLS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.INFO: "FFDDEBF7"}
_BOLD = '<{p}b/><{p}sz val="11"/><{p}name val="Calibri"/>'
_LINK = '<{p}u/><{p}sz val="11"/><{p}color rgb="FF1F5F8B"/><{p}name val="Calibri"/>'


class Styles:
    """The styles of a workbook and the formats added to them."""

    def __init__(self, xml: bytes) -> None:
        """Raises Unpatchable for styles without fills or cell formats."""
        self._patch = Patch(xml, lambda _, __, depth: depth <= 2)
        self._fills, self._fonts, self._formats = (self._list(name) for name in ("fills", "fonts", "cellXfs"))
        within = self._formats[0]
        self._known = [tag for tag in self._patch.children(2, "xf") if within.start < tag.start < within.close]
        if not self._known:
            raise Unpatchable("no cell formats")
        self._base = ' xfId="0"' if self._patch.first("cellStyleXfs") else ""
        self._made: dict[tuple[int, object], int] = {}
        self._fill_of: dict[Severity, int] = {}

    def marked(self, before: int, severity: Severity) -> int:
        """The format of a cell that had format ``before``, with the fill of a severity."""
        if severity not in self._fill_of:
            colour = f'<{{p}}fgColor rgb="{FILLS[severity]}"/><{{p}}bgColor indexed="64"/>'
            fill = f'<{{p}}fill><{{p}}patternFill patternType="solid">{colour}</{{p}}patternFill></{{p}}fill>'
            self._fill_of[severity] = self._add(self._fills, fill)
        old = self._known[before if 0 <= before < len(self._known) else 0]
        if (before, severity) not in self._made:
            copy = self._patch.copy(old, fillId=str(self._fill_of[severity]), applyFill="1")
            self._made[before, severity] = self._add(self._formats, copy.decode())
        return self._made[before, severity]

    def listed(self, severity: Severity | None = None, bold: bool = False, link: bool = False) -> int:
        """A format for the list of findings: wrapped at the top, with a fill, bold or as a link."""
        wanted = (severity, bold, link)
        if (-1, wanted) not in self._made:
            looks = _BOLD if bold else _LINK if link else ""
            font = self._add(self._fonts, f"<{{p}}font>{looks}</{{p}}font>") if looks else 0
            fill = self._fill_number(severity) if severity else 0
            self._made[-1, wanted] = self._add(
                self._formats,
                f'<{{p}}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0"{self._base} applyFont="1" '
                'applyFill="1" applyAlignment="1"><{p}alignment vertical="top" wrapText="1"/></{p}xf>',
            )
        return self._made[-1, wanted]

    def done(self) -> bytes:
        """The part with all that was added."""
        for tag, count in (self._fills, self._fonts, self._formats):
            self._patch.set(tag, count=str(count[0]))
        return self._patch.done()

    def _fill_number(self, severity: Severity) -> int:
        self.marked(0, severity)
        return self._fill_of[severity]

    def _list(self, name: str) -> tuple[Tag, list[int]]:
        tag = self._patch.first(name)
        if tag is None or tag.empty:
            raise Unpatchable(name)
        return tag, [sum(tag.start < child.start < tag.close for child in self._patch.children(2))]

    def _add(self, to: tuple[Tag, list[int]], text: str) -> int:
        tag, count = to
        self._patch.append(tag, text.replace("{p}", tag.prefix))
        count[0] += 1
        return count[0] - 1
