"""Packs of a small company built by code: four KPIs, a run with made-up forecasts, no store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

from forecast.inputs import RunInputs
from forecast.journal import Head
from forecast.nearness import KpiPast
from forecast.overlays import Overlay, OverlayState
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from forecast.series import Row
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.store.records import SnapshotRecord
from kpi.text import Language
from report.pack.build import build
from report.pack.document import Document
from report.pack.pages import chosen_pages
from report.pack.source import Source
from report.pack.stamp import Stamp
from tests.forecast.builders import inputs, rows

NOON = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
QUARTER, YEAR_END = Period.parse("2026Q3"), Period.parse("2026Q4")
HEAD = Head(7, "2026-11-02T12:30:00Z", "c" * 64)
SNAPSHOT = SnapshotRecord(
    id=3,
    content_hash="5" * 64,
    parent_id=2,
    upload_id=3,
    fact_count=9,
    created_at=NOON,
    created_by="wang",
    reason="quarter end",
)
RUN = RunRecord(
    run_id="ab" * 32,
    snapshot_id=3,
    state=RunState.DONE,
    progress=1.0,
    started_at=NOON,
    finished_at=NOON,
    started_by="li",
    numerics="order_free",
    device="cpu",
    weights_digest="1" * 64,
    forecast_digest="2" * 64,
    passport="gone.zip",
    seal="3" * 64,
)
KPIS = ("premium_attainment", "loss_ratio", "in_time_rate", "licence_rate")


def doubled(measure: str) -> tuple[Row, ...]:
    """The facts of the company with twice as much of ``measure``."""
    return tuple((*row[:4], row[4] * 2) if row[0] == measure else row for row in rows())


def forecast(kpi: str, window: Window, middle: float = 0.97, **more: float) -> KpiForecast:
    chances = {"chance": 0.4, "green": 0.4, "amber": 0.5, "red": 0.1} | more
    return KpiForecast(
        kpi=kpi, org_unit="head_office", period=YEAR_END, window=window, p10=0.95, p50=middle, p90=0.99, **chances
    )


def past(kpi: str) -> tuple[KpiPast, ...]:
    """Eight quarters whose forecast was one point off, where last year's value was three off."""
    quarters = (QUARTER.shift(step) for step in range(-7, 1))
    return tuple(KpiPast(kpi, "head_office", quarter, 0.61, 0.60, 0.63) for quarter in quarters)


def overlay(kpi: str, reason: str) -> Overlay:
    """A landing of the head office that li set and wang approved."""
    return Overlay(
        id=1,
        kpi=kpi,
        org_unit="head_office",
        year_end=YEAR_END,
        value=Decimal("0.9"),
        reason=reason,
        made_at=NOON,
        made_by="li",
        state=OverlayState.APPROVED,
        decided_at=NOON,
        decided_by="wang",
        decision_reason="agreed",
    )


def score_forecast(kind: str, code: str, window: Window) -> ScoreForecast:
    return ScoreForecast.model_validate(
        {"kind": kind, "code": code, "org_unit": "head_office", "period": "2026Q4", "window": window}
        | {"p10": 91.0, "p50": 94.5, "p90": 97.0, "green": 0.2, "amber": 0.7, "red": 0.1, "coverage": 1.0}
    )


@cache
def source(run: bool = True, facts: tuple[Row, ...] | None = None) -> Source:
    """The head office at the third quarter of 2026, year to date."""
    given: RunInputs = inputs(None if facts is None else list(facts))
    rows = {kpi: tuple(forecast(kpi, window) for window in (Window.YTD, Window.YEAR)) for kpi in KPIS}
    scores = tuple(
        score_forecast(kind, code, window)
        for kind, code in (("total", "small"), ("group", "financial"))
        for window in (Window.YTD, Window.YEAR)
    )
    return Source(
        snapshot=SNAPSHOT,
        run=RUN if run else None,
        inputs=given,
        digests={name: name[0] * 64 for name in given.digests},
        panel=Panel.build(given.rows, given.organisation, given.catalogue, given.template, given.calendar),
        org_unit="head_office",
        quarter=QUARTER,
        window=Window.YTD,
        forecasts=rows if run else {},
        scores=scores if run else (),
        past={"loss_ratio": past("loss_ratio")} if run else {},
        overlays=(),
        head=HEAD,
    )


def document(
    language: Language = "en",
    pages: Sequence[str] = (),
    commentary: Mapping[str, str] | None = None,
    of: Source | None = None,
) -> Document:
    found = of or source()
    return build(found, chosen_pages(pages, found.inputs.template), language, commentary or {})


def stamp(of: Document) -> Stamp:
    return Stamp(of.hash, HEAD)
