"""A private PostgreSQL server on loopback, in a temporary folder, for the length of a test session."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

_START_SECONDS = 60
_ACCOUNT = "postgres"


class Missing(Exception):
    """The programs of PostgreSQL are not on this machine."""


@dataclass
class Server:
    """A running server. Speed matters and its data does not: nothing is flushed to disk."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    databases: int = 0

    @classmethod
    def start(cls) -> "Server":
        """Make a cluster in a new folder and serve it on a free port. Raises Missing without the programs."""
        initdb, postgres = _program("initdb"), _program("postgres")
        folder = Path(tempfile.mkdtemp(prefix="scorecast-postgresql-"))
        try:
            if _is_root():
                shutil.chown(folder, _ACCOUNT)
            data = folder / "data"
            _check([initdb, "-D", str(data), "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], folder)
            port = _free_port()
            options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
            options |= {
                "fsync": "off",
                "full_page_writes": "off",
                "synchronous_commit": "off",
                "shared_buffers": "32MB",
            }
            settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
            with (folder / "log").open("wb") as log:
                command = [postgres, "-D", str(data), *settings]
                process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, user=_account())
            server = cls(folder, port, process)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        try:
            server._wait()
        except BaseException:
            server.stop()
            raise
        return server

    def stop(self) -> None:
        """End the server at once and remove its folder."""
        # SIGTERM would wait for connections that a test left open.
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://{_ACCOUNT}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        self.databases += 1
        name = f"test{self.databases}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def _wait(self) -> None:
        give_up = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as problem:
                log = (self.folder / "log").read_text(errors="replace")
                if self.process.poll() is not None or time.monotonic() > give_up:
                    raise RuntimeError(f"PostgreSQL did not start: {log}") from problem
                time.sleep(0.1)
            else:
                return


def _program(name: str) -> str:
    """The newest under /usr/lib/postgresql, which are real programs, before whatever the PATH offers."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name), reverse=True
    )
    found = str(installed[0]) if installed else shutil.which(name)
    if found is None:
        raise Missing(f"no PostgreSQL on this machine: {name} is neither in PATH nor under /usr/lib/postgresql")
    return found


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _account() -> str | None:
    """Whom to run as: PostgreSQL refuses to run as root."""
    return _ACCOUNT if _is_root() else None


def _check(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, user=_account(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
