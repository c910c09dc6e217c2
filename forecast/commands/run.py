"""``run``: forecast one approved snapshot."""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import torch
from pydantic import ValidationError

from forecast.attest.keys import has_key, make_key, read_signing_key
from forecast.attest.sign import sign_run
from forecast.config import ConfigFromSettings, ForecastConfig
from forecast.crew import Crew, assist
from forecast.determinism import enforce, seal_for
from forecast.device import Device, choose_device
from forecast.ending import Ending, told_at_the_end
from forecast.inputs import RunInputs
from forecast.ledger import Ledger
from forecast.lineage import lineage_files
from forecast.pretrained import Start, read_start
from forecast.progress import shown_and_cancellable
from forecast.run import Answer, Job, nothing_approved, run, unsigned
from forecast.team import Team, WorkerLost, local_rank, team
from kpi.catalogue.load import load_catalogue
from kpi.errors import refuse
from kpi.organisation import Organisation
from kpi.scorecard.load import load_template_named
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.store.records import SnapshotRecord
from kpi.text import Text

_LOST = 2


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Find the inputs, run, print the answer, tell what came of it. Under ``torchrun`` the first worker does so and the
    others help it."""
    with told_at_the_end(settings, _now) as ending:
        return _act(chosen, settings, ending)


def _act(chosen: argparse.Namespace, settings: Settings, ending: Ending) -> int:
    start = read_start(settings.weights_dir)
    config = configuration(chosen.numerics, chosen.seed, start)
    seal_for(config.numerics)
    device = choose_device(chosen.device, local_rank())
    with team(device.name) as workers:
        if isinstance(workers, Team) and workers.rank > 0:
            return _help(workers, device, config, settings)
        crew = Crew(workers)
        try:
            return _lead(crew, config, start, device, chosen, settings, ending)
        finally:
            crew.dismiss()


def _help(workers: Team, device: Device, config: ForecastConfig, settings: Settings) -> int:
    enforce(torch, config.numerics)
    try:
        assist(workers, device.name)
    except WorkerLost:
        words = Text(zh="另一个工作进程中断了，本进程随之结束。", en="another worker ended, and so does this one.")
        print(words.in_(settings.language), file=sys.stderr)
        return _LOST
    return 0


def _lead(
    crew: Crew,
    config: ForecastConfig,
    start: Start,
    device: Device,
    chosen: argparse.Namespace,
    settings: Settings,
    ending: Ending,
) -> int:
    ending.store = store = open_store(settings.store_url)
    print(device.reason.in_(settings.language), file=sys.stderr)
    snapshot = _snapshot(store, chosen.snapshot)
    job = Job(
        inputs=_inputs(store, snapshot, settings),
        snapshot_id=snapshot.id,
        config=config,
        device=device,
        actor=settings.user,
        reason=chosen.reason,
        start=start.weights if config.start else (),
        language=settings.language,
        checkpoint_seconds=settings.checkpoint_seconds,
        evidence=partial(lineage_files, store, snapshot.id, settings.passport_workbooks == "bytes"),
        sign=_signature(settings),
        years_kept=settings.passport_years,
    )
    ending.snapshot_id, ending.run_id = snapshot.id, job.identity.run_id
    with shown_and_cancellable(settings.language) as progress:
        answer = run(
            job,
            Ledger(store),
            settings.data_dir / "runs",
            _now,
            partial(enforce, torch),
            progress,
            chosen.fresh,
            crew,
        )
    ending.record, ending.computed = answer.record, answer.computed
    copy = _copy(Path(answer.record.passport), chosen.out) if chosen.out else None
    _print(answer, copy, settings, chosen.json)
    return 0


def _signature(settings: Settings) -> Callable[[bytes], bytes]:
    """What signs a passport: the key that the settings name, made now if it is not there yet; nothing if none."""
    name, passphrase = settings.signing_key, settings.key_passphrase.get_secret_value()
    if not name:
        return unsigned
    if not has_key(settings.keys, name):
        made = make_key(settings.keys, name, passphrase)
        public = f"{settings.keys / name}.pub.pem"
        words = Text(
            zh=f"已生成签名密钥 {name}({made.keyid[:16]})。请把 {public} 交给审计人员。",
            en=f"made the signing key {name} ({made.keyid[:16]}). Give {public} to your auditors.",
        )
        print(words.in_(settings.language), file=sys.stderr)
    return partial(sign_run, key=read_signing_key(settings.keys, name, passphrase))


def configuration(numerics: str | None, seed: int | None, start: Start) -> ForecastConfig:
    """The configuration of the settings with what the command line says, and the weights it begins from.

    A network of another shape than the pretrained one begins from drawn weights. Raises Refused for a value out of
    range.
    """
    said = {name: value for name, value in (("numerics", numerics), ("seed", seed)) if value is not None}
    try:
        config = ConfigFromSettings.model_validate(said).plain()
    except ValidationError as problem:
        wrong = (": ".join((*map(str, fault["loc"]), fault["msg"])) for fault in problem.errors())
        faults = "; ".join(wrong)
        raise refuse(f"配置无效：{faults}。", f"the configuration is not valid: {faults}.") from problem
    return config.model_copy(update={"start": start.digest}) if start.fits(config.recipe) else config


def _now() -> datetime:
    return datetime.now(UTC)


def _snapshot(store: Store, wanted: int | None) -> SnapshotRecord:
    known = {snapshot.id: snapshot for snapshot in store.snapshots()}
    if not known:
        raise nothing_approved()
    if wanted is None:
        return known[max(known)]
    if wanted not in known:
        have = ", ".join(str(number) for number in sorted(known))
        raise refuse(f"没有快照 {wanted}，现有：{have}。", f"there is no snapshot {wanted}; there are: {have}.")
    return known[wanted]


def _inputs(store: Store, snapshot: SnapshotRecord, settings: Settings) -> RunInputs:
    organisation = _organisation(store)
    catalogue = load_catalogue(settings.catalogue_dir)
    template = load_template_named(settings.scorecard, settings.scorecards_dir, catalogue)
    rows = store.snapshot_rows(snapshot.id)
    inputs = RunInputs.of(rows, organisation, catalogue, template, settings.calendar)
    if inputs.facts_hash != snapshot.content_hash:
        raise refuse(
            f"快照 {snapshot.id} 的内容与其摘要不符，数据库可能被改动过。请运行 python -m kpi audit --check。",
            f"the facts of snapshot {snapshot.id} do not match its hash; the database may have been changed. "
            "Run python -m kpi audit --check.",
        )
    return inputs


def _organisation(store: Store) -> Organisation:
    organisation = store.organisation()
    if organisation is None:
        raise refuse(
            "数据库里还没有组织结构。请先载入(python -m kpi.demo load 载入示例公司)。",
            "the store holds no organisation yet. Load one first (python -m kpi.demo load brings the demo company).",
        )
    return organisation


def _copy(passport: Path, folder: Path) -> Path:
    target = folder / f"passport-{passport.parent.name[:16]}.zip"
    half = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(passport, half)
        half.replace(target)
    except OSError as problem:
        raise refuse(
            f"无法写入 {folder}:{problem.strerror}。运行已完成，护照在 {passport}。",
            f"cannot write to {folder}: {problem.strerror}. The run is done; its passport is {passport}.",
        ) from problem
    return target.resolve()


def _print(answer: Answer, copy: Path | None, settings: Settings, as_json: bool) -> None:
    record = answer.record
    passport = str(copy or record.passport)
    if as_json:
        names = ("run_id", "snapshot_id", "weights_digest", "forecast_digest", "numerics", "device")
        document = {name: getattr(record, name) for name in names}
        print(json.dumps(document | {"passport": passport, "computed": answer.computed}, ensure_ascii=False))
        return
    words = Text(zh="结果已存在，没有再次训练", en="already on record, nothing was trained")
    if answer.computed:
        words = Text(zh="运行完成", en="run complete")
    print(f"{words.in_(settings.language)}: {record.run_id}")
    print(f"weights  {record.weights_digest}")
    print(f"forecast {record.forecast_digest}")
    print(f"passport {passport}")
