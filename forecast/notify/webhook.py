"""A message as a JSON document to an address."""

import hmac
import http.client
import ssl
import urllib.error
import urllib.request
from email.message import Message as Headers
from hashlib import sha256
from typing import IO
from urllib.parse import urlsplit

from forecast.notify.failure import NotTaken
from forecast.notify.message import Message, encoded, short
from kpi.text import Text

SIGNATURE = "X-Scorecast-Signature"
_WEBHOOK = Text(zh="Webhook", en="the webhook")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the address was chosen by a person, what it points at was not."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> None:
        """Not taken."""


class Webhook:
    """A POST to one address, signed where there is a secret: ``sha256=`` and the HMAC of the body in hex.

    The address may hold a secret of its own, so that messages name its host alone.
    """

    name = "webhook"

    def __init__(self, address: str, secret: str, timeout: float = 15.0, context: ssl.SSLContext | None = None) -> None:
        self.address, self.secret, self.timeout = address, secret, timeout
        tls = urllib.request.HTTPSHandler(context=context or ssl.create_default_context())
        self.opener = urllib.request.build_opener(_Stay, tls)

    def send(self, message: Message) -> str:
        """Post it. Raises NotTaken for anything but an answer of 2xx."""
        body = encoded(message)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "scorecast"}
        if self.secret:
            headers[SIGNATURE] = signature(body, self.secret)
        try:
            request = urllib.request.Request(self.address, data=body, headers=headers, method="POST")
            with self.opener.open(request, timeout=self.timeout):
                return ""  # what it answers besides 2xx is of no use
        except urllib.error.HTTPError as answer:
            answer.close()
            raise self._not_taken(f"HTTP {answer.code}") from None
        except urllib.error.URLError as problem:
            raise self._not_taken(short(str(problem.reason))) from None
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise self._not_taken(type(problem).__name__) from None

    def _not_taken(self, why: str) -> NotTaken:
        return NotTaken(_WEBHOOK, f"{urlsplit(self.address).hostname}: {why}")


def signature(body: bytes, secret: str) -> str:
    """What stands in the header :data:`SIGNATURE`."""
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
