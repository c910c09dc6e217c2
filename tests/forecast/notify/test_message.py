import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from forecast.notify.message import (
    MOST_BYTES,
    Message,
    Outcome,
    Told,
    bounded,
    document,
    encoded,
    letter,
    short,
    subject,
)

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
any_text = st.text(st.characters(exclude_categories=()), max_size=700)


def alert(number: int, text: str = "claims, Beijing branch: too many", over: bool = False) -> Told:
    return Told(id=number, kpi="claims", org_unit="beijing", kind="chance_below", text=short(text), over=over)


def message(**more: object) -> Message:
    about = {"language": "en", "at": AT, "outcome": Outcome.DONE, "run_id": "a" * 64, "snapshot_id": 6}
    return Message.model_validate(about | {"forecast_digest": "b" * 64} | more)


@given(texts=st.lists(any_text, max_size=80), detail=any_text, left_out=st.integers(0, 10**6))
def test_a_payload_never_passes_its_bound_and_every_alert_is_in_it_or_counted(
    texts: list[str], detail: str, left_out: int
) -> None:
    alerts = tuple(alert(number, text) for number, text in enumerate(texts))

    sent = bounded(message(alerts=alerts, detail=detail, left_out=left_out))

    assert len(encoded(sent)) <= MOST_BYTES
    assert sent.alerts == alerts[: len(sent.alerts)]
    assert len(sent.alerts) + sent.left_out == len(alerts) + left_out
    assert json.loads(encoded(sent)) == document(sent)


def test_what_fits_is_sent_whole_and_the_first_ones_are_when_it_does_not() -> None:
    few = bounded(message(alerts=tuple(map(alert, range(20)))))
    assert (len(few.alerts), few.left_out) == (20, 0)
    many = bounded(message(alerts=tuple(map(alert, range(300)))))
    assert (len(many.alerts), many.left_out) == (50, 250)
    wide = bounded(message(alerts=tuple(alert(number, "\u4e2d" * 900) for number in range(40))))
    assert 0 < len(wide.alerts) < 20


def test_a_letter_says_how_it_ended_what_it_was_about_and_what_is_new() -> None:
    sent = message(alerts=(alert(1), alert(2, over=True)), left_out=3, link="https://board.example/alerts?lang=en")
    assert subject(sent) == "Scorecast: Forecast done, 5 new alerts"
    assert letter(sent) == (
        "Forecast done.\n\n"
        f"Run: {'a' * 64}\nSnapshot: #6\nForecast digest: {'b' * 64}\nTime: 2026-11-02 12:00 UTC\n\n"
        "New alerts:\n- claims, Beijing branch: too many\n- claims, Beijing branch: too many (no longer so)\n"
        "- and 3 more, on the page.\n\nhttps://board.example/alerts?lang=en\n"
    )


def test_a_letter_of_a_failure_in_chinese_says_why_and_leaves_out_what_is_not_known() -> None:
    sent = message(language="zh", outcome=Outcome.FAILED, run_id="", forecast_digest="", detail="磁盘已满。")
    assert subject(sent) == "Scorecast: 预测失败"
    assert letter(sent) == "预测失败。\n磁盘已满。\n\n数据快照: #6\n时间: 2026-11-02 12:00 UTC\n"


@given(any_text)
def test_a_text_becomes_one_line_that_can_be_sent(text: str) -> None:
    line = short(text)
    assert len(line) <= 500
    assert len(line.splitlines()) <= 1
    assert line.encode().decode() == line
