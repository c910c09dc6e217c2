"""The command line of the forecaster. Exit codes: 0 done, 2 refused, 3 a difference was found."""

import argparse
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from forecast.commands import run, runs, verify
from forecast.run import OutcomeDiffers
from kpi.errors import Refused
from kpi.settings import Settings
from kpi.text import Language


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m forecast", description="Forecasts that can be proved. 可验证的预测。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (run, verify, runs):
        module.add_to(commands)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    chosen = parser().parse_args(arguments)
    language: Language = "en"
    try:
        settings = Settings()
        language = settings.language
        return int(chosen.act(chosen, settings))
    except ValidationError as problem:
        for error in problem.errors():
            place = ".".join(str(part) for part in error["loc"])
            print(f"SCORECAST_{place.upper()}: {error['msg']}", file=sys.stderr)
        return 2
    except Refused as refusal:
        print(refusal.in_(language), file=sys.stderr)
        return 2
    except OutcomeDiffers as difference:
        print(difference.message.in_(language), file=sys.stderr)
        return 3
