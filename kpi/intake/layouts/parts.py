"""One row of numbers, and what its labels narrow its measure down to."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kpi.findings import Finding
from kpi.intake.findings import finding
from kpi.intake.grid import Cell
from kpi.intake.layouts.axes import Said
from kpi.intake.layouts.labels import LabelColumn

BENIGN = re.compile(
    r"指标|维度|层面|情况|概况|部分|汇总|财务|客户|流程|学习|成长|主要|基本|kpi|perspective|indicators?|metrics|section|summary"
    r"|financial|customer|process|learning|measures|highlights|key figures",
    re.IGNORECASE,
)
_MANY = 3
_NUMBER = re.compile(
    r"\s*(?:\((?:[一二三四五六七八九十]+|\d+)\)|(?:[一二三四五六七八九十]+|\d+(?:\.\d+)*|[ivxIVX]+)[、.):])"
)


@dataclass
class Row:
    """One row of numbers. ``meant``: it holds a number, not only signs for missing ones. ``ambiguous`` is an unknown
    label beside a known one; ``part`` one that narrows the measure down (a channel, a product), by column; ``names``
    are the names beside codes, ``under`` the label of its section or, when it names nothing itself, of the row before.
    """

    row: int
    said: Said
    section: Said
    meant: bool = True
    org_unit: Cell | None = None
    unit: Cell | None = None
    names: tuple[Cell, ...] = ()
    ambiguous: Cell | None = None
    parts: dict[int, Cell] = field(default_factory=dict)
    names_measure: bool = False
    under: Cell | None = None


def numbered(text: str) -> str:
    """The kind of number before a label: the same for 一、 and 二、, another for 1. and (一); empty without one."""
    match = _NUMBER.match(unicodedata.normalize("NFKC", text))
    if match is None:
        return ""
    return re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", re.sub(r"[ivxIVX]+", "i", match[0].strip())))


def tell_parts(rows: Sequence[Row], labels: Sequence[LabelColumn]) -> Iterator[Finding]:
    """What stands beside known measures and isn't known itself: an attribute, as the perspective of each KPI is,
    says nothing; anything else narrows the measure down, and its rows are not for the whole."""
    for label in labels:
        beside = [row for row in rows if row.said.measure is not None and label.column in row.parts]
        beside = [row for row in beside if not row.said.aside]
        if not beside or _is_attribute(label, beside):
            continue
        if label.role == "aside":
            yield finding("labels_not_read", label.heading or beside[0].parts[label.column])
            continue
        for row in beside:
            row.ambiguous = row.ambiguous or row.parts[label.column]
        yield finding("part_unclear", beside[0].parts[label.column])


def _is_attribute(label: LabelColumn, beside: list[Row]) -> bool:
    """Whether each measure has one and the same word in every row, and a few measures share theirs; or the words
    are names of perspectives and the like."""
    if label.role == "part":
        return False
    words: dict[str, set[str]] = {}
    for row in beside:
        if row.said.measure is not None:
            words.setdefault(row.said.measure.measure, set()).add(row.parts[label.column].text)
    if all(BENIGN.search(word) for found in words.values() for word in found):
        return True
    distinct = {word for found in words.values() for word in found}
    return all(len(found) == 1 for found in words.values()) and len(words) >= max(_MANY, len(distinct) + 1)
