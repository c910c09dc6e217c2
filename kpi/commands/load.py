"""``load``: read a workbook and keep it for a decision."""

import argparse
import json
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.commands.shared import exit_code, print_findings, read_file, upload_summary
from kpi.intake.service import check_upload
from kpi.settings import Settings
from kpi.store import open_store


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``load``."""
    parser: argparse.ArgumentParser = commands.add_parser("load", help="read a workbook and keep it for approval 载入")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Keep bytes, findings and candidate facts; no figure changes before approval."""
    content = read_file(chosen.file)
    store = open_store(settings.store_url)
    catalogue = load_catalogue(settings.catalogue_dir)
    upload = check_upload(store, catalogue, settings, content, chosen.file.name, settings.user)
    counts = store.difference(upload.id).counts
    if chosen.json:
        print(json.dumps(upload_summary(upload) | {"difference": counts}, ensure_ascii=False))
    else:
        print(f"upload {upload.id}: {upload.state.value}, {upload.fact_count} facts")
        print("  ".join(f"{name} {count}" for name, count in counts.items()))
    print_findings(upload.findings, settings.language)
    return exit_code(upload.findings)
