"""Check a passport's evidence, run it again from its own inputs, and say how the two compare."""

import csv
from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256
from math import inf

from pydantic import BaseModel, ConfigDict

from forecast.calculate import Outcome, calculate
from forecast.code_version import code_hash
from forecast.determinism import Switches
from forecast.device import choose_device
from forecast.fingerprint import PROMISED, Fingerprint, fingerprint
from forecast.inputs import RunInputs
from forecast.passport import MANIFEST, SEAL, Manifest, outcome_files, pack, read_manifest, software, unpack
from forecast.progress import Cancelled
from forecast.recipe import NumericsName
from forecast.record_files import BACKTEST_KEYS, RATES_KEYS, RECONCILIATION_KEYS, SERIES_RECORD_KEYS
from forecast.results import KPI_KEYS, SCORE_KEYS, SERIES_KEYS, read_numbers
from forecast.weights import unpack_weights
from kpi.errors import Refused, refuse
from kpi.text import Text

TOLERANCE = 1e-6
_WEIGHTS = {"initial_weights": "weights/initial.safetensors", "weights": "weights/final.safetensors"}

Progress = Callable[[float, Text], None]


class Verdict(StrEnum):
    """The four answers; only DIFFERENT says that something is wrong with the evidence."""

    EXACT = "EXACT"
    WITHIN_TOLERANCE = "WITHIN TOLERANCE"
    DIFFERENT = "DIFFERENT"
    CANNOT = "CANNOT"

    @property
    def exit_code(self) -> int:
        """0 for a number that came out again, 3 for a difference, 2 when it could not be tried."""
        return {Verdict.DIFFERENT: 3, Verdict.CANNOT: 2}.get(self, 0)


class Verification(BaseModel):
    """The answer, in words and for programs. ``largest_difference`` is relative, over all published numbers."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    message: Text
    run_id: str = ""
    differences: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    largest_difference: float | None = None
    digests: dict[str, str] = {}


def verify(content: bytes, enforce: Callable[[NumericsName], Switches], progress: Progress) -> Verification:
    """Judge the passport with these bytes. ``enforce`` sets and checks the deterministic switches before training."""
    try:
        files, broken = unpack(content)
        if MANIFEST not in files and MANIFEST not in broken:
            raise refuse(f"文件里没有 {MANIFEST}，不是护照。", f"there is no {MANIFEST} inside, so it is no passport.")
        damage = _damage(content, files, broken)
        if damage:
            return _different(damage)
        manifest = read_manifest(files[MANIFEST])
        inputs = RunInputs.from_files(_folder(files, "inputs/"))
        wrong = _contradictions(manifest, inputs, files)
        if wrong:
            return _different(wrong, manifest.run_id)
        # Order-free numbers are the same on any device, so whichever is here will do.
        anywhere = manifest.config.numerics == "order_free"
        device = choose_device("auto" if anywhere else manifest.device.get("name", "cpu"))
        enforce(manifest.config.numerics)
        start = unpack_weights(files[_WEIGHTS["initial_weights"]]) if manifest.config.start else ()
        outcome = calculate(inputs, manifest.config, device.name, progress, start)
    except Refused as refusal:
        if isinstance(refusal, Cancelled):
            raise
        return Verification(verdict=Verdict.CANNOT, message=refusal.message)
    return _compare(manifest, files, outcome, device.name)


def _folder(files: dict[str, bytes], prefix: str) -> dict[str, bytes]:
    return {name.removeprefix(prefix): content for name, content in files.items() if name.startswith(prefix)}


def _damage(content: bytes, files: dict[str, bytes], broken: list[str]) -> list[Text]:
    """What of the files is not as it was sealed; every damaged file is named."""
    wrong = [_changed(name) for name in broken]
    if wrong:
        return wrong
    sealed = f"{sha256(files[MANIFEST]).hexdigest()}  {MANIFEST}\n".encode()
    if files.get(SEAL) != sealed:
        return [
            Text(
                zh=f"{MANIFEST} 与 {SEAL} 不一致，其中之一被改动过。",
                en=f"{MANIFEST} and {SEAL} do not belong together: one of them was changed.",
            )
        ]
    stated = read_manifest(files[MANIFEST]).files
    for name in sorted(set(stated) | set(files) - {MANIFEST, SEAL}):
        if name not in files:
            wrong.append(Text(zh=f"缺少文件 {name}。", en=f"the file {name} is missing."))
        elif name not in stated:
            wrong.append(Text(zh=f"多出文件 {name}。", en=f"the file {name} does not belong here."))
        elif sha256(files[name]).hexdigest() != stated[name]:
            wrong.append(_changed(name))
    if not wrong and pack(files) != content:
        wrong.append(Text(zh="zip 容器本身被改动过。", en="the zip container itself was changed."))
    return wrong


def _changed(name: str) -> Text:
    return Text(zh=f"文件 {name} 被改动过。", en=f"the file {name} was changed.")


def _contradictions(manifest: Manifest, inputs: RunInputs, files: dict[str, bytes]) -> list[Text]:
    """What the passport states about itself and its own files deny."""
    identity = manifest.identity
    stated = identity.model_dump() | {name: manifest.digests.get(name) for name in _WEIGHTS}
    found = inputs.digests | {"config": manifest.config.digest, "numerics": manifest.config.numerics}
    found |= {name: sha256(files.get(file, b"")).hexdigest() for name, file in _WEIGHTS.items()}
    wrong = [
        Text(zh=f"护照内的 {name} 与其声明的摘要不符。", en=f"{name} inside the passport is not the one it states.")
        for name, digest in found.items()
        if stated[name] != digest
    ]
    if identity.run_id != manifest.run_id:
        wrong.append(Text(zh="运行编号与身份不符。", en="the run id does not follow from the identity."))
    return wrong


def _compare(manifest: Manifest, files: dict[str, bytes], outcome: Outcome, device: str) -> Verification:
    notes = tuple(_notes(manifest, fingerprint(device)))
    parted = [name for name, digest in outcome.digests.items() if digest != manifest.digests.get(name)]
    rebuilt = outcome_files(outcome, manifest.config)
    parted += [name for name, written in rebuilt.items() if files.get(name) != written]
    common = {"run_id": manifest.run_id, "notes": notes, "digests": outcome.digests}
    if not parted:
        message = Text(zh="完全一致，重新运行得到相同的字节。", en="the rerun gave the same bytes.")
        return Verification(verdict=Verdict.EXACT, message=message, largest_difference=0.0, **common)
    first = Text(zh=f"最先不同的是 {parted[0]}。", en=f"the first to differ is {parted[0]}.")
    worst, where = _largest_difference(manifest, files, outcome)
    # A stated digest that differs while every number agrees to the last bit is a false statement, not noise.
    if 0.0 < worst <= TOLERANCE and "panel" not in parted:
        message = Text(
            zh=f"在容差内：所有公布的数字相对差不超过 {worst:.1e}(容差 {TOLERANCE:.0e})。",
            en=f"WITHIN TOLERANCE: no published number differs by more than {worst:.1e} of itself "
            f"(tolerance {TOLERANCE:.0e}).",
        )
        return Verification(
            verdict=Verdict.WITHIN_TOLERANCE,
            message=message,
            differences=(first,),
            largest_difference=worst,
            **common,
        )
    largest = Text(zh=f"差别最大的是 {where}:{worst:.1e}。", en=f"the largest difference is at {where}: {worst:.1e}.")
    finite = worst if worst < inf else None
    return _different([first, largest], manifest.run_id, notes, finite, outcome.digests)


def _notes(manifest: Manifest, arithmetic: Fingerprint) -> list[Text]:
    """What stands otherwise here than where the run was made; it may explain a difference."""
    notes = []
    if manifest.identity.code != code_hash():
        notes.append(Text(zh="这里的代码与当时不同。", en="the code here is not the code of the run."))
    here = software()
    for name, then in manifest.software.items():
        if here.get(name) != then:
            notes.append(
                Text(
                    zh=f"{name}：当时 {then}，现在 {here.get(name)}。", en=f"{name}: {then} then, {here.get(name)} now."
                )
            )
    parted = [name for name, digest in manifest.fingerprint.items() if arithmetic.get(name) != digest]
    broken = [name for name in parted if name.startswith(PROMISED)]
    if broken:
        names = ", ".join(broken)
        zh, en = f"本机的 {names} 与当时不同，这本不该发生。", f"{names} differ on this machine, which should never be."
        notes.append(Text(zh=zh, en=en))
    elif parted:
        count, names = f"{len(parted)}/{len(manifest.fingerprint)}", ", ".join(parted)
        zh = f"本机算术与当时的机器不同({count} 项探针)：{names}。"
        notes.append(Text(zh=zh, en=f"this machine computes otherwise than the one then ({count} probes): {names}."))
    return notes


def _largest_difference(manifest: Manifest, files: dict[str, bytes], outcome: Outcome) -> tuple[float, str]:
    """The largest relative difference of any published number and where it stands; infinite when rows differ."""
    # Not why.csv: its terms are differences, of which the smallest are nothing but the last bits of the forecast.
    pairs = (
        ("results/forecast.csv", SERIES_KEYS),
        ("results/kpi_forecast.csv", KPI_KEYS),
        ("results/score_forecast.csv", SCORE_KEYS),
        ("results/series.csv", SERIES_RECORD_KEYS),
        ("results/backtest.csv", BACKTEST_KEYS),
        ("results/reconciliation.csv", RECONCILIATION_KEYS),
        ("results/rates.csv", RATES_KEYS),
    )
    worst, where = 0.0, ""
    rebuilt = outcome_files(outcome, manifest.config)
    for name, keys in pairs:
        now = read_numbers(rebuilt[name].decode(), keys)
        try:
            before = read_numbers(files.get(name, b"").decode(), keys)
        except (ValueError, csv.Error):
            return inf, name
        if before.keys() != now.keys():
            return inf, " ".join(min(before.keys() ^ now.keys()))
        for key, numbers in before.items():
            if numbers.keys() != now[key].keys():
                return inf, " ".join(key)
            for column, old in numbers.items():
                distance = _relative(old, now[key][column])
                if distance > worst:
                    worst, where = distance, " ".join(key)
    return worst, where


def _relative(old: float | None, new: float | None) -> float:
    if old == new:
        return 0.0
    if old is None or new is None:
        return inf
    distance = abs(old - new) / max(abs(old), abs(new))
    return distance if distance < inf else inf  # a number that is none counts as endless


def _different(
    differences: list[Text],
    run_id: str = "",
    notes: tuple[Text, ...] = (),
    largest: float | None = None,
    digests: dict[str, str] | None = None,
) -> Verification:
    return Verification(
        verdict=Verdict.DIFFERENT,
        message=Text(zh="不一致。", en="DIFFERENT."),
        run_id=run_id,
        differences=tuple(differences),
        notes=notes,
        largest_difference=largest,
        digests=digests or {},
    )
