"""Puts a heat map together: which cells, under which headings, with which legend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from forecast.records import KpiForecast
from kpi.catalogue.models import Catalogue, Kpi
from kpi.organisation import Organisation
from kpi.scorecard.heat import CHANCE_LIMITS, MOVE_LIMITS, STRONGEST
from kpi.scorecard.moves import Move
from kpi.scorecard.results import Glance, Judged, Status
from kpi.scorecard.template import ScorecardTemplate
from report.format import Format
from report.heat_cells import attainment_cell, chance_cell, move_cell, score_cell, status_cell
from report.heat_map import SCORE, HeatCell, HeatColumn, HeatGroup, HeatMap, HeatRow, Sorted, Swatch
from report.words import Words, load_translations

NAME = "name"
"""The column of names, as it is called in a sorting."""


class Metric(StrEnum):
    """What the cells say and are coloured by."""

    ATTAINMENT = "attainment"
    STATUS = "status"
    TREND = "trend"
    CHANCE = "chance"


@dataclass(frozen=True)
class HeatSource:
    """Where the numbers come from: what is said of each org unit, and for a trend its ``moves`` by KPI."""

    organisation: Organisation
    catalogue: Catalogue
    template: ScorecardTemplate
    metric: Metric
    glances: Mapping[str, Glance]
    moves: Mapping[str, Mapping[str, Move]]
    landing: Callable[[str, str], KpiForecast | None]
    has_run: bool


@dataclass(frozen=True)
class Sorting:
    """By which column, and which way: ``-score`` is by score with the best first. Without a code rows stand as the
    organisation lists them."""

    code: str = ""

    @property
    def column(self) -> str:
        """The column sorted by."""
        return self.code.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.code.startswith("-")

    def of(self, column: str) -> Sorted:
        """How ``column`` is sorted."""
        if column != self.column:
            return ""
        return "descending" if self.descending else "ascending"

    def clicked(self, column: str) -> str:
        """The code after a click on the head of ``column``: numbers best first, then worst first, then as before;
        names from the first on."""
        ways = (column, f"-{column}", "") if column == NAME else (f"-{column}", column, "")
        return ways[(ways.index(self.code) + 1) % len(ways)] if self.code in ways else ways[0]


def short_name(kpi: Kpi, t: Words) -> str:
    """A name that fits the head of a narrow column; the full one where there is no shorter."""
    key = f"short.{kpi.code}"
    return t(key) if key in load_translations() else kpi.name.in_(t.language)


def build(
    source: HeatSource, top: str, rows: Sequence[str], chosen: str, sorting: Sorting, t: Words, fmt: Format
) -> HeatMap:
    """The heat map of ``rows`` below ``top``."""
    metric, name = t(f"heat.metric_{source.metric}"), source.organisation.by_code[top].name.in_(t.language)
    drawn = [_row(source, code, code == chosen, t, fmt) for code in (top, *rows)]
    return HeatMap(
        label=t("heat.label", org_unit=name, metric=metric),
        names=HeatColumn(NAME, t("site.org_unit"), t("site.org_unit"), sorting.of(NAME)),
        groups=_groups(source, sorting, t),
        top=drawn[0],
        rows=drawn[1:],
        legend=_legend(source, drawn, t, fmt),
    )


def _groups(source: HeatSource, sorting: Sorting, t: Words) -> list[HeatGroup]:
    template = source.template
    score = HeatColumn(SCORE, t("heat.score"), t("scorecard.total"), sorting.of(SCORE))
    groups = [HeatGroup("", [score])]
    for group in template.groups:
        kpis = [e.kpi for e in template.entries if template.objective[e.objective].group == group.code]
        known = [source.catalogue.kpi[code] for code in kpis]
        columns = [HeatColumn(k.code, short_name(k, t), k.name.in_(t.language), sorting.of(k.code)) for k in known]
        groups.append(HeatGroup(group.name.in_(t.language), columns))
    return [group for group in groups if group.columns]


def _row(source: HeatSource, code: str, chosen: bool, t: Words, fmt: Format) -> HeatRow:
    seen, organisation = source.glances[code], source.organisation
    moves = source.moves.get(code, {})
    cells = {result.kpi: _cell(source, code, result, moves.get(result.kpi), t, fmt) for result in seen.kpis}
    cells[SCORE] = score_cell(seen.total, seen.status, t, fmt)
    name = organisation.by_code[code].name.in_(t.language)
    return HeatRow(code, name, cells, len(organisation.children(code)), chosen)


def _cell(source: HeatSource, org_unit: str, result: Judged, move: Move | None, t: Words, fmt: Format) -> HeatCell:
    if source.metric is Metric.CHANCE:
        return chance_cell(source.landing(result.kpi, org_unit), t, fmt, source.has_run)
    if source.metric is Metric.STATUS:
        return status_cell(result, t, fmt)
    if move is None:
        return attainment_cell(result, source.template.amber_share, t, fmt)
    relative = not source.catalogue.kpi[result.kpi].current.denominator
    return move_cell(move, source.catalogue.unit_of(result.kpi), relative, t, fmt)


def _legend(source: HeatSource, rows: Sequence[HeatRow], t: Words, fmt: Format) -> list[Swatch]:
    shown = [cell for row in rows for key, cell in row.cells.items() if key != SCORE]
    swatches = {
        Metric.ATTAINMENT: lambda: _stretches([1 + source.template.amber_share * step for step in _edges()], t, fmt),
        Metric.STATUS: lambda: [Swatch(s.value, t(f"status.{s.value}")) for s in Status if s is not Status.NONE],
        Metric.TREND: lambda: _sizes(t, fmt),
        Metric.CHANCE: lambda: _stretches([Decimal(str(limit)) for limit in CHANCE_LIMITS], t, fmt),
    }[source.metric]()
    if any(not cell.tone for cell in shown):
        swatches.append(Swatch("", t("heat.legend_nothing")))
    if any(cell.partial for cell in shown):
        swatches.append(Swatch("partial", t("heat.legend_partial")))
    return swatches


def _edges() -> range:
    return range(1 - STRONGEST, STRONGEST)


def _stretches(limits: Sequence[Decimal], t: Words, fmt: Format) -> list[Swatch]:
    """A swatch below, between and above each of five limits, the worst first."""
    marks = [fmt.percent(limit, 0) for limit in limits]
    words = [t("heat.legend_below", share=marks[0])]
    words += [t("heat.legend_between", low=low, high=high) for low, high in pairwise(marks)]
    words.append(t("heat.legend_from", share=marks[-1]))
    return [Swatch(tone, text) for tone, text in zip(_TONES, words, strict=True)]


_TONES = [str(step) for step in range(-STRONGEST, STRONGEST + 1) if step]


def _sizes(t: Words, fmt: Format) -> list[Swatch]:
    low, high = (fmt.percent(limit, 0) for limit in MOVE_LIMITS)
    sizes = [
        t("heat.legend_up_to", share=low),
        t("heat.legend_between", low=low, high=high),
        t("heat.legend_over", share=high),
    ]
    worse = [Swatch(str(-step), f"{t('heat.worse')} {size}", "worse") for step, size in enumerate(sizes, 1)]
    better = [Swatch(str(step), f"{t('heat.better')} {size}", "better") for step, size in enumerate(sizes, 1)]
    return [*worse[::-1], *better]
