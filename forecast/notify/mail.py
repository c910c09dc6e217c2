"""A message as e-mail, by the company's own mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from forecast.notify.failure import NotTaken
from forecast.notify.message import Message, letter, short, subject
from kpi.settings import NotifySettings
from kpi.text import Text

_MAIL = Text(zh="邮件", en="the e-mail")


class Mail:
    """Plain text to all recipients at once."""

    name = "mail"

    def __init__(self, settings: NotifySettings, password: str, context: ssl.SSLContext | None = None) -> None:
        self.settings, self.password = settings, password
        self.context = context or ssl.create_default_context()

    def send(self, message: Message) -> str:
        """Hand it to the mail server; what it refused to some recipients is said, and not sent to the others again.

        Raises NotTaken when nobody gets it.
        """
        try:
            with self._connected() as server:
                if self.settings.smtp_user:
                    server.login(self.settings.smtp_user, self.password)
                refused = server.send_message(self.compose(message))
        except smtplib.SMTPRecipientsRefused as problem:
            raise NotTaken(_MAIL, self._refused(len(problem.recipients))) from None
        except smtplib.SMTPResponseException as problem:
            raise NotTaken(_MAIL, f"{self.settings.smtp_host}: {problem.smtp_code} {_said(problem)}") from None
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            # From None: a trace must not show what was in hand.
            raise NotTaken(_MAIL, f"{self.settings.smtp_host}: {short(str(problem))}") from None
        return self._refused(len(refused)) if refused else ""

    def _refused(self, count: int) -> str:
        return f"{self.settings.smtp_host}: {count} of {len(self.settings.addresses)} recipients refused"

    def _connected(self) -> smtplib.SMTP:
        host, port, timeout = self.settings.smtp_host, self.settings.smtp_port, self.settings.timeout
        if self.settings.smtp_security == "ssl":
            return smtplib.SMTP_SSL(host, port, timeout=timeout, context=self.context)
        server = smtplib.SMTP(host, port, timeout=timeout)
        if self.settings.smtp_security == "starttls":
            try:
                server.starttls(context=self.context)
            except BaseException:
                server.close()
                raise
        return server

    def compose(self, message: Message) -> EmailMessage:
        """The letter. Raises ValueError for an address that cannot stand in a header."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = self.settings.sender, ", ".join(self.settings.addresses)
        mail["Subject"], mail["Date"] = subject(message), format_datetime(message.at)
        mail["Message-ID"] = make_msgid(domain="scorecast.invalid")
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter(message))
        return mail


def _said(problem: smtplib.SMTPResponseException) -> str:
    said = problem.smtp_error
    return short(said.decode(errors="replace") if isinstance(said, bytes) else str(said))
