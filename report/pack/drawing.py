"""Charts drawn once, whichever files of a pack they go into."""

import json
from functools import lru_cache

from report import pictures
from report.charts import Spec

_KEPT = 128


def drawn(spec: Spec) -> str:
    """The chart as SVG in the colours of the light mode."""
    return _drawn(json.dumps(spec, ensure_ascii=False))


@lru_cache(maxsize=_KEPT)
def _drawn(text: str) -> str:
    return pictures.svg(json.loads(text))
