"""The year-end of the main KPIs as a chart, as a table and in words."""

from collections.abc import Sequence

from forecast.attention import UNLIKELY
from forecast.main_landings import MainLanding
from kpi.catalogue.models import Catalogue
from report.charts import Spec
from report.format import Format, Number
from report.landing_bars import LandingBar, landing_bars
from report.tables import Cell, Column, Row, RowGroup, StatusCell, Table, TextCell
from report.words import Words

COLUMNS = ("share", "p10", "p50", "p90", "plan", "chance")


class LandingWords:
    """Writes landings of KPIs of ``catalogue`` in one language."""

    def __init__(self, catalogue: Catalogue, t: Words, fmt: Format) -> None:
        self.catalogue, self.t, self.fmt = catalogue, t, fmt

    def chart(self, landings: Sequence[MainLanding]) -> Spec:
        """A bar for each of ``landings``, which must be some."""
        bars = [self._bar(landing) for landing in landings]
        return landing_bars(bars, self.t("home.landing_plan"), self.t("home.landing_chance"))

    def table(self, landings: Sequence[MainLanding]) -> Table:
        """The same in figures."""
        columns = [Column("kpi", self.t("site.kpi"))]
        columns += [Column(name, self.t(f"home.column_{name}"), "right") for name in COLUMNS]
        columns += [Column("status", self.t("home.column_status"))]
        return Table(self.t("home.landing"), columns, [RowGroup([self._row(landing) for landing in landings])])

    def alt(self, landings: Sequence[MainLanding]) -> str:
        """What the chart comes to, for those who cannot see it; the platform reads it out on each of its buttons too,
        so it is short, and the table says the rest."""
        likely = sum((landing.landing.chance or 0) >= UNLIKELY for landing in landings)
        return self.t("home.landing_alt", count=len(landings), likely=likely)

    def _name(self, landing: MainLanding) -> str:
        return self.catalogue.kpi[landing.kpi].name.in_(self.fmt.language)

    def _amounts(self, landing: MainLanding) -> dict[str, str]:
        unit, row = self.catalogue.unit_of(landing.kpi), landing.landing
        amounts: dict[str, Number] = {"p10": row.p10, "p50": row.p50, "p90": row.p90, "plan": landing.plan}
        return {name: self.fmt.value(amount, unit) for name, amount in amounts.items()}

    def _bar(self, landing: MainLanding) -> LandingBar:
        return LandingBar(
            name=self._name(landing),
            detail=self.t("home.landing_detail", **self._amounts(landing)),
            chance=self.fmt.chance(landing.landing.chance),
            low=float(landing.low),
            middle=float(landing.middle),
            high=float(landing.high),
            role=landing.status.value,
            status=self.t(f"status.{landing.status.value}"),
        )

    def _row(self, landing: MainLanding) -> Row:
        words = {"kpi": self._name(landing), "share": self.fmt.percent(landing.share), **self._amounts(landing)}
        cells: dict[str, Cell] = {name: TextCell(text) for name, text in words.items()}
        cells["chance"] = TextCell(self.fmt.chance(landing.landing.chance))
        cells["status"] = StatusCell(landing.status.value, self.t(f"status.{landing.status.value}"))
        return Row(landing.kpi, cells)
