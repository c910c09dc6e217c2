"""Tells the platform's index page where its server is, and whether to begin light or dark.

Left to itself it guesses: on ``/kpi`` it first asks for ``/kpi/_stcore/health``, and the two failures stand as errors
in the browser's console. It keeps the choice of light or dark for one address alone (under a name that is not part of
its interface: tests/e2e/test_frame.py notices when that changes). It also lets the tab say Scorecast before the first
script run, and answers an address that is no page with a message in English: such a visitor is sent to the home page,
which says so in the language of the page.
"""

from collections.abc import Collection
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HINT = (
    b"<script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/%s', "
    b"MAIN_PAGE_BASE_URL: location.origin + '/%s'};"
    b"try{const mode={system:'System',light:'Light',dark:'Dark'}[localStorage.getItem('scorecast-appearance')];"
    b"if(mode)localStorage.setItem('stActiveTheme-'+location.pathname+'-v2',JSON.stringify(mode))}catch{}</script>"
)
_HEAD, _TITLE = b"<head>", b"<title>Streamlit</title>"


class IndexPage:
    """ASGI middleware; what is not asked for as a page passes untouched."""

    def __init__(self, app: ASGIApp, pages: Collection[str]) -> None:
        """``app`` is the platform, ``pages`` are the addresses it has pages for."""
        self.app, self.pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, holding HTML back until it is whole."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        if not asked or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        root = scope.get("root_path", "").strip("/")
        asked_for = scope["path"].removeprefix(f"/{root}").strip("/")
        headers = MutableHeaders(scope=scope)
        del headers["accept-encoding"]  # the page is small, and has to be readable here
        start: Message | None = None
        body = b""

        async def hold(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    if asked_for not in self.pages and _TITLE in body:
                        await _send_home(send, root, asked_for)
                        return
                    whole = hinted(body, root)
                    MutableHeaders(scope=start)["content-length"] = str(len(whole))
                    await send(start)
                    await send({"type": "http.response.body", "body": whole})

        await self.app(scope, receive, hold)


def hinted(page: bytes, root_path: str) -> bytes:
    """The index page with the hint in its head; other pages are returned as they are."""
    if _TITLE not in page:
        return page
    root = root_path.strip("/").encode()
    return page.replace(_HEAD, _HEAD + _HINT % (root, root), 1).replace(_TITLE, b"<title>Scorecast</title>", 1)


async def _send_home(send: Send, root: str, asked_for: str) -> None:
    where = f"/{root}/".replace("//", "/") + f"?page={quote(asked_for, safe='')}"
    await send({"type": "http.response.start", "status": 303, "headers": [(b"location", where.encode())]})
    await send({"type": "http.response.body", "body": b""})


def _is_html(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")
