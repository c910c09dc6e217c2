"""Judges the rules of a store by what its newest snapshot and the run that the pages show of it say."""

from collections.abc import Sequence

from forecast.alerts.book import AlertBook
from forecast.alerts.checks import read_default_rules
from forecast.alerts.evaluate import evaluate
from forecast.alerts.observe import landings_of, observe, run_before, run_shown
from forecast.alerts.records import Settled
from forecast.alerts.rule_book import RuleBook
from forecast.ledger import Ledger
from forecast.newest import newest_panel
from kpi.settings import Settings
from kpi.store import Store


def rule_book(store: Store, settings: Settings) -> RuleBook:
    """The rules of the store, those of ``alerts_dir`` where it never had any."""
    return RuleBook(store, read_default_rules(settings.alerts_dir))


def judge(store: Store, settings: Settings, channels: Sequence[str] = ()) -> Settled | None:
    """Judge every rule and keep what it raised or ended, new alerts to be told by ``channels``.

    None where there is nothing to judge by: no snapshot, no run of the newest one, or a newer one since.
    """
    snapshot, panel, ledger = store.latest_snapshot(), newest_panel(store, settings), Ledger(store)
    runs = ledger.runs()
    if snapshot is None or panel is None or panel.template is None:
        return None
    run, before = run_shown(runs, snapshot.id), run_before(runs, snapshot.id)
    if run is None:
        return None
    rules = {record.id: record.rule for record in rule_book(store, settings).rules()}
    seen = observe(panel, panel.template, snapshot.id, ledger.run_forecasts(run.run_id), rules.values())
    if seen is None:
        return None
    earlier = landings_of(ledger.run_forecasts(before.run_id), seen.year) if before else {}
    return AlertBook(store).settle(evaluate(rules, seen, earlier), run.run_id, snapshot.id, channels)
