"""What every command of the product does alike: settings in, exit code out, refusals in one line."""

import os
import sys
from collections.abc import Callable

from kpi.errors import Refused
from kpi.settings import Settings, language_of_the_system, read_settings


def answer(act: Callable[[Settings], int]) -> int:
    """Run ``act`` and return its exit code; 2 with a line on standard error for a wrong setting or a refusal.

    Any other exception is a bug and passes through.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding must not turn Chinese into a traceback.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    language = language_of_the_system()
    try:
        settings = read_settings()
        language = settings.language
        code = act(settings)
        sys.stdout.flush()
        return code
    except Refused as refusal:
        print(refusal.in_(language), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough; what Python flushes at its end has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
