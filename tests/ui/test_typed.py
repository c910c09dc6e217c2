"""Words typed and not yet used belong to one browser, on whatever page and after whatever reload."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import streamlit as st

from ui import typed as words
from ui.typed import browser, clear, keep, typed, written

TOKEN, OTHER = bytes.fromhex("00112233445566778899aabbccddeeff"), bytes(16)


def cookie(token: bytes, mask: bytes) -> str:
    """As the platform writes it: the token masked, which is another text on every page."""
    return f"2|{mask.hex()}|{bytes(byte ^ mask[at % 4] for at, byte in enumerate(token)).hex()}|1795716547"


class Tab:
    """A page of a browser, freshly loaded: widgets hold nothing yet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, token: bytes | None, mask: bytes = b"\x01\x02\x03\x04") -> None:
        cookies = {} if token is None else {"_streamlit_xsrf": cookie(token, mask)}
        self.state: dict[str, object] = {}
        monkeypatch.setattr(st, "context", SimpleNamespace(cookies=cookies))
        monkeypatch.setattr(st, "session_state", self.state)

    def type(self, field: str, text: str) -> None:
        self.state[field] = text
        keep(field)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_a_browser_is_the_same_however_its_token_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    Tab(monkeypatch, TOKEN, b"\x01\x02\x03\x04")
    first = browser()
    Tab(monkeypatch, TOKEN, b"\xff\x00\xee\x11")
    assert browser() == first == TOKEN.hex()


def test_what_was_typed_is_there_after_a_reload_and_in_no_other_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    Tab(monkeypatch, TOKEN).type("reason", "late data")
    reloaded = Tab(monkeypatch, TOKEN, b"\x09\x09\x09\x09")
    assert typed("reason") == "reason"
    assert reloaded.state["reason"] == "late data"
    other = Tab(monkeypatch, OTHER)
    typed("reason")
    assert "reason" not in other.state


def test_used_words_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    tab = Tab(monkeypatch, TOKEN)
    tab.type("what", "call them")
    tab.type("owner", "li")
    assert written("what", "owner") == ["call them", "li"]
    clear("what", "owner")
    assert written("what", "owner") == ["", ""]
    reloaded = Tab(monkeypatch, TOKEN)
    typed("what")
    assert "what" not in reloaded.state


def test_a_browser_that_cannot_be_told_from_others_keeps_words_for_its_session_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tab = Tab(monkeypatch, None)
    tab.type("reason", "late data")
    del tab.state["reason"]  # as the platform does when a widget is not drawn
    typed("reason")
    assert tab.state["reason"] == "late data"
    another = Tab(monkeypatch, None)
    typed("reason")
    assert "reason" not in another.state


def test_who_wrote_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(words._VISITORS):
        Tab(monkeypatch, number.to_bytes(16, "big")).type("reason", "x")
    for number in range(3):
        Tab(monkeypatch, (5000 + number).to_bytes(16, "big"))
        typed("reason")
    looked_at = Tab(monkeypatch, bytes(16))
    typed("reason")
    assert looked_at.state["reason"] == "x", "those who only look push nobody out"
    Tab(monkeypatch, (9999).to_bytes(16, "big")).type("reason", "x")
    assert len(words._browsers()) == words._VISITORS
    first = Tab(monkeypatch, bytes(16))
    typed("reason")
    assert "reason" not in first.state


def test_fields_are_kept_as_far_as_there_is_room_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    tab = Tab(monkeypatch, TOKEN)
    for number in range(words._FIELDS + 1):
        tab.type(f"field{number}", "x")
    assert len(words._words()) == words._FIELDS
    assert "field0" not in words._words()
