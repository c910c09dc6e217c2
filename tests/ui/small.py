"""A page's view of a small insurer with gaps, without a store."""

from collections.abc import Sequence
from datetime import UTC, datetime

from kpi.catalogue.models import Catalogue
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import KpiResult, Window
from kpi.scorecard.template import ScorecardTemplate
from kpi.store.records import SnapshotRecord
from kpi.text import Language
from report.format import Format
from report.words import Words
from tests.kpi.scorecard.builders import catalogue, kpi, organisation, panel, quarters, template, version
from ui.address import Address, Choices
from ui.view import DataView

QUARTER = Period.parse("2026Q2")
SNAPSHOT = SnapshotRecord(
    id=1,
    content_hash="a" * 64,
    parent_id=None,
    upload_id=1,
    fact_count=1,
    created_at=datetime(2026, 11, 2, tzinfo=UTC),
    created_by="li",
    reason="closing",
)
# n1 stops after the first quarter and south plans less than it reports: actuals 5 of 6 cells, compared ones 4 of 6.
GAPS: list[Row] = [
    *quarters("sales", "n1", 2026, ["10"]),
    *quarters("sales", "n2", 2026, ["10", "10"]),
    *quarters("sales", "south", 2026, ["10", "10"]),
    *quarters("sales", "n1", 2026, ["10", "10"], "plan"),
    *quarters("sales", "n2", 2026, ["10", "10"], "plan"),
    *quarters("sales", "south", 2026, ["10"], "plan"),
]
WHOLE: list[Row] = [
    fact
    for unit in ("n1", "n2", "south")
    for scenario in ("actual", "plan")
    for fact in quarters("sales", unit, 2026, ["10", "10"], scenario)
]


def small_catalogue() -> Catalogue:
    """One KPI, the sum of one component."""
    return catalogue([kpi("sales_kpi", version("sales"))])


def small_template() -> ScorecardTemplate:
    """A scorecard of that KPI."""
    return template([{"kpi": "sales_kpi"}])


def small_panel(facts: Sequence[Row]) -> Panel:
    """The facts of the small insurer."""
    return panel(facts, small_catalogue(), small_template())


def result(facts: Sequence[Row], org_unit: str = "head", window: Window = Window.YTD) -> KpiResult:
    """The KPI's row of the scorecard."""
    return score(small_panel(facts), small_template(), org_unit, QUARTER, window).kpis[0]


def view(language: Language, facts: Sequence[Row]) -> DataView:
    """What the pages know of the head office at the second quarter."""
    return DataView(
        address=Address(language, "head", QUARTER),
        t=Words(language),
        fmt=Format(language),
        snapshot=SNAPSHOT,
        run=None,
        choices=Choices(language, quarters=(QUARTER,)),
        unknown=(),
        organisation=organisation(),
        panel=small_panel(facts),
        quarter=QUARTER,
        last_actual=QUARTER,
        outlooks={},
        scores={},
    )
