"""``audit``: show the log, or check that it is whole."""

import argparse
import json
import sys
from typing import Any

from kpi.commands.shared import existing_store
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.store.records import AuditEntry

_BROKEN = 3


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``audit``."""
    parser: argparse.ArgumentParser = commands.add_parser("audit", help="show or check the audit log 审计日志")
    parser.add_argument("--check", action="store_true", help="name the first row that breaks the chain (exit code 3)")
    parser.add_argument("--last", type=int, default=20, metavar="N", help="how many rows to show")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Reads only."""
    store = existing_store(settings)
    if store is None:
        raise refuse("还没有数据库，因此没有审计日志。", "there is no database yet, hence no audit log.")
    if chosen.check:
        return _report(store.check_audit(), len(store.audit_entries()), chosen.json)
    entries = store.audit_entries(chosen.last)
    if chosen.json:
        print(json.dumps([entry.model_dump(mode="json") for entry in entries], ensure_ascii=False))
        return 0
    for entry in entries:
        print(
            f"{entry.id:>6}  {entry.at.isoformat(timespec='seconds')}  {entry.actor}  {entry.action}  {entry.subject}"
        )
    return 0


def _report(broken: AuditEntry | None, count: int, as_json: bool) -> int:
    if as_json:
        first = broken.model_dump(mode="json") if broken else None
        print(json.dumps({"whole": broken is None, "rows": count, "first_broken": first}, ensure_ascii=False))
    if broken is None:
        if not as_json:
            print(f"the audit log is whole: {count} rows 审计日志完整")
        return 0
    line = f"{broken.id} ({broken.action} {broken.subject} {broken.detail})"
    print(f"the audit log is broken at row {line} 审计日志在此行断裂", file=sys.stderr)
    return _BROKEN
