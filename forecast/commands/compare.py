"""``compare``: what changed between two runs, and how each forecast moved."""

import argparse
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from forecast.code_version import code_hash
from forecast.compare.comparison import Comparison, compare
from forecast.compare.evidence import Evidence, Level, places, read_evidence
from forecast.compare.kept import keep, kept
from forecast.compare.moves import Move
from forecast.compare.split import Part, State, to_compute, walk
from forecast.compare.words import CAUSES, changes_in_words
from forecast.config import ForecastConfig
from forecast.determinism import seal_for
from forecast.ledger import Ledger
from forecast.progress import shown_and_cancellable
from forecast.records import RunState
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.store import open_store
from kpi.text import Language, Text

_SHOWN = 20
_DONE = Text(zh="完成", en="done")
Progress = Callable[[float, Text], None]


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print the comparison; with ``--split`` compute what is missing for it and keep the result beside the runs."""
    runs_dir = settings.data_dir / "runs"
    old, new = (read_evidence(_passport(name, settings)) for name in (chosen.old, chosen.new))
    found = kept(runs_dir, old, new)
    if chosen.split and (found is None or found.code != code_hash()):
        found = _split(old, new, settings)
        keep(runs_dir, found)
    if found is None:
        found = compare(old, new, code_hash())
    if chosen.json:
        print(found.model_dump_json())
    else:
        _print(found, settings.language)
    return 0


def _passport(name: str, settings: Settings) -> Path:
    """The passport in the file ``name``, or of the finished run whose id begins so."""
    if Path(name).is_file():
        return Path(name)
    runs = Ledger(open_store(settings.store_url)).runs()
    found = [run for run in runs if run.state is RunState.DONE and run.run_id.startswith(name)]
    if not name or len(found) != 1:
        have = ", ".join(run.run_id[:16] for run in runs if run.state is RunState.DONE) or "-"
        raise refuse(
            f"“{name}”既不是护照文件，也不是唯一一个已完成运行的编号开头。已完成的运行：{have}。",
            f"{name!r} is neither a passport file nor the beginning of the id of just one finished run. "
            f"Finished runs: {have}.",
        )
    return Path(found[0].passport)


def _split(old: Evidence, new: Evidence, settings: Settings) -> Comparison:
    states = to_compute(walk(old, new, code_hash())) if old.run_id != new.run_id else ()
    configs = {state.by.run_id: _config(state.by) for state in states}
    for config in configs.values():
        seal_for(config.numerics)
    with shown_and_cancellable(settings.language) as progress:
        done = 0

        def compute(state: State) -> Level:
            nonlocal done
            level = _computed(state, configs[state.by.run_id], _share(progress, done, len(states)))
            done += 1
            return level

        found = compare(old, new, code_hash(), compute)
        progress(1.0, _DONE)
    return found


def _share(progress: Progress, done: int, count: int) -> Progress:
    """The progress of one computation as that of all."""

    def told(share: float, message: Text) -> None:
        which = f"{done + 1}/{count}"
        zh, en = f"第 {which} 次计算：{message.zh}", f"computation {which}: {message.en}"
        progress(min(0.99, (done + share) / count), Text(zh=zh, en=en))

    return told


def _config(run: Evidence) -> ForecastConfig:
    try:
        return ForecastConfig.model_validate(run.config)
    except ValidationError as problem:
        raise refuse(
            f"运行 {run.run_id[:16]} 的配置不能由本版本计算：{problem}",
            f"this version cannot compute by the configuration of run {run.run_id[:16]}: {problem}",
        ) from problem


def _computed(state: State, config: ForecastConfig, progress: Progress) -> Level:
    # Torch takes a second or two, and a comparison without a computation has no use for it.
    import torch  # noqa: PLC0415

    from forecast.calculate import calculate  # noqa: PLC0415
    from forecast.determinism import enforce  # noqa: PLC0415
    from forecast.device import choose_device  # noqa: PLC0415
    from forecast.weights import unpack_weights  # noqa: PLC0415

    device = "auto" if state.by.order_free else str(state.by.surroundings["device"].get("name", "cpu"))
    chosen = choose_device(device)
    enforce(torch, config.numerics)
    start = tuple(unpack_weights(state.by.start)) if config.start else ()
    return places(calculate(state.inputs, config, chosen.name, progress, start).landings.kpis)


def _print(found: Comparison, language: Language) -> None:
    for cause, words in changes_in_words(found.changes).items():
        print(f"{CAUSES[cause].in_(language)}: {words.in_(language)}")
    same = sum(not move.change for move in found.moves)
    zh = f"两次都有的预测 {len(found.moves)} 个，其中 {same} 个不变；已有实际值的 {len(found.came)} 个。"
    en = f"{len(found.moves)} forecasts are in both, {same} of them unchanged; {len(found.came)} have come since."
    print(Text(zh=zh, en=en).in_(language))
    for move in found.moves[:_SHOWN]:
        if move.change:
            print(_line(move, language))
    if not found.split:
        zh = f"按原因拆分需要 {found.computations} 次计算：加上 --split。"
        en = f"Splitting the moves by cause takes {found.computations} computations: add --split."
        print(Text(zh=zh, en=en).in_(language), file=sys.stderr)


def _line(move: Move, language: Language) -> str:
    head = f"{move.kpi}  {move.org_unit}  {move.period}  {move.old.p50:.6g} -> {move.new.p50:.6g}"
    return head + "".join(f"  {_part(part, language)}" for part in move.parts or ())


def _part(part: Part, language: Language) -> str:
    causes = "+".join(CAUSES[cause].in_(language) for cause in part.causes)
    return f"{causes} {_short(part.change)}"


def _short(change: Decimal) -> str:
    return f"{float(change):+.4g}"
