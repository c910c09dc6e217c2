"""``marked``: write the analyst's own workbook back with every finding marked in its cell."""

import argparse
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.commands.shared import existing_store, read_file, write_file
from kpi.intake.marked import marked_workbook
from kpi.intake.service import inspection_of, intake_context
from kpi.settings import Settings


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``marked``."""
    parser: argparse.ArgumentParser = commands.add_parser("marked", help="mark the findings in a workbook 标注问题")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.xlsx")
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Nothing is stored and the file itself stays as it is; 2 when it can't be read."""
    content = read_file(chosen.file)
    context = intake_context(existing_store(settings), load_catalogue(settings.catalogue_dir), settings)
    findings = inspection_of(content, chosen.file.name, context).findings
    write_file(chosen.out, marked_workbook(content, chosen.file.name, findings, settings.language))
    print(f"{chosen.out}: {len(findings)} findings")
    return 0
