"""``inspect``: read workbooks without storing anything."""

import argparse
import csv
import io
import json
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.commands.reading import add_reading_options, corrections_of, password_of
from kpi.commands.shared import existing_store, exit_code, print_findings, read_file, write_file
from kpi.facts import canonical_decimal
from kpi.intake.plain_text import neutral
from kpi.intake.report import Inspection, Reading
from kpi.intake.service import inspection_of, intake_context
from kpi.settings import Settings

_COLUMNS = Reading._fields


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``inspect``."""
    parser: argparse.ArgumentParser = commands.add_parser("inspect", help="read workbooks without storing 检查工作簿")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--facts", type=Path, metavar="OUT.csv", help="write every number that was understood")
    add_reading_options(parser)
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Inspect each file; 2 when any has an error."""
    said, password = corrections_of(chosen), password_of(chosen)
    context = intake_context(existing_store(settings), load_catalogue(settings.catalogue_dir), settings, said)
    inspections = [inspection_of(read_file(file), str(file), context, password) for file in chosen.files]
    if chosen.facts:
        write_file(chosen.facts, readings_csv(inspections).encode("utf-8-sig"))
    if chosen.json:
        documents = [document(inspection) for inspection in inspections]
        whole = documents[0] if len(documents) == 1 else {"workbooks": documents}
        print(json.dumps(whole, ensure_ascii=False))
    for inspection in inspections:
        if not chosen.json:
            _print(inspection)
        print_findings(inspection.findings, settings.language)
    return max(exit_code(inspection.findings) for inspection in inspections)


def document(inspection: Inspection) -> dict[str, Any]:
    """An inspection as JSON: its facts with their cells of origin, its findings, its tables."""
    whole = inspection.model_dump(mode="json", exclude={"readings", "facts"})
    whole["refused"] = inspection.refused
    whole["facts"] = [
        fact.key.model_dump(mode="json")
        | {"value": canonical_decimal(fact.value), "origin": fact.origin.model_dump(mode="json", exclude={"workbook"})}
        for fact in inspection.facts
    ]
    return whole


def readings_csv(inspections: list[Inspection]) -> str:
    """Every number that was read, one row each; with several workbooks the sheet is preceded by its file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_COLUMNS)
    for inspection in inspections:
        for reading in inspection.readings:
            row = reading._asdict()
            row["value"] = canonical_decimal(reading.value)
            row["cumulative"] = "yes" if reading.cumulative else "no"
            row["label"] = neutral(reading.label)
            row["conversions"] = neutral("; ".join(reading.conversions))
            sheet = f"[{inspection.filename}]{reading.sheet}" if len(inspections) > 1 else reading.sheet
            row["sheet"] = neutral(sheet)
            writer.writerow(row[name] for name in _COLUMNS)
    return buffer.getvalue()


def _print(inspection: Inspection) -> None:
    print(f"{inspection.filename}: {len(inspection.facts)} facts, {len(inspection.findings)} findings")
    for table in inspection.tables:
        print(f"  {table.sheet}!{table.area}  {table.layout}")
