"""The command line of the scorecard. Exit codes: 0 done, 1 a bug, 2 refused, 3 the audit log does not hold."""

import argparse
from collections.abc import Sequence

from kpi.command_line import answer
from kpi.commands import (
    audit,
    decide,
    export,
    findings,
    inspect,
    load,
    marked,
    organisation,
    strategy,
    template,
    uploads,
)

_MODULES = (inspect, marked, load, decide, uploads, export, template, organisation, strategy, audit, findings)


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m kpi", description="The scorecard without a screen. 命令行记分卡。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _MODULES:
        module.add_to(commands)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    chosen = parser().parse_args(arguments)
    return answer(lambda settings: int(chosen.act(chosen, settings)))
