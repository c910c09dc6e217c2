"""What the builders of pages have in common: the source, its scorecard, and the way words and numbers are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kpi.catalogue.models import Catalogue, Kpi
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.results import KpiResult, Scorecard, Value, Window
from kpi.scorecard.template import Objective, ScorecardTemplate
from kpi.scorecard.values import kpi_target
from kpi.text import Language
from kpi.units import Dimension, Unit
from report.format import Format
from report.pack.document import Form, Number
from report.pack.source import Source
from report.words import Words

TREND_QUARTERS = 8


@dataclass(frozen=True)
class Desk:
    """One source in one language."""

    source: Source
    language: Language

    @cached_property
    def t(self) -> Words:
        """The words."""
        return Words(self.language)

    @cached_property
    def fmt(self) -> Format:
        """The numbers."""
        return Format(self.language)

    @property
    def catalogue(self) -> Catalogue:
        """The definitions of the run."""
        return self.source.inputs.catalogue

    @property
    def template(self) -> ScorecardTemplate:
        """The scorecard of the run."""
        return self.source.inputs.template

    @property
    def quarter(self) -> Period:
        """The quarter of the pack."""
        return self.source.quarter

    @cached_property
    def cards(self) -> dict[Period, Scorecard]:
        """The scorecards of the last quarters up to that of the pack, as far as there are values."""
        first = self.source.panel.quarters[0]
        wanted = (self.quarter.shift(step) for step in range(1 - TREND_QUARTERS, 1))
        return {quarter: self._card(quarter) for quarter in wanted if quarter >= first}

    def _card(self, quarter: Period) -> Scorecard:
        source = self.source
        return score(source.panel, self.template, source.org_unit, quarter, source.window)

    @property
    def card(self) -> Scorecard:
        """The scorecard of the pack."""
        return self.cards[self.quarter]

    @cached_property
    def org_name(self) -> str:
        """The org unit's name."""
        return self.source.inputs.organisation.by_code[self.source.org_unit].name.in_(self.language)

    @property
    def scope(self) -> str:
        """Org unit, quarter and window, as the line below a title has it."""
        window = self.t(f"window.{self.source.window.value}")
        return f"{self.org_name} · {self.fmt.period(self.quarter)} · {window}"

    def kpi(self, code: str) -> Kpi:
        """The KPI."""
        return self.catalogue.kpi[code]

    def unit(self, code: str) -> Unit:
        """Its unit."""
        return self.catalogue.unit_of(code)

    def name(self, code: str) -> str:
        """Its name."""
        return self.kpi(code).name.in_(self.language)

    def objective(self, result: KpiResult) -> Objective:
        """The objective that the KPI serves."""
        return self.template.objective[result.objective]

    def rows(self) -> Iterator[tuple[str, list[KpiResult]]]:
        """The rows of the scorecard by the code of their group."""
        for group in self.template.groups:
            yield group.code, [row for row in self.card.kpis if self.objective(row).group == group.code]

    def year_plan(self, code: str) -> Value:
        """The plan of the whole fiscal year of the pack's quarter."""
        year_end = Period.quarter(self.quarter.year, 4)
        return kpi_target(self.source.panel, code, self.source.org_unit, year_end, Window.YEAR)

    def change(self, code: str, value: Value) -> tuple[str, Number | None]:
        """A change of a KPI as written, and the number for spreadsheets: relative of amounts, in points of shares."""
        relative = not self.kpi(code).current.denominator
        own = self.unit(code).dimension
        form: Form = "change" if relative else Dimension.SHARE_CHANGE if own is Dimension.SHARE else own
        return self.fmt.change(value.amount, self.unit(code), relative), Number.of(value.amount, form, signed=True)
