"""``organisation``: tell the store which company it is for, from a YAML file."""

import argparse
from pathlib import Path
from typing import Any

from kpi.errors import refuse
from kpi.intake.service import read_organisation
from kpi.settings import Settings
from kpi.store import Store, open_store


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``organisation``."""
    parser: argparse.ArgumentParser = commands.add_parser("organisation", help="set the company tree 设置组织结构")
    parser.add_argument("file", type=Path, metavar="FILE.yaml", help="as data/demo/organisation.yaml")
    parser.add_argument("--reason", required=True, help="goes into the audit log")
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Keep the tree as the newest version; an org unit that approved facts speak of may not go."""
    organisation = read_organisation(chosen.file)
    store = open_store(settings.store_url)
    lost = sorted(_reporting(store) - organisation.by_code.keys())
    if lost:
        names = ", ".join(lost)
        raise refuse(
            f"{chosen.file} 缺少已有数据的机构：{names}。请保留它们。",
            f"{chosen.file} leaves out org units that have data: {names}. Keep them.",
        )
    store.save_organisation(organisation, settings.user, chosen.reason)
    print(f"{organisation.name.in_(settings.language)}: {len(organisation.units)}")
    return 0


def _reporting(store: Store) -> set[str]:
    snapshot = store.latest_snapshot()
    return {row[1] for row in store.snapshot_rows(snapshot.id)} if snapshot else set()
