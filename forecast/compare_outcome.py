"""A rerun beside what a passport states: the same bytes, nearly the same numbers, or where they part first."""

import csv
from collections.abc import Mapping
from math import inf
from typing import Final

from forecast.calculate import Outcome
from forecast.code_version import code_hash
from forecast.evidence import WEIGHTS
from forecast.fingerprint import PROMISED, Fingerprint, fingerprint
from forecast.manifest import Manifest
from forecast.passport_files import CHAIN, outcome_files, read_chain, six_digits
from forecast.record_files import BACKTEST_KEYS, KPI_RECORD_KEYS, RATES_KEYS, RECONCILIATION_KEYS, SERIES_RECORD_KEYS
from forecast.results import KPI_KEYS, SCORE_KEYS, SERIES_KEYS, read_numbers
from forecast.software import software
from forecast.verdict import Verdict, Verification
from forecast.weights import unpack_weights
from kpi.errors import Refused
from kpi.text import Text

TOLERANCE: Final = 1e-6

Files = Mapping[str, bytes]


def compare(manifest: Manifest, files: Files, outcome: Outcome, device: str) -> Verification:
    """How ``outcome``, computed here on ``device``, compares with the passport's files."""
    notes = tuple(_notes(manifest, fingerprint(device)))
    rebuilt = {name: made for name, made in outcome_files(outcome, manifest.config).items() if _kept(name, files)}
    parted = [name for name, digest in outcome.digests.items() if digest != manifest.digests.get(name)]
    parted += [name for name, made in rebuilt.items() if files.get(name) != made]
    if manifest.six_digits and six_digits(outcome, manifest.config) != manifest.six_digits:
        parted.append("six_digits")
    common = {"run_id": manifest.run_id, "notes": notes, "digests": outcome.digests}
    if not parted:
        message = Text(zh="完全一致，重新运行得到相同的字节。", en="the rerun gave the same bytes.")
        return Verification(verdict=Verdict.EXACT, message=message, largest_difference=0.0, **common)
    worst, where = _largest_difference(manifest, files, outcome)
    first = _first(parted, files, rebuilt)
    # A stated digest that differs while every number agrees to the last bit is a false statement, not noise.
    if 0.0 < worst <= TOLERANCE and "panel" not in parted:
        message = Text(
            zh=f"在容差内：所有公布的数字相对差不超过 {worst:.1e}(容差 {TOLERANCE:.0e})。",
            en=f"no published number differs by more than {worst:.1e} of itself (tolerance {TOLERANCE:.0e}).",
        )
        verdict = Verdict.WITHIN_TOLERANCE
    else:
        message, verdict = Text(zh="不一致。", en="the rerun gave other numbers."), Verdict.DIFFERENT
        first.append(
            Text(zh=f"差别最大的是 {where}:{worst:.1e}。", en=f"the largest difference is at {where}: {worst:.1e}.")
        )
        first.append(_explained(manifest, notes))
    return Verification(
        verdict=verdict,
        message=message,
        differences=tuple(first),
        largest_difference=worst if worst < inf else None,
        **common,
    )


def _kept(name: str, files: Files) -> bool:
    """Whether a passport has to have a file: those of earlier formats, which hold no chain of weights, had fewer."""
    return name in files or CHAIN in files


def _first(parted: list[str], files: Files, rebuilt: Files) -> list[Text]:
    """Where the two part first: in what, after which step, in which tensor, in which KPI and by how much."""
    found = [Text(zh=f"最先不同的是 {parted[0]}。", en=f"the first to differ is {parted[0]}.")]
    found += _first_step(files, rebuilt) + _first_tensor(files, rebuilt) + _first_kpi(files, rebuilt)
    return found


def _first_step(files: Files, rebuilt: Files) -> list[Text]:
    try:
        pairs = zip(read_chain(files[CHAIN]), read_chain(rebuilt[CHAIN]), strict=False)
        link = next(then for then, now in pairs if then != now)
    except (KeyError, ValueError, StopIteration):
        return []
    zh = f"权重最先在 {link.leg} 的第 {link.step} 步不同。"
    return [Text(zh=zh, en=f"the weights part first at step {link.step} of {link.leg}.")]


def _first_tensor(files: Files, rebuilt: Files) -> list[Text]:
    name = WEIGHTS["weights"]
    try:
        then, now = unpack_weights(files[name]), unpack_weights(rebuilt[name])
    except (KeyError, Refused):
        return []
    for (tensor, before), (_, after) in zip(then, now, strict=False):
        if before.shape != after.shape:
            zh = f"最先不同的张量是 {tensor}(形状)。"
            return [Text(zh=zh, en=f"the first tensor to differ is {tensor}, by its shape.")]
        if (before != after).any():
            by = float(abs(before - after).max())
            zh = f"最先不同的张量是 {tensor}，最大相差 {by:.1e}。"
            return [Text(zh=zh, en=f"the first tensor to differ is {tensor}, by up to {by:.1e}.")]
    return []


def _first_kpi(files: Files, rebuilt: Files) -> list[Text]:
    name = "results/kpi_forecast.csv"
    try:
        then, now = (read_numbers(each[name].decode(), KPI_KEYS) for each in (files, rebuilt))
    except (KeyError, ValueError, csv.Error):
        return []
    for key, before in then.items():
        after = now.get(key)
        if after is None:
            break
        for column, old in before.items():
            if _relative(old, after.get(column)) > 0.0:
                place = " ".join(filter(None, key))
                zh = f"最先不同的指标是 {place} 的 {column}：当时 {old}，现在 {after.get(column)}。"
                return [
                    Text(
                        zh=zh, en=f"the first KPI to differ is {place}, {column}: {old} then, {after.get(column)} now."
                    )
                ]
    return []


def _explained(manifest: Manifest, notes: tuple[Text, ...]) -> Text:
    """Whether anything that is known of the two machines explains a difference."""
    if manifest.identity.code != code_hash():
        commit = "" if manifest.git is None else str(manifest.git["commit"])
        return Text(
            zh=f"可以解释：这里的代码不同。请用提交 {commit} 的代码再验证。",
            en=f"this can explain it: the code here is another. Verify with the code of commit {commit}.",
        )
    if manifest.config.numerics == "order_free":
        return Text(
            zh="无法解释：order_free 的结果不取决于机器，代码也相同。证据或机器有错。",
            en="nothing explains it: order-free results do not depend on the machine, and the code is the same. The "
            "evidence or a machine is at fault.",
        )
    if notes:
        zh = "可以解释：软件或算术与当时不同，见说明。"
        return Text(zh=zh, en="software or arithmetic are others here, which can explain it.")
    zh = "软件和算术与当时相同，无法解释。"
    return Text(zh=zh, en="software and arithmetic are the same, so nothing explains it.")


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


def _largest_difference(manifest: Manifest, files: Files, outcome: Outcome) -> tuple[float, str]:
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
        ("results/kpi_record.csv", KPI_RECORD_KEYS),
    )
    worst, where = 0.0, ""
    rebuilt = outcome_files(outcome, manifest.config)
    for name, keys in ((name, keys) for name, keys in pairs if _kept(name, files)):
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
