"""``approve`` and ``reject``: decide on an upload, with a reason."""

import argparse
import json
from typing import Any

from kpi.commands.shared import upload_summary
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.store import open_store


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of both."""
    words = {"approve": "make an upload the newest snapshot 批准", "reject": "close an upload without using it 退回"}
    for name, help_text in words.items():
        parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text)
        parser.add_argument("upload", type=int)
        parser.add_argument("--reason", required=True, help="goes into the audit log")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
        parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """One transaction with its row in the audit log."""
    if not chosen.reason.strip():
        raise refuse("请用 --reason 说明理由。", "give a reason with --reason.")
    store = open_store(settings.store_url)
    decide = store.approve if chosen.command == "approve" else store.reject
    decide(chosen.upload, settings.user, chosen.reason.strip())
    upload = store.upload(chosen.upload)
    if chosen.json:
        print(json.dumps(upload_summary(upload), ensure_ascii=False))
    else:
        print(
            f"upload {upload.id}: {upload.state.value}"
            + (f", snapshot {upload.snapshot_id}" if upload.snapshot_id else "")
        )
    return 0
