"""The command line of the forecaster. Exit codes: 0 done, 2 refused, 3 a difference was found."""

import sys
from collections.abc import Sequence
from importlib import import_module

from forecast.commands.options import parser
from forecast.folder import OutcomeDiffers
from kpi.command_line import answer
from kpi.settings import Settings

_DIFFERENT = 3


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    chosen = parser().parse_args(arguments)

    def act(settings: Settings) -> int:
        try:
            # Only the chosen command is loaded: torch takes a second or two, and a list of runs has no use for it.
            return int(import_module(f"forecast.commands.{chosen.command}").act(chosen, settings))
        except OutcomeDiffers as difference:
            print(difference.message.in_(settings.language), file=sys.stderr)
            return _DIFFERENT

    return answer(act)
