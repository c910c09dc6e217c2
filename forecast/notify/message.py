"""What is told at the end of a run: a bounded value, as a JSON document and as plain text."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from forecast.alerts.records import AlertRecord
from forecast.alerts.words import Names, occasion_in_words
from kpi.store.types import storable
from kpi.text import Language, Text

MOST_BYTES = 16_384
_MOST_ALERTS = 50
_MOST_SIGNS = 500
_FORMAT = 1


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    FOUND = "found"
    CANCELLED = "cancelled"
    DIFFERENT = "different"
    FAILED = "failed"


_OUTCOMES = {
    Outcome.DONE: Text(zh="预测完成", en="Forecast done"),
    Outcome.FOUND: Text(zh="预测结果已存在，没有再次训练", en="Forecast already on record, nothing was trained"),
    Outcome.CANCELLED: Text(zh="预测已取消", en="Forecast cancelled"),
    Outcome.DIFFERENT: Text(zh="重新训练的结果不同", en="Training again gave another result"),
    Outcome.FAILED: Text(zh="预测失败", en="Forecast failed"),
}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(_Model):
    """One alert in words; ``over`` when its rule held and does so no longer."""

    id: int
    kpi: str
    org_unit: str
    kind: str
    text: str
    over: bool


class Message(_Model):
    """How a run ended and what is new. ``left_out`` alerts are counted only; ``run_id`` is empty when none began."""

    language: Language
    at: datetime
    outcome: Outcome
    run_id: str = ""
    snapshot_id: int | None = None
    forecast_digest: str = ""
    detail: str = ""
    alerts: tuple[Told, ...] = ()
    left_out: int = 0
    link: str = ""


def short(text: str) -> str:
    """``text`` in one line, of no more than a few hundred signs, all of which can be sent."""
    line = " ".join(storable(text).split())
    return line if len(line) <= _MOST_SIGNS else line[: _MOST_SIGNS - 1] + "…"


def told(alerts: Sequence[AlertRecord], names: Names, language: Language) -> tuple[Told, ...]:
    """Alerts in words."""
    return tuple(
        Told(
            id=each.id,
            kpi=each.occasion.kpi,
            org_unit=each.occasion.org_unit,
            kind=each.occasion.rule.kind.value,
            text=short(occasion_in_words(each.occasion, names).in_(language)),
            over=each.over_at is not None,
        )
        for each in alerts
    )


def bounded(message: Message) -> Message:
    """The message with as many alerts as fit into :data:`MOST_BYTES` of its document, the others counted."""
    message = message.model_copy(update={"detail": short(message.detail)})
    total = len(message.alerts) + message.left_out
    # The count of what is left out is widest here, so that what is kept cannot make the rest longer.
    room = MOST_BYTES - len(encoded(message.model_copy(update={"alerts": (), "left_out": total})))
    kept: list[Told] = []
    for each in message.alerts[:_MOST_ALERTS]:
        room -= len(json.dumps(each.model_dump(mode="json"), ensure_ascii=False).encode()) + 2
        if room < 0:
            break
        kept.append(each)
    return message.model_copy(update={"alerts": tuple(kept), "left_out": total - len(kept)})


def document(message: Message) -> dict[str, Any]:
    """What a program reads. The format's number grows when a field changes its meaning."""
    return {"event": "forecast.run", "format": _FORMAT, **message.model_dump(mode="json")}


def encoded(message: Message) -> bytes:
    """The document in UTF-8."""
    return json.dumps(document(message), ensure_ascii=False).encode()


def subject(message: Message) -> str:
    """One line."""
    words = _OUTCOMES[message.outcome].in_(message.language)
    new = len(message.alerts) + message.left_out
    counted = Text(zh=f"，{new} 条新提醒", en=f", {new} new alert{'s' if new > 1 else ''}")
    return f"Scorecast: {words}" + (counted.in_(message.language) if new else "")


def letter(message: Message) -> str:
    """What a person reads."""
    zh = message.language == "zh"
    lines = [_OUTCOMES[message.outcome].in_(message.language) + ("。" if zh else ".")]
    if message.detail:
        lines.append(message.detail)
    facts = {
        Text(zh="运行编号", en="Run"): message.run_id,
        Text(zh="数据快照", en="Snapshot"): "" if message.snapshot_id is None else f"#{message.snapshot_id}",
        Text(zh="预测摘要", en="Forecast digest"): message.forecast_digest,
        Text(zh="时间", en="Time"): f"{message.at:%Y-%m-%d %H:%M} UTC",
    }
    lines += ["", *(f"{name.in_(message.language)}: {said}" for name, said in facts.items() if said)]
    if message.alerts or message.left_out:
        lines += ["", Text(zh="新提醒：", en="New alerts:").in_(message.language)]
        over = Text(zh="(现已不再成立)", en=" (no longer so)").in_(message.language)
        lines += [f"- {each.text}{over if each.over else ''}" for each in message.alerts]
    if message.left_out:
        more = Text(zh=f"- 另有 {message.left_out} 条，见“提醒”页。", en=f"- and {message.left_out} more, on the page.")
        lines.append(more.in_(message.language))
    if message.link:
        lines += ["", message.link]
    return "\n".join(lines) + "\n"
