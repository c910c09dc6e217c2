"""``ledger``: the journal of runs and verifications, its head, and whether it holds."""

import argparse
import json
from pathlib import Path

from forecast.folder import OutcomeDiffers
from forecast.journal import FIELDS, Journal, exported, first_broken, first_parted, head
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.store import open_store
from kpi.text import Text


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print the journal or its head, after following its chain; an ``--earlier`` export has to be its beginning.

    Raises OutcomeDiffers where a line was changed, dropped or put in.
    """
    store = open_store(settings.store_url)
    try:
        lines = Journal(store).lines()
    finally:
        store.close()
    broken = first_broken(lines)
    if broken is not None:
        raise _rewritten(broken)
    if chosen.earlier is not None:
        parted = first_parted(_read(chosen.earlier), lines)
        if parted is not None:
            raise _rewritten(parted)
    newest = head(lines)
    if chosen.json:
        rows = [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in lines]
        print(json.dumps({"head": newest and newest.hash, "lines": rows}, ensure_ascii=False))
    elif chosen.head:
        print(newest.printed if newest else "")
    else:
        print(exported(lines), end="")
    return 0


def _read(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise refuse(f"无法读取 {path}：{problem}", f"{path} cannot be read: {problem}") from problem


def _rewritten(place: int) -> OutcomeDiffers:
    return OutcomeDiffers(
        Text(
            zh=f"账本被改动过：第 {place} 行不再接续前一行，或与先前导出的不同。",
            en=f"the ledger was rewritten: line {place} no longer follows the one before it, or is not what was "
            "exported earlier.",
        )
    )
