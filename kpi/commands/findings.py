"""``findings``: print the manual page of every finding."""

import argparse
from typing import Any

from kpi.intake.findings import manual_page
from kpi.settings import Settings


def add_to(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """No options."""
    parser: argparse.ArgumentParser = commands.add_parser("findings", help="print docs/findings.md 检查项说明")
    parser.set_defaults(act=act)


def act(_chosen: argparse.Namespace, _settings: Settings) -> int:
    """On standard output."""
    print(manual_page(), end="")
    return 0
