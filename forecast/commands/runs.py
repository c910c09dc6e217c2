"""``runs``: what the ledger holds."""

import argparse
import json

from forecast.folder import note_interrupted
from forecast.ledger import Ledger
from forecast.live import read_live
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
    live = read_live(settings.data_dir / "runs")
    for record in records:
        message = record.message
        if live is not None and record.state is RunState.RUNNING and record.run_id == live.run_id:
            message = live.words.in_(settings.language)
        started = record.started_at.isoformat(timespec="seconds")
        print(f"{record.run_id[:16]}  {record.state.value:<12}{record.progress:>5.0%}  {started}  {message}")
    return 0
