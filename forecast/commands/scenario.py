"""``scenario``: what people assume of coming quarters; list, show what comes of it, save, withdraw."""

import argparse
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.ledger import Ledger
from forecast.newest import panel_of
from forecast.records import RunRecord, RunState
from forecast.scenario.base import Base, build_base
from forecast.scenario.book import ScenarioBook, ScenarioRecord, find
from forecast.scenario.changes import Changes
from forecast.scenario.effect import contributions, year_end_card
from forecast.scenario.medians import read_medians
from forecast.scenario.resolve import resolve
from kpi.errors import refuse
from kpi.scorecard.load import load_template_named
from kpi.scorecard.results import Scorecard, Value
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.store.records import SnapshotRecord
from kpi.text import Text

_NOTE = Text(zh="以下为情景测算，不是实际数。", en="A scenario, not actual figures.")


class _Asked(BaseModel):
    """The content of a file to save."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    reason: str
    changes: Changes
    based_on: str = ""


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Do what is asked for."""
    store = open_store(settings.store_url)
    try:
        book = ScenarioBook(store)
        match chosen.action:
            case "show":
                _show(book, chosen, settings)
            case "save":
                _list([_save(book, _read(chosen.file), settings)], as_json=chosen.json)
            case "withdraw":
                record = book.withdraw(_named(book, chosen.hash).id, chosen.reason, settings.user)
                _list([record], as_json=chosen.json)
            case _:
                _list([each for each in book.every() if each.stands or chosen.all], as_json=chosen.json)
    finally:
        store.close()
    return 0


def _list(records: list[ScenarioRecord], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([each.model_dump(mode="json") for each in records], ensure_ascii=False))
        return
    for each in records:
        state = "" if each.stands else f"  withdrawn by {each.withdrawn_by}: {each.why}"
        rests = f"snapshot {each.snapshot_id}  run {each.run_id[:8]}  {len(each.changes)} changes"
        print(f"{each.short}  {each.name}  {rests}  {each.made_by}: {each.reason}{state}")


def _named(book: ScenarioBook, beginning: str) -> ScenarioRecord:
    found = find(book.every(), beginning)
    if found is None:
        raise refuse(
            f"没有哈希以“{beginning}”开头的唯一情景。python -m forecast scenario list --all 会列出全部。",
            f"there is no one scenario whose hash begins with {beginning!r}. python -m forecast scenario list --all "
            "names them.",
        )
    return found


def _read(path: Path) -> _Asked:
    try:
        return _Asked.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as problem:
        amiss = str(problem)
        if isinstance(problem, ValidationError):
            amiss = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors())
        form = '{"name", "reason", "changes": [{"driver", "org_unit", "quarter", "by": "percent|value", "amount"}]}'
        raise refuse(
            f"无法读取情景文件 {path}：{amiss}。应为 JSON：{form}。",
            f"the scenario file {path} cannot be read: {amiss}. It has to be JSON: {form}.",
        ) from problem


def _save(book: ScenarioBook, asked: _Asked, settings: Settings) -> ScenarioRecord:
    snapshot = book.store.latest_snapshot()
    runs = [run for run in Ledger(book.store).runs() if run.state is RunState.DONE]
    runs = [run for run in runs if snapshot is not None and run.snapshot_id == snapshot.id]
    if snapshot is None or not runs:
        raise refuse(
            "最新快照还没有预测，情景无从谈起。请先运行 python -m forecast run。",
            "there is no forecast of the newest snapshot to change. Run python -m forecast run first.",
        )
    run = max(runs, key=lambda each: each.started_at)
    resolve(_base(book.store, settings, snapshot, run), asked.changes)
    based_on = _named(book, asked.based_on).id if asked.based_on else None
    return book.save(asked.name, asked.reason, snapshot, run, asked.changes, settings.user, based_on)


def _base(store: Store, settings: Settings, snapshot: SnapshotRecord, run: RunRecord) -> Base:
    panel = panel_of(store, settings, snapshot)
    if panel is None:
        raise refuse("还没有组织结构。", "there is no organisation yet.")
    return build_base(panel, read_medians(run))


def _show(book: ScenarioBook, chosen: argparse.Namespace, settings: Settings) -> None:
    record, store = _named(book, chosen.hash), book.store
    run = Ledger(store).run(record.run_id)
    if run is None:
        raise refuse(f"没有运行 {record.run_id[:8]}。", f"there is no run {record.run_id[:8]}.")
    base = _base(store, settings, store.snapshot(record.snapshot_id), run)
    template = load_template_named(settings.scorecard, settings.scorecards_dir, base.panel.catalogue)
    unit = chosen.unit or base.panel.organisation.root.code
    year = chosen.year or next(iter(base.years), None)
    if unit not in base.panel.position or year not in base.years:
        years = ", ".join(map(str, base.years)) or "-"
        raise refuse(
            f"没有机构 {unit}，或 {year} 年不在可测算的年份({years})中。",
            f"there is no org unit {unit}, or {year} is not among the years that can be worked out ({years}).",
        )
    before = year_end_card(base.panel, template, unit, year)
    after = year_end_card(resolve(base, record.changes).panel, template, unit, year)
    if chosen.json:
        document = {"scenario": record.model_dump(mode="json"), "org_unit": unit, "year": year, "actual": False}
        print(json.dumps(document | {"before": _card(before), "after": _card(after)}, ensure_ascii=False))
        return
    _print(record, before, after, settings)


def _print(record: ScenarioRecord, before: Scorecard, after: Scorecard, settings: Settings) -> None:
    print(f"{_NOTE.in_(settings.language)}  {record.short}  {record.name}")
    for change in record.changes:
        print(f"  {change}")
    print(f"{after.template}  {_short(before.total)} -> {_short(after.total)}")
    points = contributions(before, after)
    for then, now in zip(before.kpis, after.kpis, strict=True):
        if then.value.amount != now.value.amount:
            scores = f"{_short(then.score)} -> {_short(now.score)}  {float(points.get(now.kpi, 0)):+.4g}"
            print(f"{now.kpi}  {_short(then.value)} -> {_short(now.value)}  {then.status} -> {now.status}  {scores}")


def _short(value: Value) -> str:
    return "-" if value.amount is None else f"{float(value.amount):.6g}"


def _card(card: Scorecard) -> dict[str, Any]:
    parts = {part.code: _exact(part.score.amount) for part in (*card.objectives, *card.groups)}
    kpis = {
        row.kpi: {name: _exact(getattr(row, name).amount) for name in ("value", "target", "attainment", "score")}
        | {"status": row.status.value}
        for row in card.kpis
    }
    return {"total": _exact(card.total.amount), "status": card.status.value, "parts": parts, "kpis": kpis}


def _exact(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
