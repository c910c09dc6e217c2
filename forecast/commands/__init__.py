"""The command line of the forecaster. Exit codes: 0 done, 2 refused, 3 a difference was found."""

import sys
from collections.abc import Sequence
from importlib import import_module

from pydantic import ValidationError

from forecast.commands.options import parser
from forecast.folder import OutcomeDiffers
from kpi.errors import Refused
from kpi.settings import Settings
from kpi.text import Language


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    chosen = parser().parse_args(arguments)
    language: Language = "en"
    try:
        settings = Settings()
        language = settings.language
        # Only the chosen command is loaded: torch takes a second or two, and a list of runs has no use for it.
        return int(import_module(f"forecast.commands.{chosen.command}").act(chosen, settings))
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
