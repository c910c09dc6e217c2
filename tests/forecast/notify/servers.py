"""A mail server and a web server of the tests' own, on this machine, that keep what they are given."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Protocol


class Stream(Protocol):
    """What a connection is read from and written to."""

    def __iter__(self) -> Iterator[bytes]: ...

    def readline(self) -> bytes: ...

    def write(self, content: bytes, /) -> int: ...

    def flush(self) -> None: ...


@dataclass
class MailServer:
    """Answers as :rfc:`5321` asks, without TLS; ``refuses`` recipients, ``code`` is its answer to a letter."""

    port: int = 0
    refuses: tuple[str, ...] = ()
    code: int = 250
    letters: list[EmailMessage] = field(default_factory=list)

    def answer(self, stream: Stream) -> None:
        """One connection."""
        self._say(stream, "220 tests")
        for line in stream:
            verb = line.decode().upper().split(":")[0].strip()
            match verb.split()[0]:
                case "DATA":
                    self._say(stream, "354 go on")
                    self._take(stream)
                case "QUIT":
                    self._say(stream, "221 bye")
                    return
                case "RCPT" if any(name in line.decode() for name in self.refuses):
                    self._say(stream, "550 nobody of that name")
                case _:
                    self._say(stream, "250 ok")

    def _take(self, stream: Stream) -> None:
        lines = []
        while (line := stream.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.code == 250:
            letter = message_from_bytes(b"".join(lines), policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        self._say(stream, f"{self.code} noted")

    def _say(self, stream: Stream, line: str) -> None:
        stream.write(line.encode() + b"\r\n")
        stream.flush()


@contextmanager
def mail_server(**manners: object) -> Iterator[MailServer]:
    """A mail server on a free port."""
    server = MailServer(**manners)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = int(door.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = door.accept()
                except OSError:
                    return
                with connection, connection.makefile("rwb") as stream:
                    server.answer(stream)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server
        door.shutdown(socket.SHUT_RDWR)
    thread.join()


@dataclass
class WebServer:
    """Keeps (path, headers, body) of every POST and answers ``code``, with ``location`` for a redirect."""

    code: int = 204
    location: str = ""
    url: str = ""
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def web_server(code: int = 204, location: str = "") -> Iterator[WebServer]:
    """A web server on a free port."""
    kept = WebServer(code, location)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.posts.append((self.path, dict(self.headers.items()), body))
            self._answer()

        def do_GET(self) -> None:
            kept.posts.append((self.path, dict(self.headers.items()), b""))
            self._answer()

        def _answer(self) -> None:
            self.send_response(kept.code)
            if kept.location:
                self.send_header("Location", kept.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?token=t0ken"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
