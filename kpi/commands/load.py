"""``load``: read a workbook and keep it for a decision."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.commands.reading import add_reading_options, corrections_of, password_of
from kpi.commands.shared import exit_code, print_findings, read_file, upload_summary
from kpi.intake.corrections import Corrections
from kpi.intake.isolated import isolated
from kpi.intake.readers import unlocked
from kpi.intake.service import check_upload, intake_context, study
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.store.records import Remembered
from kpi.text import Language, Text

_REMEMBERED = Text(zh="按 {by} 于 {at} 的确认读取：", en="read as {by} confirmed on {at}:")
_NOTHING = Text(zh="这种格式的工作簿没有已确认的更正。", en="nothing is remembered for workbooks of this form.")


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``load``."""
    parser: argparse.ArgumentParser = commands.add_parser("load", help="read a workbook and keep it for approval 载入")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument(
        "--remembered", action="store_true", help="apply what was confirmed for workbooks of its form 采用已确认的更正"
    )
    add_reading_options(parser)
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Keep bytes, findings and candidate facts; no figure changes before approval."""
    content = read_file(chosen.file)
    store = open_store(settings.store_url)
    catalogue = load_catalogue(settings.catalogue_dir)
    said = corrections_of(chosen)
    content = isolated(unlocked, content, chosen.file.name, password_of(chosen))
    if chosen.remembered:
        said = _with_remembered(store, catalogue, settings, content, chosen.file.name, said)
    upload = check_upload(store, catalogue, settings, content, chosen.file.name, settings.user, corrections=said)
    counts = store.difference(upload.id).counts
    if chosen.json:
        print(json.dumps(upload_summary(upload) | {"difference": counts}, ensure_ascii=False))
    else:
        print(f"upload {upload.id}: {upload.state.value}, {upload.fact_count} facts")
        print("  ".join(f"{name} {count}" for name, count in counts.items()))
    print_findings(upload.findings, settings.language)
    return exit_code(upload.findings)


def _with_remembered(
    store: Store, catalogue: Catalogue, settings: Settings, content: bytes, filename: str, said: Corrections
) -> Corrections:
    """What was confirmed for the form of a workbook, told on standard error; ``said`` counts before it."""
    shape = study(content, filename, intake_context(store, catalogue, settings)).shape
    found = store.remembered_corrections(shape) if shape else None
    for line in _told(found, settings.language):
        print(line, file=sys.stderr)
    return found.corrections.merged_with(said) if found else said


def _told(found: Remembered | None, language: Language) -> list[str]:
    if found is None:
        return [_NOTHING.in_(language)]
    corrections = found.corrections
    lines = [_REMEMBERED.in_(language).format(by=found.by, at=found.at.isoformat(timespec="seconds"))]
    lines += [f"  {label} -> {code or '-'}" for label, code in (corrections.measures | corrections.org_units).items()]
    lines += [f"  {name} -> {each.model_dump_json(exclude_defaults=True)}" for name, each in corrections.sheets.items()]
    return lines
