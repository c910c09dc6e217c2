import asyncio
from collections.abc import Sequence

import pytest
from starlette.types import Message, Receive, Scope, Send

from ui.entry.index_page import IndexPage, hinted

INDEX = (
    b"<!doctype html><html><head><meta charset='utf-8'><title>Streamlit</title></head><body>\xe4\xb8\xad</body></html>"
)
PAGES = {"", "kpi"}
BROWSER = [(b"accept", b"text/html,*/*;q=0.8"), (b"accept-encoding", b"gzip")]


class Platform:
    """An application that answers with the parts it is given and remembers what it was asked."""

    def __init__(self, *parts: bytes, kind: bytes = b"text/html; charset=utf-8", length: bool = True) -> None:
        self.parts, self.kind, self.length = parts, kind, length
        self.asked: Scope = {}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked = scope
        headers = [(b"content-type", self.kind), (b"etag", b"abc")]
        if self.length:
            headers.append((b"content-length", str(sum(map(len, self.parts))).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for index, part in enumerate(self.parts, 1):
            more = index < len(self.parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})


def ask(app: Platform, headers: Sequence[tuple[bytes, bytes]] = BROWSER, **scope: str) -> list[Message]:
    """What the server would send for one request."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    whole = {"type": "http", "method": "GET", "path": "/kpi", "root_path": "", "headers": list(headers)} | scope
    asyncio.run(IndexPage(app, PAGES)(whole, receive, send))
    return sent


def body(sent: Sequence[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


def header(sent: Sequence[Message], name: bytes) -> list[bytes]:
    return [value for key, value in sent[0]["headers"] if key == name]


def test_the_index_page_is_told_where_its_server_is() -> None:
    page = body(ask(Platform(INDEX)))
    assert b"<head><script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/'," in page
    assert b"<title>Scorecast</title>" in page
    assert page.endswith(b"<body>\xe4\xb8\xad</body></html>")


def test_behind_a_path_prefix_the_hint_names_it() -> None:
    page = body(ask(Platform(INDEX), root_path="/scorecast/"))
    assert page.count(b"location.origin + '/scorecast'") == 2


@pytest.mark.parametrize(
    ("path", "root", "home"),
    [
        ("/nowhere", "", "/?page=nowhere"),
        ("/bsc/a/b", "/bsc", "/bsc/?page=a%2Fb"),
        ("/保费", "", "/?page=%E4%BF%9D%E8%B4%B9"),
    ],
)
def test_who_asks_for_no_page_of_ours_is_sent_home_with_what_was_asked(path: str, root: str, home: str) -> None:
    sent = ask(Platform(INDEX), path=path, root_path=root)
    assert (sent[0]["status"], header(sent, b"location"), body(sent)) == (303, [home.encode()], b"")


def test_a_page_behind_a_path_prefix_is_no_stranger() -> None:
    assert body(ask(Platform(INDEX), path="/bsc/kpi", root_path="/bsc")) == hinted(INDEX, "/bsc")


@pytest.mark.parametrize("length", [True, False])
def test_the_length_is_that_of_the_changed_page(length: bool) -> None:
    sent = ask(Platform(INDEX, length=length))
    assert header(sent, b"content-length") == [str(len(body(sent))).encode()]
    assert header(sent, b"etag") == [b"abc"]


def test_a_page_in_pieces_is_changed_although_its_title_is_cut_in_two() -> None:
    cut = INDEX.index(b"Streamlit") + 4
    assert body(ask(Platform(INDEX[:cut], b"", INDEX[cut:]))) == hinted(INDEX, "")


def test_another_page_passes_as_it_is() -> None:
    other = b"<html><head><title>Manual</title></head></html>"
    sent = ask(Platform(other))
    assert body(sent) == other
    assert header(sent, b"content-length") == [str(len(other)).encode()]


@pytest.mark.parametrize("kind", [b"application/json", b"text/javascript", b"image/png"])
def test_what_is_no_html_passes_untouched_and_piece_by_piece(kind: bytes) -> None:
    sent = ask(Platform(INDEX, b"rest", kind=kind))
    assert [message.get("body") for message in sent[1:]] == [INDEX, b"rest"]


def test_a_program_that_asks_for_no_page_is_not_held_up() -> None:
    platform = Platform(INDEX, b"rest")
    sent = ask(platform, headers=[(b"accept", b"application/json"), (b"accept-encoding", b"gzip")])
    assert body(sent) == INDEX + b"rest"
    assert (b"accept-encoding", b"gzip") in platform.asked["headers"]


def test_a_browser_gets_its_page_unpacked_so_that_it_can_be_read_here() -> None:
    platform = Platform(INDEX)
    ask(platform)
    assert dict(platform.asked["headers"]).keys() == {b"accept"}


def test_a_websocket_passes_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> Message:
        return {"type": ""}

    asyncio.run(IndexPage(app, PAGES)({"type": "websocket", "headers": BROWSER}, nothing, nothing))  # type: ignore[arg-type]
    assert seen == ["websocket"]


def test_the_hint_is_put_in_once_whatever_the_page_says_later() -> None:
    page = hinted(INDEX.replace(b"</body>", b"<pre><head></pre></body>"), "")
    assert page.count(b"window.__streamlit") == 1
