"""``strategy``: check the design of the strategy in use, write it to a file, or load one as the next version."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.commands.shared import existing_store, write_file
from kpi.errors import refuse
from kpi.scorecard.load import load_template_named
from kpi.scorecard.template import ScorecardTemplate
from kpi.settings import Settings
from kpi.store import open_store
from kpi.strategy.book import WHOLE, StrategyBook, StrategyRecord
from kpi.strategy.design import design_check
from kpi.strategy.load import as_yaml, default_strategy, read_strategy


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``strategy`` and what it does."""
    parser: argparse.ArgumentParser = commands.add_parser("strategy", help="check, export or load the strategy 战略")
    does = parser.add_subparsers(dest="does", required=True, metavar="check|export|load")
    check = does.add_parser("check", help="what the design check finds 设计检查")
    check.add_argument("--json", action="store_true", help="one JSON document on standard output")
    check.set_defaults(act=_check)
    export = does.add_parser("export", help="write the strategy to YAML 导出")
    export.add_argument("out", type=Path, metavar="OUT.yaml")
    export.add_argument("--version", type=int, metavar="N", help="another version than the newest")
    export.set_defaults(act=_export)
    load = does.add_parser("load", help="make a YAML file the next version 载入")
    load.add_argument("file", type=Path, metavar="FILE.yaml", help="as data/strategies/balanced.yaml")
    load.add_argument("--reason", required=True, help="goes into the audit log")
    load.set_defaults(act=_load)


def _scorecard(settings: Settings) -> tuple[ScorecardTemplate, Catalogue]:
    catalogue = load_catalogue(settings.catalogue_dir)
    return load_template_named(settings.scorecard, settings.scorecards_dir, catalogue), catalogue


def _in_use(settings: Settings, template: ScorecardTemplate, version: int | None = None) -> StrategyRecord:
    """A version of the store, or what the scorecard begins with where there is no store."""
    default, store = default_strategy(template, settings.strategies_dir), existing_store(settings)
    if store is None:
        if version:
            raise refuse(f"没有战略版本 {version}。", f"there is no version {version} of the strategy.")
        return StrategyRecord(version=0, strategy=default)
    book = StrategyBook(store, default)
    return book.newest() if version is None else book.version(version)


def _check(chosen: argparse.Namespace, settings: Settings) -> int:
    """Findings block nothing, so the exit code is 0 with or without any."""
    template, catalogue = _scorecard(settings)
    record, language = _in_use(settings, template), settings.language
    found = design_check(template, catalogue, record.strategy)
    said = [
        {"rule": each.rule.value}
        | {name: getattr(each, name).in_(language) for name in ("where", "found", "expected", "remedy")}
        for each in found
    ]
    if chosen.json:
        document = {"scorecard": template.code, "version": record.version, "findings": said}
        print(json.dumps(document, ensure_ascii=False))
        return 0
    for line in said:
        print(f"{line['where']}: {line['found']} (-> {line['expected']}). {line['remedy']}")
    print(f"{template.code}, version {record.version}: {len(found)} findings", file=sys.stderr)
    return 0


def _export(chosen: argparse.Namespace, settings: Settings) -> int:
    template, _ = _scorecard(settings)
    record = _in_use(settings, template, chosen.version)
    write_file(chosen.out, as_yaml(record.strategy).encode())
    print(f"{chosen.out}: {template.code}, version {record.version}")
    return 0


def _load(chosen: argparse.Namespace, settings: Settings) -> int:
    template, _ = _scorecard(settings)
    strategy = read_strategy(chosen.file, template)
    book = StrategyBook(open_store(settings.store_url), default_strategy(template, settings.strategies_dir))
    record = book.save(strategy, book.newest().version, WHOLE, settings.user, chosen.reason)
    print(f"{template.code}, version {record.version}")
    return 0
