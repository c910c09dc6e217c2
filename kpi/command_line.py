"""What every command of the product does alike: settings in, exit code out, refusals in one line."""

import sys
from collections.abc import Callable

from pydantic import ValidationError

from kpi.errors import Refused
from kpi.settings import Settings
from kpi.text import Language


def answer(act: Callable[[Settings], int]) -> int:
    """Run ``act`` and return its exit code; 2 with a line on standard error for a wrong setting or a refusal.

    Any other exception is a bug and passes through.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding must not turn Chinese into a traceback.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    language: Language = "en"
    try:
        settings = Settings()
        language = settings.language
        return act(settings)
    except ValidationError as problem:
        for error in problem.errors():
            place = "__".join(str(part) for part in error["loc"])
            print(f"SCORECAST_{place.upper()}: {error['msg']}", file=sys.stderr)
    except Refused as refusal:
        print(refusal.in_(language), file=sys.stderr)
    return 2
