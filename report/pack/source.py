"""What a pack is made of: the facts, definitions and forecasts of one run, as its sealed passport has them.

A snapshot without a run gives its facts by the definitions in force, and no forecast. Nothing here changes the store.
"""

import csv
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from forecast.alerts.observe import run_shown
from forecast.inputs import RunInputs
from forecast.journal import Head, Journal, first_broken, head, on_record
from forecast.ledger import Ledger
from forecast.nearness import KpiPast
from forecast.overlays import Overlay, Overlays
from forecast.past import (
    DAMAGE,
    KPI_FORECASTS,
    KPI_RECORD,
    SCORE_FORECASTS,
    kpi_forecasts,
    kpi_past,
    score_forecasts,
)
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from kpi.catalogue.load import load_catalogue
from kpi.errors import Refused, ScorecastError, refuse
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.load import load_template_named
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.settings import Settings
from kpi.store import Store
from kpi.store.records import SnapshotRecord
from kpi.text import Text
from report.outlook import Outlook

_MANIFEST = "manifest.json"
_INPUTS = ("facts.csv", "organisation.json", "catalogue.json", "template.json", "calendar.json")
_RESULTS = (KPI_FORECASTS, SCORE_FORECASTS)


class LedgerRewritten(ScorecastError):
    """The ledger does not hold, so no pack is made that would vouch for it (exit code 3)."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Asked:
    """Which pack: a run by the beginning of its id, or a snapshot, or else the newest; one org unit and quarter."""

    run: str = ""
    snapshot: int | None = None
    org_unit: str = ""
    quarter: str = ""
    window: Window = Window.YTD


@dataclass(frozen=True)
class Source:
    """Everything that the pages of one org unit and quarter are made of."""

    snapshot: SnapshotRecord
    run: RunRecord | None
    inputs: RunInputs
    digests: Mapping[str, str]
    panel: Panel
    org_unit: str
    quarter: Period
    window: Window
    forecasts: Mapping[str, tuple[KpiForecast, ...]]
    scores: tuple[ScoreForecast, ...]
    past: Mapping[str, tuple[KpiPast, ...]]
    overlays: tuple[Overlay, ...]
    head: Head | None

    def outlook(self, kpi: str) -> Outlook:
        """What the run forecasts of a KPI; nothing without a run."""
        return Outlook(self.forecasts.get(kpi, ()))


def read_source(store: Store, settings: Settings, asked: Asked) -> Source:
    """Everything for the pack that is ``asked`` for.

    Raises Refused for what is not there and for a passport that is gone or was changed, LedgerRewritten where the
    ledger does not hold.
    """
    lines = _ledger(store)
    snapshot, run = _choose(store, asked)
    sealed = read_sealed(run, lines) if run else None
    inputs = sealed.inputs if sealed else _as_defined_now(store, settings, snapshot)
    unit = _org_unit(inputs.organisation, asked.org_unit)
    expected = read_results(run, sealed, unit) if run and sealed else Results()
    panel = Panel.build(inputs.rows, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    return Source(
        snapshot=snapshot,
        run=run,
        inputs=inputs,
        digests=sealed.digests if sealed else inputs.digests,
        panel=panel,
        org_unit=unit,
        quarter=_quarter(panel, asked.quarter),
        window=asked.window,
        forecasts=expected.forecasts,
        scores=expected.scores,
        past=expected.past,
        overlays=tuple(made for made in Overlays(store).standing() if made.org_unit == unit),
        head=head(lines),
    )


def _choose(store: Store, asked: Asked) -> tuple[SnapshotRecord, RunRecord | None]:
    runs = Ledger(store).runs()
    if asked.run:
        run = _run_named(runs, asked.run)
        return store.snapshot(run.snapshot_id), run
    snapshot = store.latest_snapshot() if asked.snapshot is None else store.snapshot(asked.snapshot)
    if snapshot is None:
        raise refuse(
            "还没有批准的数据，无法生成董事会报告。请先上传并批准一份工作簿。",
            "there is no approved data yet, so there is no board pack. Upload a workbook and approve it first.",
        )
    return snapshot, run_shown(runs, snapshot.id)


def _run_named(runs: Iterable[RunRecord], name: str) -> RunRecord:
    done = [run for run in runs if run.state is RunState.DONE]
    found = [run for run in done if run.run_id.startswith(name)]
    if len(found) != 1:
        have = ", ".join(run.run_id[:16] for run in done) or "-"
        raise refuse(
            f"“{name}”不是唯一一个已完成运行的编号开头。已完成的运行：{have}。",
            f"{name!r} is not the beginning of the id of just one finished run. Finished runs: {have}.",
        )
    return found[0]


def _as_defined_now(store: Store, settings: Settings, snapshot: SnapshotRecord) -> RunInputs:
    organisation = store.organisation()
    if organisation is None:
        raise refuse("还没有组织结构。", "there is no organisation yet.")
    catalogue = load_catalogue(settings.catalogue_dir)
    template = load_template_named(settings.scorecard, settings.scorecards_dir, catalogue)
    return RunInputs.of(store.snapshot_rows(snapshot.id), organisation, catalogue, template, settings.calendar)


@dataclass(frozen=True)
class Sealed:
    """What the passport of a run holds: facts and definitions, their digests, and the tables of what it forecasts."""

    inputs: RunInputs
    digests: Mapping[str, str]
    results: Mapping[str, bytes]


def read_sealed(run: RunRecord, lines: Sequence[str]) -> Sealed:
    """The passport of a run.

    Raises Refused when that is gone, or is not the one that the ledger with these ``lines`` has sealed.
    """
    if not on_record(lines, run):
        raise _no_passport(run, "的封印或摘要与账本不符", "has another seal or other digests than the ledger")
    path = Path(run.passport)
    try:
        with zipfile.ZipFile(path) as archive:
            content = archive.read(_MANIFEST)
            manifest: Any = json.loads(content)
            stated, identity = manifest["files"], manifest["identity"]
            kept = [KPI_RECORD] if KPI_RECORD in stated else []
            files = {name: archive.read(name) for name in (*(f"inputs/{name}" for name in _INPUTS), *_RESULTS, *kept)}
        changed = [name for name, held in files.items() if sha256(held).hexdigest() != stated.get(name)]
        digests = {
            name: str(identity[name]) for name in ("facts", *(name.removesuffix(".json") for name in _INPUTS[1:]))
        }
    except (OSError, LookupError, ValueError, TypeError, *DAMAGE) as problem:
        raise _no_passport(run, f"无法读取({problem})", f"cannot be read ({problem})") from problem
    if changed or sha256(content).hexdigest() != run.seal:
        raise _no_passport(run, "不是账本封存的那一份", "is not the one that the ledger has sealed")
    inputs = RunInputs.from_files({name: files[f"inputs/{name}"] for name in _INPUTS})
    return Sealed(inputs, digests, {name: files.get(name, b"") for name in (*_RESULTS, KPI_RECORD)})


@dataclass(frozen=True)
class Results:
    """What a run said of one org unit: forecasts and its record by KPI, and forecasts of scores."""

    forecasts: Mapping[str, tuple[KpiForecast, ...]] = field(default_factory=dict)
    scores: tuple[ScoreForecast, ...] = ()
    past: Mapping[str, tuple[KpiPast, ...]] = field(default_factory=dict)


def read_results(run: RunRecord, sealed: Sealed, org_unit: str) -> Results:
    """The tables of a passport for one org unit. Raises Refused where they are of another form than this version's."""
    try:
        past = kpi_past(sealed.results[KPI_RECORD], org_unit)
        return Results(
            _by_kpi(kpi_forecasts(sealed.results[KPI_FORECASTS], org_unit)),
            tuple(score_forecasts(sealed.results[SCORE_FORECASTS], org_unit)),
            {kpi: rows for (kpi, _), rows in past.items()},
        )
    except (LookupError, ValueError, csv.Error) as problem:
        raise _no_passport(
            run, f"的结果表无法读取({problem})", f"has tables that cannot be read ({problem})"
        ) from problem


def _no_passport(run: RunRecord, zh: str, en: str) -> Refused:
    name, path = run.run_id[:16], run.passport
    return refuse(
        f"运行 {name} 的护照 {path} {zh}，无法生成可核对的报告。请恢复该文件，或指定另一个运行。",
        f"the passport {path} of run {name} {en}, so no pack can be made that holds. Restore the file, or name another "
        "run.",
    )


def _org_unit(organisation: Organisation, code: str) -> str:
    if code and code not in organisation.by_code:
        have = ", ".join(organisation.by_code)
        raise refuse(f"没有机构 {code}，现有：{have}。", f"there is no org unit {code}; there are: {have}.")
    return code or organisation.root.code


def _quarter(panel: Panel, text: str) -> Period:
    last = panel.last_actual
    known = [quarter for quarter in panel.quarters if last is not None and quarter <= last]
    if not known:
        raise refuse("该快照没有任何实际值。", "this snapshot has no actual value at all.")
    found = next((quarter for quarter in known if str(quarter) == text), None) if text else known[-1]
    if found is None:
        raise refuse(
            f"该快照没有季度 {text} 的实际值，有 {known[0]} 至 {known[-1]}，写法如 {known[-1]}。",
            f"this snapshot has no actual values for quarter {text}; it has {known[0]} to {known[-1]}, written like "
            f"{known[-1]}.",
        )
    return found


def _by_kpi(rows: Iterable[KpiForecast]) -> dict[str, tuple[KpiForecast, ...]]:
    found: dict[str, list[KpiForecast]] = {}
    for row in rows:
        found.setdefault(row.kpi, []).append(row)
    return {kpi: tuple(of) for kpi, of in found.items()}


def _ledger(store: Store) -> list[str]:
    lines = Journal(store).lines()
    broken = first_broken(lines)
    if broken is not None:
        raise LedgerRewritten(
            Text(
                zh=f"账本被改动过：第 {broken} 行不再接续前一行，未生成报告。",
                en=f"the ledger was rewritten: line {broken} no longer follows the one before it; no pack was made.",
            )
        )
    return lines
