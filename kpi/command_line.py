"""What every command of the product does alike: settings in, exit code out, refusals in one line."""

import os
import sys
from collections.abc import Callable

from kpi.errors import Refused
from kpi.settings import Settings, language_of_the_system, read_settings
from kpi.text import Text

_STOPPED = Text(
    zh="已中断，没有留下未完成的内容。可以再次运行同一命令。",
    en="stopped; nothing is left half-done. The same command can be run again.",
)


def answer(act: Callable[[Settings], int]) -> int:
    """Run ``act`` and return its exit code; 2 with a line on standard error for a wrong setting, a refusal or Ctrl-C.

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
    except KeyboardInterrupt:
        # Whatever is written is written whole or not at all, so there is nothing to clear up.
        print(_STOPPED.in_(language), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough; what Python flushes at its end has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
