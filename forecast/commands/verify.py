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

from forecast.attest.keys import public_keys, read_public_key, read_signing_key
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
        content = read_passport(chosen.passport)
        trust = _trust(chosen, settings)
        answer = _judged(content, chosen, trust, crew, progress)
        _keep(content, answer, chosen, settings)
    except Cancelled:
        raise
    except Refused as refusal:
        return cannot(refusal.message)
    return answer


def _trust(chosen: argparse.Namespace, settings: Settings) -> Trust:
    known = (*public_keys(settings.keys), *map(read_public_key, chosen.trust))
    return Trust(known, read_policy(chosen.policy) if chosen.policy else None)


def _judged(content: bytes, chosen: argparse.Namespace, trust: Trust, crew: Crew, progress: Progress) -> Verification:
    evidence = gather(content)
    if isinstance(evidence, list):
        return different(evidence)
    shares = 3 if chosen.varied else 1
    answer = _once(evidence, chosen, trust, crew, _part(progress, 0, shares))
    if not chosen.varied or not answer.verdict.passed:
        return answer
    if evidence.manifest.config.numerics != "order_free":
        raise refuse(
            "standard 数值方式不承诺在不同线程、顺序和进程数下相同，不能用 --varied。",
            "standard numerics promise nothing for other threads, orders and workers, so --varied says nothing here.",
        )
    otherwise = judge(evidence, _enforce, _part(progress, 1, shares), trust, fit_otherwise)
    shared = _by_workers(chosen.passport)
    tried = {_AGAIN: answer.verdict, _OTHERWISE: otherwise.verdict, _SHARED: shared.verdict}
    worst = next((each for each in (otherwise, shared) if each.verdict is not Verdict.EXACT), answer)
    return worst.model_copy(update={"tried": tried, "signatures": answer.signatures})


def _once(evidence: Evidence, chosen: argparse.Namespace, trust: Trust, crew: Crew, progress: Progress) -> Verification:
    """By the passport's own code where the code here is another and that one is to be had; else by this."""
    if evidence.wrong or evidence.manifest.identity.code == code_hash() or chosen.quick:
        return judge(evidence, _enforce, progress, trust, crew.train, chosen.quick)
    lacking = trust.lacks(evidence.attestations)
    if lacking is None:
        with own_code(evidence.manifest) as code:
            answer = verify_with(code, unsigned(evidence)) if code else None
        if answer is not None:
            signed = trust.signed(evidence.attestations)
            update = {"signatures": signed, "manifest": evidence.seal, "trained": True}
            return answer.model_copy(update=update | {"notes": (_BY_ITSELF, *answer.notes)})
    return judge(evidence, _enforce, progress, trust, crew.train)


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


def _keep(content: bytes, answer: Verification, chosen: argparse.Namespace, settings: Settings) -> None:
    """Sign the passport and put the verification on record, where that was asked for."""
    if chosen.sign and answer.run_id:
        if not answer.trained or not answer.verdict.passed:
            raise refuse(
                "只有完整重新运行并得到相同结果后才能签名。",
                "only a whole rerun that gave the same numbers can be signed.",
            )
        key = read_signing_key(settings.keys, chosen.sign, settings.key_passphrase.get_secret_value())
        signed = sign_verification(content, answer, key, datetime.now(UTC))
        part = chosen.passport.with_suffix(".part")
        part.write_bytes(signed)
        part.replace(chosen.passport)
    if chosen.record and answer.run_id:
        store = open_store(settings.store_url)
        try:
            Journal(store).verified(answer, settings.user)
        finally:
            store.close()


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
        print(f"  {verdict.value}  {name}")
    for each in answer.signatures:
        known = Text(zh=f"密钥 {each.key}", en=f"key {each.key}") if each.key else _UNKNOWN
        kind = _KINDS.get(each.kind, _OBJECTS)
        print(f"  {kind.in_(language)}  {known.in_(language)}  {each.keyid[:16]}")


_UNKNOWN: Final = Text(zh="本机未知的密钥", en="a key that is not known here")
_OBJECTS: Final = Text(zh="签名(不同意结果)", en="signed, against the result")
_KINDS: Final = {
    "run": Text(zh="签名(运行)", en="signed as the run"),
    "rerun": Text(zh="签名(重新运行)", en="signed after a rerun"),
}
