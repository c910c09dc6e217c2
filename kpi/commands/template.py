"""``template``: our own workbook to fill in, prefilled."""

import argparse
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.commands.shared import existing_store, write_file
from kpi.errors import refuse
from kpi.intake.service import prefilled_template
from kpi.periods import Grain, Period
from kpi.settings import Settings


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``template``."""
    parser: argparse.ArgumentParser = commands.add_parser("template", help="write our template, prefilled 模板")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    parser.add_argument("--quarter", help="e.g. 2026Q4; default: the one after the newest facts")
    parser.add_argument("--language", choices=("zh", "en"))
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Write the file; nothing is stored."""
    quarter = _quarter(chosen.quarter) if chosen.quarter else None
    store, catalogue = existing_store(settings), load_catalogue(settings.catalogue_dir)
    write_file(
        chosen.out, prefilled_template(store, catalogue, settings, chosen.language or settings.language, quarter)
    )
    print(chosen.out)
    return 0


def _quarter(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as problem:
        raise refuse(f"“{text}”不是季度，请写成 2026Q4。", f"{text!r} is not a quarter such as 2026Q4.") from problem
    if period.grain is not Grain.QUARTER:
        raise refuse(f"“{text}”不是季度，请写成 2026Q4。", f"{text!r} is not a quarter such as 2026Q4.")
    return period
