"""An insurer of any size, made from a seed, for :mod:`benchmarks.pages`: org units, facts, and a finished forecast.

Two thousand org units by the twenty quantities that sub-branches report by forty quarters are 1.6 million facts; what
only branches report comes on top. Facts and forecasts go through the store's and the ledger's own doors, but for the
rows of the workbook, which nobody could drop on a page.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from sqlalchemy import insert, update

from forecast.ledger import Ledger
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from kpi.catalogue.load import load_catalogue
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import Period
from kpi.scorecard.load import load_template_named
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.template import PartKind, ScorecardTemplate
from kpi.scorecard.values import kpi_by_unit
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.store.tables import upload, upload_fact
from kpi.text import Text
from tests.e2e.site import store_url

ACTOR, REASON, SEED = "benchmark", "pages", 20261
FIRST, QUARTERS, AHEAD = Period.quarter(2016, 4), 40, 8
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
_DONE = "complete.json"
_BATCH = 50_000


@dataclass(frozen=True)
class Quantity:
    """A component that lies about ``size`` a quarter, or between ``low`` and ``high`` times another one."""

    code: str
    size: int = 0
    of: str = ""
    low: float = 0.0
    high: float = 0.0
    planned: bool = False
    cents: bool = False


SUB_BRANCH: Sequence[Quantity] = (
    Quantity("standard_premium", 10_000_000, planned=True, cents=True),
    Quantity("company_expense", 1_500_000, planned=True, cents=True),
    Quantity("earned_risk_premium", 4_000_000, cents=True),
    Quantity("claims_paid", of="earned_risk_premium", low=0.5, high=0.66, cents=True),
    Quantity("outstanding_claims", of="earned_risk_premium", low=0.2, high=0.24, cents=True),
    Quantity("first_year_premium_of_cohort", 5_000_000, cents=True),
    Quantity("second_year_premium_received", of="first_year_premium_of_cohort", low=0.72, high=0.93, cents=True),
    Quantity("complaints_received", 40),
    Quantity("complaints_resolved", of="complaints_received", low=0.88, high=1.0),
    Quantity("claims_closed", 300),
    Quantity("claim_cycle_days_total", of="claims_closed", low=8.0, high=15.0),
    Quantity("claims_registered", 320),
    Quantity("claims_registered_in_time", of="claims_registered", low=0.9, high=1.0),
    Quantity("policies_issued", 900),
    Quantity("policies_issued_within_5_days", of="policies_issued", low=0.82, high=0.96),
    Quantity("agents_on_roll", 120),
    Quantity("agents_licensed", of="agents_on_roll", low=0.95, high=1.0),
    Quantity("agents_with_sales", of="agents_on_roll", low=0.4, high=0.7),
)
BRANCH: Sequence[Quantity] = (
    Quantity("new_business_market_total", 2_000_000_000, cents=True),
    Quantity("new_business_standard_premium", of="new_business_market_total", low=0.03, high=0.07, cents=True),
    Quantity("survey_respondents_market", 800),
    Quantity("respondents_aware", of="survey_respondents_market", low=0.35, high=0.55),
    Quantity("policy_changes", 5000),
    Quantity("policy_changes_in_3_days", of="policy_changes", low=0.9, high=1.0),
    Quantity("cases_accepted", 9000),
    Quantity("problem_cases", of="cases_accepted", low=0.02, high=0.1),
    Quantity("underwriting_cases", 9000),
    Quantity("underwriting_errors", of="underwriting_cases", low=0.005, high=0.02),
    Quantity("appraisals_due", 60),
    Quantity("appraisals_on_time", of="appraisals_due", low=0.9, high=1.0),
    Quantity("trainings_held", 30, planned=True),
    Quantity("core_staff", 80),
    Quantity("core_leavers", of="core_staff", low=0.0, high=0.1),
    Quantity("employee_respondents", 300),
    Quantity("employee_score_sum", of="employee_respondents", low=70.0, high=90.0),
)
HEAD_OFFICE: Sequence[Quantity] = (
    Quantity("embedded_value", 90_000_000_000, cents=True),
    Quantity("capital_injected", 1_000_000, cents=True),
    Quantity("dividends_paid", 800_000_000, cents=True),
)

Line = tuple[str, str, str, str, Decimal]


def built(folder: Path, units: int, branches: int) -> Path:
    """The data folder of an insurer of ``units`` org units, made unless it stands there already."""
    place = folder / f"{units}-units"
    if not (place / _DONE).exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "scorecast.sqlite").unlink(missing_ok=True)
        store = open_store(store_url(place), lambda: NOW)
        count = _fill(store, company(units, branches))
        store.close()
        (place / _DONE).write_text(json.dumps({"facts": count, "seed": SEED}), encoding="utf-8")
    return place


def facts_in(place: Path) -> int:
    """How many facts an insurer has."""
    return int(json.loads((place / _DONE).read_text(encoding="utf-8"))["facts"])


def company(units: int, branches: int) -> Organisation:
    """A head office, its branches, and sub-branches shared out among them."""
    head = OrgUnit(code="head_office", kind="head_office", name=Text(zh="总公司", en="Head office"))
    above = [
        OrgUnit(code=f"b{n:02}", kind="branch", parent=head.code, name=Text(zh=f"第{n}分公司", en=f"Branch {n}"))
        for n in range(1, branches + 1)
    ]
    below = []
    for n in range(units - branches - 1):
        parent = above[n % branches]
        name = Text(zh=f"{parent.name.zh}第{n}支公司", en=f"{parent.name.en}, office {n}")
        below.append(OrgUnit(code=f"{parent.code}_{n:04}", kind="branch", parent=parent.code, name=name))
    return Organisation(name=Text(zh="测量用保险公司", en="The measured insurer"), units=(head, *above, *below))


def lines(organisation: Organisation) -> Iterator[Line]:
    """Every fact, org unit by org unit."""
    inner = {unit.parent for unit in organisation.units}
    for unit in organisation.units:
        below = BRANCH if unit.code in inner else SUB_BRANCH
        yield from _lines_of(unit.code, HEAD_OFFICE if unit.parent is None else below)


def _lines_of(unit: str, quantities: Sequence[Quantity]) -> Iterator[Line]:
    random = Random(f"{SEED} {unit}")
    quality = random.uniform(0.6, 1.6)
    known: dict[str, list[float]] = {}
    for quantity in quantities:
        values = known[quantity.code] = []
        for step in range(QUARTERS):
            if quantity.of:
                share = quantity.low + (quantity.high - quantity.low) * random.random()
                value = known[quantity.of][step] * share
            else:
                value = quantity.size * quality * (1 + step / 60) * random.uniform(0.9, 1.1)
            values.append(value if quantity.cents else float(int(value)))
            period = str(FIRST.shift(step))
            yield quantity.code, unit, period, "actual", _exact(values[-1], quantity)
            if quantity.planned:  # up to the end of the year
                plan = value * random.uniform(0.92, 1.08)
                yield quantity.code, unit, str(FIRST.shift(step + 1)), "plan", _exact(plan, quantity)


def _exact(value: float, quantity: Quantity) -> Decimal:
    return Decimal(int(value * 100)).scaleb(-2) if quantity.cents else Decimal(int(value))


def _fill(store: Store, organisation: Organisation) -> int:
    """Organisation, one approved upload, one finished run; returns how many facts there are."""
    store.save_organisation(organisation, ACTOR, REASON)
    workbook, _ = store.keep_workbook(b"made by a seed", "seed.xlsx", ACTOR)
    number = store.record_check(workbook.sha256, [], [], ACTOR).id
    count = 0
    with store.writing(ACTOR) as write:
        for batch in _batches(lines(organisation)):
            rows = [_upload_row(number, count + at, line) for at, line in enumerate(batch)]
            write.connection.execute(insert(upload_fact), rows)
            count += len(rows)
        write.connection.execute(update(upload).where(upload.c.id == number).values(fact_count=count))
        write.log("upload.checked", f"upload {number}", f"{count} facts")
    store.approve(number, ACTOR, REASON)
    _forecast(store, organisation)
    return count


def _batches(found: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in found:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _upload_row(number: int, row: int, line: Line) -> dict[str, object]:
    key = dict(zip(("measure", "org_unit", "period", "scenario", "value"), line, strict=True))
    return key | {
        "upload_id": number,
        "sheet": "Data",
        "cell": f"E{row + 2}",
        "text": str(line[-1]),
        "conversions": "[]",
    }


def _forecast(store: Store, organisation: Organisation) -> None:
    """A finished run, as the ledger keeps it: what came last goes on with some spread."""
    settings = Settings()
    catalogue = load_catalogue(settings.catalogue_dir)
    template = load_template_named(settings.scorecard, settings.scorecards_dir, catalogue)
    snapshot = store.latest_snapshot()
    assert snapshot is not None
    panel = Panel.build(store.snapshot_rows(snapshot.id), organisation, catalogue, template, settings.calendar)
    run = RunRecord(
        run_id=hashlib.sha256(f"{SEED} {snapshot.content_hash}".encode()).hexdigest(),
        snapshot_id=snapshot.id,
        state=RunState.RUNNING,
        progress=0.0,
        started_at=NOW,
        started_by=ACTOR,
        numerics="order_free",
        device="cpu",
    )
    ledger = Ledger(store)
    ledger.begin_run(run)
    done = run.model_copy(update={"state": RunState.DONE, "progress": 1.0, "finished_at": NOW})
    ledger.finish_run(run.run_id, done, list(_kpi_rows(panel, template)), list(_score_rows(organisation, template)))


def _ahead() -> Iterator[tuple[Period, Window]]:
    for step in range(QUARTERS, QUARTERS + AHEAD):
        quarter = FIRST.shift(step)
        yield quarter, Window.QUARTER
        yield quarter, Window.YTD
        if quarter.index == 4:
            yield quarter, Window.YEAR


def _kpi_rows(panel: Panel, template: ScorecardTemplate) -> Iterator[KpiForecast]:
    random, last = Random(SEED), FIRST.shift(QUARTERS - 1)
    for entry in template.entries:
        for unit, (value, _) in kpi_by_unit(panel, entry.kpi, last, Window.QUARTER).items():
            if value.amount is None:
                continue
            rolling = ((FIRST.shift(QUARTERS + step), Window.ROLLING4) for step in range(AHEAD))
            for quarter, window in (*_ahead(), *rolling):
                middle, chance = float(value.amount) * random.uniform(0.98, 1.03), random.random()
                landing = window is Window.YEAR
                yield KpiForecast(
                    kpi=entry.kpi,
                    org_unit=unit,
                    period=quarter,
                    window=window,
                    p2_5=middle * 0.94,
                    p10=middle * 0.96,
                    p25=middle * 0.98,
                    p50=middle,
                    p75=middle * 1.02,
                    p90=middle * 1.04,
                    p97_5=middle * 1.06,
                    chance=chance,
                    green=chance,
                    amber=(1 - chance) / 2,
                    red=(1 - chance) / 2,
                    needed=middle * 1.01 if landing else None,
                    expected=middle if landing else None,
                )


def _score_rows(organisation: Organisation, template: ScorecardTemplate) -> Iterator[ScoreForecast]:
    random = Random(SEED + 1)
    parts: list[tuple[PartKind, str]] = [("objective", each.code) for each in template.objectives]
    parts += [("group", each.code) for each in template.groups]
    parts.append(("total", template.code))
    for kind, code in parts:
        for unit in organisation.units:
            for quarter, window in _ahead():
                middle = random.uniform(80.0, 110.0)
                yield ScoreForecast(
                    kind=kind,
                    code=code,
                    org_unit=unit.code,
                    period=quarter,
                    window=window,
                    p10=middle - 6,
                    p50=middle,
                    p90=middle + 5,
                    green=0.5,
                    amber=0.3,
                    red=0.2,
                    coverage=1.0,
                )
