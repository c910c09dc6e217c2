"""``verify``: check a passport, run it again, say how the two compare."""

import argparse
import sys
from pathlib import Path
from typing import Any

import torch

from forecast.determinism import Switches, enforce, seal_for
from forecast.progress import shown_and_cancellable
from forecast.recipe import NumericsName
from forecast.verdict import Verdict, Verification
from forecast.verify import verify
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.text import Language


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Needs the passport and this code, nothing else: no store is opened, nothing is written."""
    with shown_and_cancellable(settings.language) as progress:
        answer = _verify(chosen.passport, progress)
    if chosen.json:
        print(answer.model_dump_json())
    if answer.verdict is Verdict.CANNOT:
        print(answer.message.in_(settings.language), file=sys.stderr)
    elif not chosen.json:
        _print(answer, settings.language)
    return answer.verdict.exit_code


def _verify(path: Path, progress: Any) -> Verification:
    try:
        content = path.read_bytes()
    except OSError as problem:
        missing = refuse(f"无法读取护照 {path}:{problem.strerror}", f"cannot read {path}: {problem.strerror}")
        return Verification(verdict=Verdict.CANNOT, message=missing.message)
    return verify(content, _enforce, progress)


def _enforce(numerics: NumericsName) -> Switches:
    """The switches that the passport's numerics need; only it says which these are."""
    seal_for(numerics)
    return enforce(torch, numerics)


def _print(answer: Verification, language: Language) -> None:
    print(f"{answer.verdict.value}  {answer.message.in_(language)}")
    for line in (*answer.differences, *answer.notes):
        print(f"  {line.in_(language)}")
