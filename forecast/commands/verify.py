"""``verify``: check a passport, run it again, say how the two compare."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import torch

from forecast.attest.keys import SigningKey, public_keys, read_public_key, read_signing_key
from forecast.attest.policy import read_policy
from forecast.attest.sign import sign_verification
from forecast.code_version import code_hash
from forecast.commands.files import read_passport
from forecast.crew import Crew, assist
from forecast.determinism import GUARD, Switches, enforce, seal_for
from forecast.device import choose_device
from forecast.evidence import Evidence, Trust, gather
from forecast.journal import Journal
from forecast.own_code import own_code, parsed, unsigned, verify_with
from forecast.progress import Cancelled, shown_and_cancellable
from forecast.recipe import NumericsName
from forecast.team import Team, local_rank, team
from forecast.training.varied import fit_otherwise
from forecast.verdict import Verdict, Verification, cannot, different
from forecast.verify import judge
from kpi.errors import Refused, refuse
from kpi.settings import Settings
from kpi.store import open_store
from kpi.text import Language, Text

Progress = Callable[[float, Text], None]

_WORKERS: Final = 2
_AGAIN: Final = "as it was"
_OTHERWISE: Final = "threads, order, batches"
_SHARED: Final = f"{_WORKERS} workers"
_BY_ITSELF: Final = Text(
    zh="由护照自己的代码(从本仓库的历史中取出)重新运行。",
    en="rerun by the passport's own code, taken from this repository's history.",
)


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Needs the passport and this code, nothing else; nothing is written unless asked for.

    Under ``torchrun`` the first worker verifies and the others help it train.
    """
    with team(choose_device("auto", local_rank()).name) as workers:
        if isinstance(workers, Team) and workers.rank > 0:
            enforce(torch, "order_free")
            assist(workers, choose_device("auto", local_rank()).name)
            return 0
        crew = Crew(workers)
        try:
            with shown_and_cancellable(settings.language) as progress:
                answer = _answer(chosen, settings, crew, progress)
        finally:
            crew.dismiss()
    if chosen.json:
        print(answer.model_dump_json())
    if answer.verdict is Verdict.CANNOT:
        print(answer.message.in_(settings.language), file=sys.stderr)
    elif not chosen.json:
        _print(answer, settings.language)
    return answer.verdict.exit_code


def _answer(chosen: argparse.Namespace, settings: Settings, crew: Crew, progress: Progress) -> Verification:
    try:
        key = _signing_key(chosen, settings)
        content = read_passport(chosen.passport)
        answer = _judged(content, chosen, _trust(chosen, settings), crew, progress)
    except Cancelled:
        raise
    except Refused as refusal:
        return cannot(refusal.message)
    if key is not None:
        answer = _signed(content, answer, key, chosen.passport)
    return _recorded(answer, settings) if chosen.record else answer


def _signing_key(chosen: argparse.Namespace, settings: Settings) -> SigningKey | None:
    """The key that is to sign, looked at before anything takes long. Raises Refused when nothing could be signed."""
    if not chosen.sign:
        return None
    if chosen.quick:
        raise refuse(
            "--quick 不重复训练，不能签名。请去掉 --quick 或 --sign。",
            "--quick does not repeat the training, so it cannot be signed. Leave out --quick or --sign.",
        )
    return read_signing_key(settings.keys, chosen.sign, settings.key_passphrase.get_secret_value())


def _trust(chosen: argparse.Namespace, settings: Settings) -> Trust:
    known = (*public_keys(settings.keys), *map(read_public_key, chosen.trust))
    return Trust(known, read_policy(chosen.policy) if chosen.policy else None)


def _judged(content: bytes, chosen: argparse.Namespace, trust: Trust, crew: Crew, progress: Progress) -> Verification:
    evidence = gather(content)
    if isinstance(evidence, list):
        return different(evidence)
    if chosen.varied and evidence.manifest.config.numerics != "order_free":
        raise refuse(
            "standard 数值方式不承诺在不同线程、顺序和进程数下相同，不能用 --varied。",
            "standard numerics promise nothing for other threads, orders and workers, so --varied says nothing here.",
        )
    answer = _by_its_own_code(evidence, chosen, trust)
    if answer is not None:
        return answer
    answer = judge(evidence, _enforce, _part(progress, 0, 3 if chosen.varied else 1), trust, crew.train, chosen.quick)
    if not chosen.varied or not answer.verdict.passed:
        return answer
    otherwise = judge(evidence, _enforce, _part(progress, 1, 3), trust, fit_otherwise)
    shared = _by_workers(chosen.passport)
    tried = {_AGAIN: answer.verdict, _OTHERWISE: otherwise.verdict, _SHARED: shared.verdict}
    worst = next((each for each in (otherwise, shared) if each.verdict is not Verdict.EXACT), answer)
    return worst.model_copy(update={"tried": tried, "signatures": answer.signatures})


def _by_its_own_code(evidence: Evidence, chosen: argparse.Namespace, trust: Trust) -> Verification | None:
    """The answer of the passport's own code where the code here is another; None where that says nothing or is not to
    be had, or the passport needs no rerun to be judged."""
    moved = evidence.manifest.identity.code != code_hash()
    if not moved or evidence.wrong or trust.lacks(evidence.attestations) is not None:
        return None
    ways = [way for way, wanted in (("--quick", chosen.quick), ("--varied", chosen.varied)) if wanted]
    with own_code(evidence.manifest) as code:
        answer = verify_with(code, unsigned(evidence), *ways) if code else None
    if answer is None:
        return None
    signed = trust.signed(evidence.attestations)
    update = {"signatures": signed, "manifest": evidence.seal, "trained": not chosen.quick}
    return answer.model_copy(update=update | {"notes": (_BY_ITSELF, *answer.notes)})


def _by_workers(passport: Path) -> Verification:
    """The same verification shared by several workers, in processes of their own."""
    environment = {name: value for name, value in os.environ.items() if name != GUARD}
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(_WORKERS)]
    command = [*launch, "-m", "forecast", "verify", str(passport.resolve()), "--json"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    answer = parsed(done.stdout)
    if answer is None:
        raise refuse(
            f"无法用 {_WORKERS} 个进程重新运行。", f"the run could not be repeated by {_WORKERS} workers here."
        )
    return answer


def _signed(content: bytes, answer: Verification, key: SigningKey, passport: Path) -> Verification:
    """The answer, after the passport was signed; one that does not agree is told as it is, and not signed."""
    if not answer.verdict.passed:
        return _noted(answer, _NOT_SIGNED)
    part = passport.with_suffix(".part")
    try:
        part.write_bytes(sign_verification(content, answer, key, datetime.now(UTC)))
        part.replace(passport)
    except OSError as problem:
        zh = f"无法把签名写入 {passport}:{problem.strerror}。"
        return _noted(answer, Text(zh=zh, en=f"the signature cannot be written to {passport}: {problem.strerror}."))
    return answer


def _recorded(answer: Verification, settings: Settings) -> Verification:
    """The answer, after it was put on record. A ledger that cannot be written takes nothing from the verdict."""
    if not answer.run_id:
        return _noted(answer, _NOT_RECORDED)
    try:
        store = open_store(settings.store_url)
        try:
            Journal(store).verified(answer, settings.user)
        finally:
            store.close()
    except Refused as refusal:
        return _noted(_noted(answer, _NOT_RECORDED), refusal.message)
    return answer


def _noted(answer: Verification, note: Text) -> Verification:
    return answer.model_copy(update={"notes": (*answer.notes, note)})


def _part(progress: Progress, index: int, of: int) -> Progress:
    return lambda share, message: progress(min((index + share) / of, 1.0), message)


def _enforce(numerics: NumericsName) -> Switches:
    """The switches that the passport's numerics need; only it says which these are."""
    seal_for(numerics)
    return enforce(torch, numerics)


def _print(answer: Verification, language: Language) -> None:
    print(f"{answer.verdict.value}  {answer.message.in_(language)}")
    for line in (*answer.differences, *answer.notes):
        print(f"  {line.in_(language)}")
    for name, verdict in answer.tried.items():
        print(f"  {verdict.value}  {_TRIED[name].in_(language) if name in _TRIED else name}")
    for each in answer.signatures:
        known = Text(zh=f"密钥 {each.key}", en=f"key {each.key}") if each.key else _UNKNOWN
        kind = _KINDS.get(each.kind, _OBJECTS)
        print(f"  {kind.in_(language)}  {known.in_(language)}  {each.keyid[:16]}")


_NOT_SIGNED: Final = Text(zh="结果不一致，没有签名。", en="the rerun did not agree, so nothing was signed.")
_NOT_RECORDED: Final = Text(zh="没有记入账本。", en="this was not put into the ledger.")
_TRIED: Final = {
    _AGAIN: Text(zh="照原样", en=_AGAIN),
    _OTHERWISE: Text(zh="其他线程数、顺序和批次", en=_OTHERWISE),
    _SHARED: Text(zh=f"{_WORKERS} 个进程", en=_SHARED),
}
_UNKNOWN: Final = Text(zh="本机未知的密钥", en="a key that is not known here")
_OBJECTS: Final = Text(zh="签名(不同意结果)", en="signed, against the result")
_KINDS: Final = {
    "run": Text(zh="签名(运行)", en="signed as the run"),
    "rerun": Text(zh="签名(重新运行)", en="signed after a rerun"),
}
