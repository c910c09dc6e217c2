"""The dashboard as a process of its own, and a real browser on it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

from kpi.settings import ROOT

Theme = Literal["light", "dark"]
WIDTHS = {1440: 1000, 390: 844}
_START_SECONDS = 120
# Said by the browser about itself, and by the platform, which draws a chart a moment before it hands over its data.
_HARMLESS = (
    "Unrecognized feature:",
    "allow-same-origin",
    "preloaded using link preload",
    "WARN Infinite extent for field",
)


@dataclass
class Site:
    """A running dashboard."""

    url: str
    data_dir: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    def address(self, page: str = "", **params: str) -> str:
        """The address of a page with its query."""
        return f"{self.url}/{page}?{urlencode(params)}"

    def logged(self) -> str:
        """What the server has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serve(
    data_dir: Path, ready: int = 200, script: str = "app.py", health: str = "healthz", **settings: str
) -> Iterator[Site]:
    """Start ``streamlit run app.py``, or another ``script``, on a free port and wait until ``health`` says ``ready``;
    end it afterwards."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), data_dir / "server.log"
    environment = os.environ | {"SCORECAST_DATA_DIR": str(data_dir), **settings}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    site = Site(f"http://localhost:{port}", data_dir, log, process)
    try:
        _wait(site, ready, health)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def store_url(data_dir: Path) -> str:
    """The database of a dashboard with this data folder."""
    return f"sqlite:///{data_dir / 'scorecast.sqlite'}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(site: Site, ready: int, health: str) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{site.url}/{health}", timeout=5) as reply:
                status = reply.status
        except urllib.error.HTTPError as answer:
            status = answer.code
        except OSError:
            status = 0
        if status == ready:
            return
        if site.process.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError(f"the dashboard did not start: {site.logged()}")
        time.sleep(0.2)


def launch(playwright: Playwright) -> Browser:
    """Chromium as the system has it."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        raise RuntimeError("no Chromium on this machine; `make test` installs one on Debian and its kin")
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--force-color-profile=srgb"])


@dataclass
class Visit:
    """One visitor: a browser window that remembers what its console said and what it asked of other hosts."""

    page: Page
    site: Site
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, page: str = "", **params: str) -> None:
        """Go to a page and wait until it is drawn."""
        self.page.goto(self.site.address(page, **params))
        self.settle()

    def settle(self) -> None:
        """Wait until the server has nothing more to draw and fonts and charts stand."""
        self.page.wait_for_selector(
            "[data-testid='stAppViewContainer'] h1, [data-testid='stAppViewContainer'] h2", timeout=30_000
        )
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=\"stStatusWidget\"]')"
            " && document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'",
            timeout=60_000,
        )
        self.page.wait_for_timeout(700)


@contextmanager
def visit(
    browser: Browser, site: Site, width: int = 1440, theme: Theme = "light", locale: str = "en-GB", first: bool = False
) -> Iterator[Visit]:
    """A fresh visitor with a window of ``width`` pixels, who has seen the tour unless it is the ``first`` visit."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 1000)}, color_scheme=theme, locale=locale
    )
    if not first:
        context.add_init_script("localStorage.setItem('scorecast-tour', 'seen')")
    page = context.new_page()
    visitor = Visit(page, site)

    def heard(message: ConsoleMessage) -> None:
        # Between two quick runs the platform lets go of the page's icon for a moment; the next run has it again.
        address = message.location.get("url", "")
        icon = "404" in message.text and "/media/" in address and address.endswith(".png")
        if message.type in ("error", "warning") and not icon and not any(text in message.text for text in _HARMLESS):
            visitor.console.append(f"{message.type}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: visitor.console.append(f"exception: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((site.url, site.url.replace("http", "ws"), "data:", "blob:"))
            else visitor.elsewhere.append(request.url)
        ),
    )
    try:
        yield visitor
    finally:
        context.close()
