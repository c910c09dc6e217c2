"""What carries a message: its name and how to hand one over."""

import os
from typing import Protocol

from forecast.notify.mail import Mail
from forecast.notify.message import Message
from forecast.notify.webhook import Webhook
from kpi.settings import NotifySettings

SMTP_PASSWORD = "SCORECAST_SMTP_PASSWORD"
WEBHOOK_SECRET = "SCORECAST_WEBHOOK_SECRET"


class Channel(Protocol):
    """One way out. ``name`` is kept with what was told by it."""

    name: str

    def send(self, message: Message) -> str:
        """Hand it over; returns when the other side has taken it, with what was amiss all the same, usually nothing.

        Raises :class:`forecast.notify.failure.NotTaken`.
        """


def channels(settings: NotifySettings) -> tuple[Channel, ...]:
    """The channels that the settings name, with their secrets from the environment; none unless configured."""
    found: list[Channel] = []
    if settings.smtp_host:
        found.append(Mail(settings, os.environ.get(SMTP_PASSWORD, "")))
    if settings.webhook:
        found.append(Webhook(settings.webhook, os.environ.get(WEBHOOK_SECRET, ""), settings.timeout))
    return tuple(found)
