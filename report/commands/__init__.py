"""The command line of reports. Exit codes: 0 done, 1 a bug, 2 refused, 3 the ledger does not hold."""

import argparse
import sys
from collections.abc import Sequence

from kpi.command_line import answer
from kpi.settings import Settings
from report.commands import pack
from report.pack.source import LedgerRewritten

_DIFFERENT = 3


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m report", description="Reports without a screen. 命令行报告。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    pack.add_to(commands)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    chosen = parser().parse_args(arguments)

    def act(settings: Settings) -> int:
        try:
            return int(chosen.act(chosen, settings))
        except LedgerRewritten as difference:
            print(difference.message.in_(settings.language), file=sys.stderr)
            return _DIFFERENT

    return answer(act)
