"""``runs``: what the ledger holds."""

import argparse
import json

from forecast.folder import note_interrupted
from forecast.ledger import Ledger
from forecast.records import RunState
from kpi.settings import Settings
from kpi.store import open_store


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Newest last, as the ledger gives them; those whose process died are marked first."""
    ledger = Ledger(open_store(settings.store_url))
    records = ledger.runs()
    if any(record.state is RunState.RUNNING for record in records):
        note_interrupted(ledger, settings.data_dir / "runs")
        records = ledger.runs()
    if chosen.json:
        print(json.dumps([record.model_dump(mode="json") for record in records], ensure_ascii=False))
        return 0
    for record in records:
        started = record.started_at.isoformat(timespec="seconds")
        print(f"{record.run_id[:16]}  {record.state.value:<12}{record.progress:>5.0%}  {started}  {record.message}")
    return 0
