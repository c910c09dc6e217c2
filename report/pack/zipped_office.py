"""Files of office programs without the moment at which they were made, so that the same content is the same bytes."""

import re
from collections.abc import Mapping
from datetime import datetime

from forecast.zipped import pack, unpack

_ABOUT = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def without_times(content: bytes, at: datetime, replaced: Mapping[str, tuple[bytes, bytes]] = {}) -> bytes:
    """The same file, said to be made ``at``, with the workbooks inside it; ``replaced`` is text by the part's name."""
    parts, _ = unpack(content)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    for name, held in parts.items():
        if name == _ABOUT:
            parts[name] = _TIMES.sub(rb"\g<1>" + stamp, held)
        elif name.endswith(".xlsx"):
            parts[name] = without_times(held, at)
        elif name in replaced:
            parts[name] = held.replace(*replaced[name])
    return pack(parts, compressed=True)
