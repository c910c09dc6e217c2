"""A visitor without a browser: the platform's own messages over its own socket.

Leans on the platform's protocol, which has no public door; only measurements do.
"""

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

_FINISHED = 0
_PATIENCE = 120.0


@dataclass
class Visitor:
    """One session on ``page`` of the dashboard at ``url``.

    ``options`` are what each selection box offers by the end of its key, ``seconds`` how long the last run took.
    """

    url: str
    page: str = ""
    params: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    received: int = 0
    options: dict[str, list[str]] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)
    _query: str = ""
    _hash: str = ""
    _known: set[str] = field(default_factory=set)
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        """Connect and see the page for the first time."""
        origin = f"http://{urlsplit(self.url).netloc}"
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = await connect(
            address, subprotocols=[Subprotocol("streamlit")], additional_headers={"Origin": origin}, max_size=None
        )
        self._query = urlencode(self.params)
        await self.rerun()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def choose(self, box: str, option: str) -> None:
        """Choose ``option`` of the selection box whose key ends with ``box``, as a click does."""
        self._states[self._ids[box]] = option
        await self.rerun()

    async def rerun(self) -> None:
        """Ask for a run and read all that comes of it. Raises TimeoutError when it takes minutes."""
        assert self._socket is not None
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._hash
        asked.page_name = "" if self._hash else self.page
        asked.context_info.locale, asked.context_info.url = "en-GB", f"{self.url}/{self.page}"
        asked.cached_message_hashes.extend(self._known)
        for widget, value in self._states.items():
            state = asked.widget_states.widgets.add()
            state.id, state.string_value = widget, value
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            while not self._heard(await self._socket.recv()):
                pass
        self.seconds = time.perf_counter() - started

    def _heard(self, raw: Any) -> bool:
        """Note what a message says; whether the run is over."""
        message = ForwardMsg.FromString(raw)
        self.received += len(raw)
        if message.metadata.cacheable:
            self._known.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "selectbox":
            box = message.delta.new_element.selectbox
            name = box.id.rsplit("-", 1)[-1]
            self._ids[name], self.options[name] = box.id, list(box.options)
        return kind == "script_finished" and bool(message.script_finished == _FINISHED)
