"""The one way a file leaves a page.

The platform tells downloads over 1 MiB apart by length, ends, middle and name alone: two people could be handed each
other's file. So the name of every file carries the beginning of the hash of what decides its content.
"""

import hashlib
from collections.abc import Callable
from typing import Literal

import streamlit as st

MIME = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def file_name(stem: str, suffix: str, content: bytes | str) -> str:
    """``stem-1a2b3c4d.suffix``; ``content`` is the file's content or, where that is made on the click, all it hangs
    on."""
    digest = hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
    return f"{stem}-{digest[:8]}.{suffix}"


def offer(
    label: str,
    content: bytes | Callable[[], bytes],
    stem: str,
    suffix: str,
    *,
    key: str,
    hangs_on: str = "",
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str = ":material/download:",
    help_text: str | None = None,
) -> str:
    """A button that hands out a file, whose name it returns. A callable makes it on the click; ``hangs_on`` then names
    everything that decides what it makes. Raises ValueError for a callable without that."""
    if callable(content) and not hangs_on:
        msg = f"{stem}: content that is made on the click needs to say what it hangs on"
        raise ValueError(msg)
    name = file_name(stem, suffix, hangs_on if callable(content) else content)
    st.download_button(
        label,
        content,
        file_name=name,
        mime=MIME[suffix],
        key=key,
        on_click="ignore",
        type=kind,
        icon=icon,
        help=help_text,
    )
    return name
