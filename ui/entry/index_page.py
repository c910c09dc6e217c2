"""Tells the platform's index page where its server is.

Left to itself it guesses: on ``/kpi`` it first asks for ``/kpi/_stcore/health``, and the two failures stand as errors
in the browser's console. It also lets the tab say Scorecast before the first script run.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HINT = (
    b"<script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/%s', "
    b"MAIN_PAGE_BASE_URL: location.origin + '/%s'}</script>"
)
_HEAD, _TITLE = b"<head>", b"<title>Streamlit</title>"


class IndexPage:
    """ASGI middleware; what is not asked for as a page passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` is the platform."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, holding HTML back until it is whole."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        if not asked or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
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
                    whole = hinted(body, scope.get("root_path", ""))
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


def _is_html(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")
