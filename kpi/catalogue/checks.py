"""Consistency rules of the catalogue, as pure functions."""

from collections.abc import Mapping, Sequence

from kpi.catalogue.models import Catalogue, KpiVersion, Measure, Term
from kpi.text import Text
from kpi.units import Dimension


def find_cycle(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """A circle in a directed graph as ``[a, b, ..., a]``; empty when there is none. Unknown ends lead nowhere."""
    done: set[str] = set()

    def walk(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done or node not in edges:
            return []
        for target in edges[node]:
            cycle = walk(target, [*way, node])
            if cycle:
                return cycle
        done.add(node)
        return []

    return next((cycle for node in edges if (cycle := walk(node, []))), [])


def check_dimensions(version: KpiVersion, catalogue: Catalogue) -> Text | None:
    """What is wrong with the units of a formula, or None.

    Summands share a dimension. Without a denominator the KPI has that dimension. Over the same dimension it is a
    share (or a score for ratings); over another one (days per claim) it keeps the numerator's.
    """
    upper = _dimensions(version.numerator, catalogue)
    lower = _dimensions(version.denominator, catalogue)
    if len(upper) > 1 or len(lower) > 1:
        mixed = ", ".join(sorted(upper if len(upper) > 1 else lower))
        return Text(zh=f"相加的构成项单位不同：{mixed}", en=f"summands have different dimensions: {mixed}")
    (above,) = upper
    result = catalogue.units[version.unit].dimension
    expected = {above}
    if lower:
        expected = {Dimension.SHARE, Dimension.SHARE_CHANGE} if lower == upper else {above}
        if above is Dimension.SHARE or version.measure is Measure.RATING or lower == upper == {Dimension.COUNT}:
            expected |= {above}
    if result in expected:
        return None
    names = " / ".join(sorted(expected))
    return Text(
        zh=f"公式的结果应为 {names}，而单位 {version.unit} 表示 {result}",
        en=f"the formula gives {names}, but unit {version.unit} measures {result}",
    )


def _dimensions(terms: Sequence[Term], catalogue: Catalogue) -> set[Dimension]:
    return {catalogue.units[catalogue.component[term.component].unit].dimension for term in terms}
