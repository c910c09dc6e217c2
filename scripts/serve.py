"""Start the dashboard, say when it answers, and end with the terminal or ``make`` that started it."""

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = os.environ.get("PORT", "8501")
HEALTH = f"http://localhost:{PORT}/_stcore/health"


def answers() -> bool:
    """Whether something healthy listens on our port."""
    try:
        with urllib.request.urlopen(HEALTH, timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def announce(started: float) -> None:
    """Wait for the first healthy answer and print the address."""
    while not answers():
        time.sleep(0.2)
    print(f"Scorecast answers on http://localhost:{PORT} after {time.monotonic() - started:.1f} s (Ctrl+C stops it)")
    sys.stdout.flush()


def end_with(parent: int) -> None:
    """Leave when the process that started us is gone, so that a killed ``make`` leaves no server on the port.

    Every confirmed step is one database transaction: leaving at any moment loses nothing.
    """
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def main() -> None:
    """Serve ``app.py`` on ``PORT`` (8501)."""
    started = time.monotonic()
    if answers():
        sys.exit(f"Port {PORT} already answers. Open http://localhost:{PORT}, or choose another: make run PORT=8502")
    print("Starting the dashboard (the first start also loads the demo company)", flush=True)
    threading.Thread(target=announce, args=(started,), daemon=True).start()
    if os.name == "posix" and os.getppid() != 1:
        threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    from streamlit.web import cli  # noqa: PLC0415  (after the announcement: the import takes a second)

    sys.argv = ["streamlit", "run", "app.py", "--server.port", PORT, "--server.headless", "true"]
    cli.main()


if __name__ == "__main__":
    main()
