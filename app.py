"""The dashboard: ``streamlit run app.py``, or any ASGI server with ``app:app``."""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from kpi.errors import Refused
from ui.entry.index_page import IndexPage
from ui.site import addresses

ROOT = Path(__file__).resolve().parent
log = logging.getLogger("scorecast")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Prepare the store, the demo company and the caches before the first visitor; or say why that can't be."""
    from ui.data import prepare  # noqa: PLC0415  (cached functions bind to the server that runs by now)

    try:
        await anyio.to_thread.run_sync(prepare)
    except Refused as refusal:
        # The pages say the same until it is mended; a server that is gone could not.
        log.error("not ready: %s", refusal)
    yield {}


async def healthz(_request: Request) -> JSONResponse:
    """Whether the store answers: 200 with the newest snapshot, or 503."""
    from ui.data import health  # noqa: PLC0415

    answer = await anyio.to_thread.run_sync(health)
    return JSONResponse(answer, status_code=200 if answer["status"] == "ok" else 503)


def on_script_error(error: Exception) -> bool:
    """Show a reference the visitor can pass on; the trace goes to the server's log under the same reference."""
    from ui.components.failure import show_failure  # noqa: PLC0415

    reference = secrets.token_hex(4)
    log.error("page failed, reference %s", reference, exc_info=error)
    show_failure(reference)
    return True


app = st.App(
    ROOT / "ui" / "entry" / "script.py",
    routes=[Route("/healthz", healthz)],
    lifespan=lifespan,
    middleware=[Middleware(IndexPage, pages=addresses())],
    on_script_error=on_script_error,
)
