"""``export``: the facts of a snapshot as a long table that can be read back."""

import argparse
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.commands.shared import write_file
from kpi.errors import refuse
from kpi.intake.export import facts_workbook
from kpi.settings import Settings
from kpi.store import open_store


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``export``."""
    parser: argparse.ArgumentParser = commands.add_parser("export", help="write the facts of a snapshot to xlsx 导出")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    parser.add_argument("--snapshot", type=int, metavar="ID", help="another snapshot than the newest")
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Write the file, then log that facts left the house."""
    store = open_store(settings.store_url)
    snapshot = store.snapshot(chosen.snapshot) if chosen.snapshot else store.latest_snapshot()
    organisation = store.organisation()
    if snapshot is None or organisation is None:
        raise refuse("还没有批准的数据可导出。", "there is no approved data to export yet.")
    catalogue = load_catalogue(settings.catalogue_dir)
    facts = store.snapshot_facts(snapshot.id)
    write_file(chosen.out, facts_workbook(facts, catalogue, organisation, snapshot.id, settings.language))
    store.audit(settings.user, "snapshot.exported", f"snapshot {snapshot.id}", chosen.out.name)
    print(f"{chosen.out}: {len(facts)} facts of snapshot {snapshot.id}")
    return 0
