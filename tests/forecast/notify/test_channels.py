import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from forecast.notify.channels import SMTP_PASSWORD, WEBHOOK_SECRET, channels
from forecast.notify.failure import NotTaken
from forecast.notify.mail import Mail
from forecast.notify.message import document, encoded
from forecast.notify.webhook import SIGNATURE, Webhook, signature
from kpi.errors import Refused
from kpi.settings import NotifySettings, read_settings
from tests.forecast.notify.servers import mail_server, web_server
from tests.forecast.notify.test_message import alert, message


@pytest.fixture(autouse=True)
def _nobody_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its own servers."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def mail(port: int, **more: Any) -> Mail:
    about = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "sender": "board@example.org"}
    settings = NotifySettings.model_validate(about | {"recipients": "li@example.org, wang@example.org", **more})
    return Mail(settings, "s3cret")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def test_a_letter_reaches_the_mail_server_in_plain_text_with_its_words_whole() -> None:
    with mail_server() as server:
        assert mail(server.port).send(message(language="zh", alerts=(alert(1, "北京分公司，赔付率：过高。"),))) == ""
    (letter,) = server.letters
    assert (letter["From"], letter["To"]) == ("board@example.org", "li@example.org, wang@example.org")
    assert letter["Subject"] == "Scorecast: 预测完成，1 条新提醒"
    assert letter.get_content_type() == "text/plain"
    assert "- 北京分公司，赔付率：过高。" in letter.get_content()


def test_a_recipient_who_is_refused_is_said_and_the_others_have_their_letter() -> None:
    with mail_server(refuses=("wang",)) as server:
        assert mail(server.port).send(message()) == "127.0.0.1: 1 of 2 recipients refused"
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("manners", "why"),
    [({"refuses": ("example.org",)}, ""), ({"code": 554}, "554 noted")],
)
def test_a_letter_that_nobody_gets_was_not_delivered(manners: dict[str, Any], why: str) -> None:
    with mail_server(**manners) as server, pytest.raises(NotTaken, match="the e-mail was not delivered") as failure:
        mail(server.port).send(message())
    assert why in failure.value.why


def test_no_password_goes_over_a_line_that_is_not_private() -> None:
    with pytest.raises(ValidationError, match="not sent in the clear"):
        mail(25, smtp_user="board")
    with mail_server() as server, pytest.raises(NotTaken) as failure:
        mail(server.port, smtp_security="starttls", smtp_user="board").send(message())
    assert "STARTTLS" in failure.value.why
    assert "s3cret" not in str(failure.value)
    assert server.letters == []


def test_a_document_is_posted_and_signed() -> None:
    sent = message(alerts=(alert(1),))
    with web_server() as server:
        assert Webhook(server.url, "s3cret").send(sent) == ""
    ((path, headers, body),) = server.posts
    assert path == "/hook?token=t0ken"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(body) == document(sent)
    assert body == encoded(sent)
    assert headers[SIGNATURE] == signature(body, "s3cret") != signature(body, "another")
    assert "s3cret" not in str(headers)


def test_without_a_secret_nothing_is_signed() -> None:
    with web_server(200) as server:
        Webhook(server.url, "").send(message())
    assert SIGNATURE not in server.posts[0][1]


@pytest.mark.parametrize("code", [400, 404, 500])
def test_any_other_answer_means_that_it_was_not_taken(code: int) -> None:
    with web_server(code) as server, pytest.raises(NotTaken, match=f"HTTP {code}") as failure:
        Webhook(server.url, "").send(message())
    assert "t0ken" not in str(failure.value), "an address may hold a secret"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code: int) -> None:
    refusal = pytest.raises(NotTaken, match=f"HTTP {code}")
    with web_server() as elsewhere, web_server(code, elsewhere.url) as server, refusal:
        Webhook(server.url, "").send(message())
    assert len(server.posts) == 1
    assert elsewhere.posts == []


@pytest.mark.parametrize("way", [mail, lambda port: Webhook(f"http://127.0.0.1:{port}/x?t0ken", "s")])
def test_a_server_that_is_not_there_is_named_without_any_secret(way: Callable[[int], Any]) -> None:
    with pytest.raises(NotTaken, match=r"127\.0\.0\.1") as failure:
        way(closed_port()).send(message())
    assert "没有送达" in failure.value.message.zh
    assert "t0ken" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotTaken):
        mail(int(silent.getsockname()[1]), timeout=0.2).send(message())


def test_nothing_is_sent_unless_the_settings_name_where_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert channels(NotifySettings()) == ()
    monkeypatch.setenv(SMTP_PASSWORD, "s3cret")
    monkeypatch.setenv(WEBHOOK_SECRET, "s1gn")
    named = {"smtp_host": "mail.example", "sender": "a@b.c", "recipients": "d@e.f", "webhook": "https://hook.example/x"}

    first, second = channels(NotifySettings.model_validate(named))

    assert isinstance(first, Mail)
    assert isinstance(second, Webhook)
    assert (first.name, first.password, second.name, second.secret) == ("mail", "s3cret", "webhook", "s1gn")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"SMTP_HOST": "mail.example"}, "needs sender and recipients"),
        ({"WEBHOOK": "http://hook.example/x"}, "must be an https address"),
        ({"WEBHOOK": "ftp://127.0.0.1/x"}, "must be an https address"),
        ({"SMTP_PORT": "0"}, "greater than or equal to 1"),
        ({"SMTP_PASSWORD": "hunter2"}, "Extra inputs are not permitted"),
    ],
)
def test_settings_that_could_not_work_or_hold_a_secret_are_refused(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], why: str
) -> None:
    for name, value in said.items():
        monkeypatch.setenv(f"SCORECAST_NOTIFY__{name}", value)
    with pytest.raises(Refused, match=why) as refusal:
        read_settings()
    assert "SCORECAST_NOTIFY" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SMTP_HOST", "m"), ("SENDER", "a@b.c"), ("RECIPIENTS", "d@e.f, g@h.i,")):
        monkeypatch.setenv(f"SCORECAST_NOTIFY__{name}", value)
    assert read_settings().notify.addresses == ("d@e.f", "g@h.i")
