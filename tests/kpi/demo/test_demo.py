"""The demo company looks like a company and survives a start that was killed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.demo.company import BRANCHES
from kpi.demo.figures import figures
from kpi.demo.load import ACTOR, demo_files, demo_wanted, load_demo
from kpi.demo.workbooks import demo_workbooks
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.load import load_templates
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Scorecard, Status, Window
from kpi.settings import DATA, Settings
from kpi.store import Store, open_store
from tests.kpi.intake.builders import DEMO, catalogue, context, inspect

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, tzinfo=UTC)
Q3 = Period.quarter(2026, 3)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.store_url, lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def panel() -> Panel:
    rows = [(*key, value) for key, value in figures().items()]
    template = load_templates(DATA / "scorecards", catalogue())["balanced"]
    return Panel.build(rows, context().organisation, catalogue(), template)


def card(panel: Panel, org_unit: str, quarter: Period = Q3) -> Scorecard:
    template = panel.template
    assert template is not None
    return score(panel, template, org_unit, quarter, Window.YTD)


@pytest.mark.slow
def test_the_shipped_workbooks_are_what_the_code_writes() -> None:
    template = load_templates(DATA / "scorecards", catalogue())["balanced"]
    written = demo_workbooks(catalogue(), context().organisation, template)

    assert [file.name for file in demo_files()] == list(written)
    for name, content in written.items():
        shipped = inspect((DEMO / name).read_bytes())
        fresh = inspect(content)
        assert [(f.key, f.value, f.origin.cell) for f in fresh.facts] == [
            (f.key, f.value, f.origin.cell) for f in shipped.facts
        ]


def test_every_kpi_of_the_starter_set_has_a_value_and_the_gates_hold(panel: Panel) -> None:
    whole = card(panel, "head_office")

    assert all(row.value.amount is not None for row in whole.kpis)
    assert all(gate.holds for gate in whole.gates)
    assert whole.total.amount is not None
    assert {row.status for row in whole.kpis} >= {Status.GREEN, Status.AMBER}


def test_one_branch_is_in_trouble_and_one_is_ahead(panel: Panel) -> None:
    totals = {branch.code: card(panel, branch.code).total.amount or Decimal(0) for branch in BRANCHES}

    assert min(totals, key=totals.__getitem__) == "liaoning"
    assert max(totals, key=totals.__getitem__) == "guangdong"
    assert card(panel, "liaoning").status is Status.RED
    assert card(panel, "guangdong").status is Status.GREEN


def test_the_first_quarter_is_the_heaviest_of_every_year() -> None:
    made = figures()
    for year in range(2020, 2026):
        quarters = [
            sum(made["standard_premium", b.code, q, Scenario.ACTUAL] for b in BRANCHES) for q in Period(year).quarters()
        ]
        assert quarters[0] == max(quarters)
        assert quarters[0] > Decimal("1.5") * quarters[3]


def test_a_definition_break_and_a_missing_quarter_are_there(panel: Panel) -> None:
    broken = next(row for row in card(panel, "head_office", Period.quarter(2023, 1)).kpis if "persistency" in row.kpi)
    assert broken.on_last_quarter.reason is Reason.BREAK

    claims = next(row for row in card(panel, "hubei", Period.quarter(2022, 2)).kpis if row.kpi == "claim_cycle_days")
    assert claims.value.present < claims.value.expected


def test_loading_twice_loads_once(store: Store, settings: Settings) -> None:
    assert load_demo(store, catalogue(), settings) == len(demo_files())
    assert load_demo(store, catalogue(), settings) == 0
    assert len(store.snapshots()) == len(demo_files())
    assert store.check_audit() is None
    assert not demo_wanted(store)


def test_a_load_that_was_killed_goes_on_where_it_stopped(store: Store, settings: Settings) -> None:
    class Killed(Exception):
        pass

    approve, done = store.approve, 0

    def approve_twice(upload: int, actor: str, reason: str) -> object:
        nonlocal done
        done += 1
        if done == 3:
            raise Killed
        return approve(upload, actor, reason)

    store.approve = approve_twice  # type: ignore[method-assign, assignment]
    with pytest.raises(Killed):
        load_demo(store, catalogue(), settings)
    store.approve = approve  # type: ignore[method-assign]
    assert demo_wanted(store)

    load_demo(store, catalogue(), settings)

    assert len(store.snapshots()) == len(demo_files())
    assert [upload.id for upload in store.uploads()] == list(range(1, len(demo_files()) + 1))


def test_a_store_that_somebody_uses_never_gets_the_demo_company(store: Store, settings: Settings) -> None:
    assert demo_wanted(store)

    store.keep_workbook(b"something", "own.xlsx", "analyst")
    store.record_check(store.keep_workbook(b"something", "own.xlsx", "analyst")[0].sha256, (), (), "analyst")

    assert not demo_wanted(store)


def test_a_store_with_an_organisation_of_its_own_never_gets_the_demo_company(store: Store) -> None:
    store.save_organisation(context().organisation, "analyst", "our own")

    assert not demo_wanted(store)
    assert ACTOR != "analyst"
