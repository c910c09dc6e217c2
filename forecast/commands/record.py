"""``record``: the forecasts of past runs beside what the newest snapshot says."""

import argparse
import json
import sys

from forecast.ledger import Ledger
from forecast.newest import newest_panel
from forecast.past import record_of
from forecast.track_record import Judged, PastRun, in_words, summarise
from kpi.settings import Settings
from kpi.store import open_store
from kpi.text import Text

_NO_RUN = Text(zh="还没有完成的预测。", en="there is no finished forecast yet.")


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """A line for each finished run, the newest last; ``--json`` gives every forecast that was judged, too."""
    store = open_store(settings.store_url)
    panel = newest_panel(store, settings)
    ledger = Ledger(store)
    found = [] if panel is None else [(run, record_of(ledger, run, panel)) for run in ledger.past_runs()]
    if chosen.json:
        print(json.dumps([_document(run, judged) for run, judged in found], ensure_ascii=False))
        return 0
    if not found:
        print(_NO_RUN.in_(settings.language), file=sys.stderr)
    for run, judged in found:
        words = in_words(summarise(judged)).in_(settings.language)
        print(f"{run.run_id[:16]}  {run.started_at.isoformat(timespec='seconds')}  {words}")
    return 0


def _document(run: PastRun, judged: tuple[Judged, ...]) -> dict[str, object]:
    summary = summarise(judged).model_dump(mode="json")
    about = run.model_dump(mode="json", include={"run_id", "snapshot_id", "started_at", "first"})
    return about | {"summary": summary, "forecasts": [each.model_dump(mode="json") for each in judged]}
