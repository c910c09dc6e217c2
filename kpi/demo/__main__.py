"""``python -m kpi.demo write`` makes the demo workbooks anew; ``load`` brings them into the store."""

import argparse
import sys
from pathlib import Path

from kpi.catalogue.load import load_catalogue
from kpi.command_line import answer
from kpi.demo.load import FOLDER, load_demo
from kpi.demo.workbooks import demo_workbooks
from kpi.intake.service import read_organisation
from kpi.scorecard.load import load_templates
from kpi.settings import Settings
from kpi.store import open_store


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kpi.demo", description="The demo company. 示例公司。")
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser("write", help="make the demo workbooks anew 重新生成示例工作簿")
    write.add_argument("--out", type=Path, default=FOLDER)
    commands.add_parser("load", help="load them into the store 载入示例公司")
    chosen = parser.parse_args(arguments)
    return answer(lambda settings: _write(settings, chosen.out) if chosen.command == "write" else _load(settings))


def _write(settings: Settings, folder: Path) -> int:
    catalogue = load_catalogue(settings.catalogue_dir)
    scorecard = load_templates(settings.scorecards_dir, catalogue)["balanced"]
    folder.mkdir(parents=True, exist_ok=True)
    organisation = read_organisation(settings.organisation_file)
    for name, content in demo_workbooks(catalogue, organisation, scorecard).items():
        (folder / name).write_bytes(content)
        print(folder / name)
    return 0


def _load(settings: Settings) -> int:
    store = open_store(settings.store_url)
    loaded = load_demo(store, load_catalogue(settings.catalogue_dir), settings)
    snapshot = store.latest_snapshot()
    print(f"{loaded} workbooks loaded; snapshot {snapshot.id if snapshot else '-'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
