"""``pack``: the board pack as files, for people and for whatever runs after a forecast."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from forecast.progress import shown_and_cancellable
from kpi.commands.shared import existing_store
from kpi.errors import refuse
from kpi.scorecard.results import Window
from kpi.settings import Settings
from kpi.store import Store
from kpi.text import LANGUAGES, Language, Text
from report.pack.build import build
from report.pack.commentary import read_commentary
from report.pack.document import Document
from report.pack.files import USUAL, Format, Made, check, draw, formats, write
from report.pack.pages import CHOICES, chosen_pages, page_codes
from report.pack.source import Asked, Source, read_source
from report.pack.stamp import Stamp

_READING = Text(zh="正在读取数据与预测", en="reading facts and forecasts")
_WRITING = Text(zh="正在写出文件", en="writing the files")
_DONE = Text(zh="完成", en="done")
_READ_SHARE = 0.15
_WINDOWS = tuple(window.value for window in (Window.QUARTER, Window.YTD, Window.ROLLING4))


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``pack``."""
    parser: argparse.ArgumentParser = commands.add_parser("pack", help="make the board pack 生成董事会报告")
    of = parser.add_mutually_exclusive_group()
    of.add_argument("--run", default="", metavar="ID", help="of this run, by the beginning of its id")
    of.add_argument(
        "--snapshot", type=int, metavar="ID", help="of this snapshot and its newest run; the newest unless said"
    )
    parser.add_argument("--org-unit", default="", metavar="CODE", help="the head office unless said")
    parser.add_argument("--quarter", default="", metavar="2026Q3", help="the newest with actuals unless said")
    parser.add_argument("--window", choices=_WINDOWS, default="ytd", help="ytd unless said")
    parser.add_argument(
        "--pages", default="", metavar="A,B", help=f"{', '.join(CHOICES)}, or codes of KPIs; all unless said"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="of the pack; that of the settings unless said")
    parser.add_argument("--format", default=",".join(USUAL), metavar="A,B", help="pdf, pptx, xlsx, html, json")
    parser.add_argument("--commentary", type=Path, metavar="FILE", help="YAML or JSON: page: text")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.set_defaults(act=act)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Make the files, log that facts left the house, and name them."""
    language: Language = chosen.lang or settings.language
    wanted = formats(chosen.format)
    check(wanted)
    store = existing_store(settings)
    if store is None:
        raise refuse("还没有数据库。", "there is no database yet.")
    try:
        with shown_and_cancellable(settings.language) as progress:
            progress(0.0, _READING)
            asked = Asked(chosen.run, chosen.snapshot, chosen.org_unit, chosen.quarter, Window(chosen.window))
            source = read_source(store, settings, asked)
            document = _document(source, chosen, language)
            stamp = Stamp(document.hash, source.head, source.run.seal if source.run else "")
            files = draw(document, stamp, wanted, lambda share, text: progress(_READ_SHARE + 0.84 * share, text))
            progress(0.99, _WRITING)  # the last moment to cancel
            stem = _stem(source, language, stamp)
            made = write(chosen.out, stem, files, lambda: _log(store, settings, source, stamp, wanted))
            progress(1.0, _DONE)
    finally:
        store.close()
    _tell(chosen, document, source, stamp, made)
    return 0


def _document(source: Source, chosen: argparse.Namespace, language: Language) -> Document:
    template = source.inputs.template
    pages = chosen_pages([name.strip() for name in chosen.pages.split(",") if name.strip()], template)
    said = read_commentary(chosen.commentary, page_codes(template), language) if chosen.commentary else {}
    unused = [page for page in said if page not in pages]
    if unused:
        names = ", ".join(unused)
        raise refuse(
            f"{chosen.commentary} 为未选择的页面写了评注：{names}。请用 --pages 选上它们，或删去评注。",
            f"{chosen.commentary} comments on pages that are not chosen: {names}. Choose them with --pages, or leave "
            "the comments out.",
        )
    return build(source, pages, language, said)


def _stem(source: Source, language: Language, stamp: Stamp) -> str:
    return f"scorecast-pack-{source.org_unit}-{source.quarter}-{language}-{stamp.content[:8]}"


def _log(store: Store, settings: Settings, source: Source, stamp: Stamp, wanted: tuple[Format, ...]) -> None:
    about = f"snapshot {source.snapshot.id}" + (f", run {source.run.run_id}" if source.run else "")
    store.audit(settings.user, "report.exported", about, f"content {stamp.content}: {', '.join(wanted)}")


def _tell(chosen: argparse.Namespace, document: Document, source: Source, stamp: Stamp, made: tuple[Made, ...]) -> None:
    if chosen.json:
        told = {
            "content_hash": stamp.content,
            "run_id": source.run.run_id if source.run else None,
            "snapshot_id": source.snapshot.id,
            "org_unit": source.org_unit,
            "quarter": str(source.quarter),
            "language": document.language,
            "pages": [page.code for page in document.pages],
            "ledger_head": source.head.hash if source.head else None,
            "files": [each.model_dump() for each in made],
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    for each in made:
        print(f"{each.sha256}  {each.path}")
    print(f"content {stamp.content}", file=sys.stderr)
