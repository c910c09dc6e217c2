"""The command line of the scorecard. Exit codes: 0 done, 1 a bug, 2 refused, 3 the audit log does not hold."""

import argparse
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from kpi.commands import audit, decide, export, findings, inspect, load, organisation, template, uploads
from kpi.errors import Refused
from kpi.settings import Settings
from kpi.text import Language

_MODULES = (inspect, load, decide, uploads, export, template, organisation, audit, findings)


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m kpi", description="The scorecard without a screen. 命令行记分卡。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _MODULES:
        module.add_to(commands)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding must not turn Chinese into a traceback.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    chosen = parser().parse_args(arguments)
    language: Language = "en"
    try:
        settings = Settings()
        language = settings.language
        return int(chosen.act(chosen, settings))
    except ValidationError as problem:
        for error in problem.errors():
            place = "__".join(str(part) for part in error["loc"])
            print(f"SCORECAST_{place.upper()}: {error['msg']}", file=sys.stderr)
        return 2
    except Refused as refusal:
        print(refusal.in_(language), file=sys.stderr)
        return 2
