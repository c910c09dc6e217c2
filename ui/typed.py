"""Words typed and not yet used, kept on the server for the browser that they were typed in: a reload, a lost connection
or a look at another page takes nothing with it, and nobody else sees them."""

import re
from collections import OrderedDict
from threading import Lock

import streamlit as st

_VISITORS, _FIELDS = 1000, 100
"""So many browsers are remembered, and fields of each; those that wrote longest ago go first."""
_COOKIE = "_streamlit_xsrf"
# The platform's cookie against forged requests: a random token for each browser, masked anew on every page.
_TOKEN = re.compile(r"2\|([0-9a-f]{8})\|([0-9a-f]{32})\|\d+")
_lock = Lock()


def browser() -> str:
    """What tells the visitor's browser from others; nothing where there is no telling."""
    found = _TOKEN.fullmatch(str(st.context.cookies.get(_COOKIE) or ""))
    if found is None:
        return ""
    mask, masked = (bytes.fromhex(part) for part in found.groups())
    return bytes(byte ^ mask[at % len(mask)] for at, byte in enumerate(masked)).hex()


@st.cache_resource(show_spinner=False)
def _browsers() -> OrderedDict[str, OrderedDict[str, str]]:
    return OrderedDict()


def _words() -> OrderedDict[str, str]:
    """The fields of this browser, to be written to; those of the session alone where it cannot be told from others."""
    name = browser()
    if not name:
        return st.session_state.setdefault("_typed", OrderedDict())  # type: ignore[no-any-return]
    with _lock:
        found = _browsers().setdefault(name, OrderedDict())
        _browsers().move_to_end(name)
        if len(_browsers()) > _VISITORS:
            _browsers().popitem(last=False)
    return found


def _said(field: str) -> str:
    """What was typed in a field of this browser; looking makes nobody be forgotten."""
    name = browser()
    words = _browsers().get(name) if name else st.session_state.get("_typed")
    return words.get(field, "") if words else ""


def typed(field: str) -> str:
    """Give a widget back what was typed in it before; its key, which is ``field`` itself.

    Where nothing is known it is left alone: after a restart of the server the page may know what the server does not.
    """
    if field not in st.session_state and (said := _said(field)):
        st.session_state[field] = said
    return field


def keep(*fields: str) -> None:
    """Remember what stands in widgets now; for their ``on_change``."""
    words = _words()
    for field in fields:
        words.pop(field, None)
        if said := str(st.session_state.get(field) or ""):
            words[field] = said
    while len(words) > _FIELDS:
        words.popitem(last=False)


def text_line(label: str, field: str, placeholder: str | None = None, max_chars: int | None = None) -> None:
    """A line to type in that is remembered."""
    st.text_input(label, key=typed(field), placeholder=placeholder, max_chars=max_chars, on_change=keep, args=(field,))


def written(*fields: str) -> list[str]:
    """What stands in widgets now."""
    return [str(st.session_state.get(field) or "") for field in fields]


def clear(*fields: str) -> None:
    """Empty widgets whose words were used; for callbacks."""
    for field in fields:
        st.session_state[field] = ""
    keep(*fields)
