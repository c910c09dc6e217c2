"""``uploads`` and ``snapshots``: what the store holds."""

import argparse
import json
from typing import Any

from kpi.commands.shared import existing_store, upload_summary
from kpi.settings import Settings


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of both."""
    words = {
        "uploads": (list_uploads, "list the uploads 列出上传"),
        "snapshots": (list_snapshots, "list the snapshots 列出快照"),
    }
    for name, (act, help_text) in words.items():
        parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text)
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
        parser.set_defaults(act=act)


def list_uploads(chosen: argparse.Namespace, settings: Settings) -> int:
    """Oldest first."""
    store = existing_store(settings)
    uploads = store.uploads() if store else []
    if chosen.json:
        print(json.dumps([upload_summary(upload) for upload in uploads], ensure_ascii=False))
        return 0
    for upload in uploads:
        when = upload.checked_at.isoformat(timespec="seconds")
        print(
            f"{upload.id:>5}  {upload.state.value:<9} {upload.fact_count:>7} facts  {when}  {upload.workbook.filename}"
        )
    return 0


def list_snapshots(chosen: argparse.Namespace, settings: Settings) -> int:
    """Oldest first."""
    store = existing_store(settings)
    snapshots = store.snapshots() if store else []
    if chosen.json:
        print(json.dumps([snapshot.model_dump(mode="json") for snapshot in snapshots], ensure_ascii=False))
        return 0
    for snapshot in snapshots:
        when = snapshot.created_at.isoformat(timespec="seconds")
        print(
            f"{snapshot.id:>5}  {snapshot.content_hash[:16]}  {snapshot.fact_count:>7} facts  {when}  {snapshot.reason}"
        )
    return 0
