"""The list of findings: what stands in its rows, and the sheet as a part of a workbook."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from kpi.findings import Finding, Severity
from kpi.intake.marking.styles import Styles
from kpi.intake.plain_text import cell_text
from kpi.text import Language, Text

TITLE = Text(zh="检查结果", en="Findings")
HEADINGS = (
    (Text(zh="级别", en="Severity"), 10),
    (Text(zh="代码", en="Code"), 26),
    (Text(zh="位置", en="Where"), 26),
    (Text(zh="原文", en="Found"), 24),
    (Text(zh="问题", en="What"), 60),
    (Text(zh="处理办法", en="What to do"), 60),
)
WHERE = 2
_NONE = Text(zh="没有发现问题。", en="Nothing was found.")
SEVERITIES = {
    Severity.ERROR: Text(zh="错误", en="error"),
    Severity.WARNING: Text(zh="警告", en="warning"),
    Severity.INFO: Text(zh="提示", en="information"),
}
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Listed:
    """A row of the list, and the place in the workbook that it leads to."""

    texts: tuple[str, ...]
    severity: Severity | None = None
    target: str = ""


def title_beside(names: Iterable[str], language: Language) -> str:
    """A name for the sheet that no other sheet has."""
    taken = {name.casefold() for name in names}
    title, number = TITLE.in_(language), 1
    while title.casefold() in taken:
        number += 1
        title = f"{TITLE.in_(language)} ({number})"
    return title


def rows(findings: Sequence[Finding], sheets: Iterable[str], language: Language) -> list[Listed]:
    """One row a finding; ``sheets`` are those that a row can lead to."""
    known = frozenset(sheets)
    listed = [Listed((_NONE.in_(language),))] if not findings else []
    for item in findings:
        texts = (
            SEVERITIES[item.severity].in_(language),
            item.code,
            item.where,
            item.found,
            item.message.in_(language),
            item.remedy.in_(language),
        )
        quoted = item.sheet.replace("'", "''")
        target = f"'{quoted}'!{item.cell or 'A1'}" if item.sheet in known else ""
        listed.append(Listed(tuple(cell_text(text) for text in texts), item.severity, target))
    return listed


def part(listed: Sequence[Listed], styles: Styles, namespace: str, language: Language) -> bytes:
    """The sheet as XML, its texts inside it."""
    bold, plain, link = styles.listed(bold=True), styles.listed(), styles.listed(link=True)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_, width) in enumerate(HEADINGS, 1)
    )
    lines = [_row(1, [(heading.in_(language), bold) for heading, _ in HEADINGS])]
    links = ""
    for number, each in enumerate(listed, 2):
        looks = [plain] * len(each.texts)
        if each.severity:
            looks[0] = styles.listed(each.severity)
        if each.target:
            looks[WHERE] = link
            links += f'<hyperlink ref="{"ABCDEF"[WHERE]}{number}" location={quoteattr(each.target)}/>'
        lines.append(_row(number, list(zip(each.texts, looks, strict=True))))
    panes = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}"><sheetViews>'
        f'<sheetView workbookViewId="0">{panes}</sheetView></sheetViews><cols>{columns}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData>"
        + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
        + "</worksheet>"
    ).encode()


def _row(number: int, cells: Sequence[tuple[str, int]]) -> str:
    written = "".join(
        f'<c r="{"ABCDEF"[column]}{number}" s="{look}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(_ESCAPE.sub('_x005F_', text))}</t></is></c>"
        for column, (text, look) in enumerate(cells)
    )
    return f'<row r="{number}">{written}</row>'
