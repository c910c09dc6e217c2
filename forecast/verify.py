"""Check a passport's evidence, run it again from its own inputs, and say how the two compare."""

from collections.abc import Callable
from typing import Final

from forecast.calculate import Trainer, calculate
from forecast.compare_outcome import compare
from forecast.determinism import Switches
from forecast.device import choose_device
from forecast.evidence import WEIGHTS, Evidence, Trust, gather
from forecast.passport_files import CHAIN, SEEN, read_chain
from forecast.progress import Cancelled
from forecast.recipe import NumericsName
from forecast.training.fit import fit
from forecast.training.recall import Mismatched, Recalled
from forecast.verdict import Verdict, Verification, cannot, different
from forecast.weights import unpack_weights
from kpi.errors import Refused, refuse
from kpi.text import Text

Progress = Callable[[float, Text], None]
Enforce = Callable[[NumericsName], Switches]

UNTRUSTED: Final = Trust()
_ALL_BUT_TRAINING: Final = Text(
    zh="除训练外全部重新计算，得到相同的字节；训练没有重复。",
    en="all but the training was computed again and gave the same bytes; the training was not repeated.",
)


def verify(
    content: bytes,
    enforce: Enforce,
    progress: Progress,
    trust: Trust = UNTRUSTED,
    train: Trainer = fit,
    quick: bool = False,
) -> Verification:
    """Judge the passport with these bytes. ``enforce`` sets and checks the deterministic switches before training.

    ``quick`` computes everything anew but the training: forecasts from the final weights, and all that follows.
    """
    try:
        evidence = gather(content)
        if isinstance(evidence, list):
            return different(evidence)
        return judge(evidence, enforce, progress, trust, train, quick)
    except Cancelled:
        raise
    except Refused as refusal:
        return cannot(refusal.message)


def judge(
    evidence: Evidence, enforce: Enforce, progress: Progress, trust: Trust, train: Trainer = fit, quick: bool = False
) -> Verification:
    """The same for evidence that is at hand. Raises Refused when it cannot be run again here."""
    manifest, signed = evidence.manifest, trust.signed(evidence.attestations)
    known = {"run_id": manifest.run_id, "manifest": evidence.seal, "signatures": signed}
    if evidence.wrong:
        return different(list(evidence.wrong)).model_copy(update=known)
    lacking = trust.lacks(evidence.attestations)
    if lacking is not None:
        return cannot(lacking).model_copy(update=known)
    # Order-free numbers are the same on any device, so whichever is here will do.
    anywhere = manifest.config.numerics == "order_free"
    device = choose_device("auto" if anywhere else manifest.device.get("name", "cpu"))
    enforce(manifest.config.numerics)
    start = unpack_weights(evidence.files[WEIGHTS["initial_weights"]]) if manifest.config.start else ()
    trainer = recalled(evidence) if quick else train
    try:
        outcome = calculate(evidence.inputs, manifest.config, device.name, progress, start, trainer)
    except Mismatched as problem:
        wrong = Text(zh=f"{SEEN} 不属于这次运行。", en=f"{SEEN} does not belong to this run: {problem}.")
        return different([wrong]).model_copy(update=known)
    answer = compare(manifest, evidence.files, outcome, device.name)
    message = _ALL_BUT_TRAINING if quick and answer.verdict is Verdict.EXACT else answer.message
    return answer.model_copy(update=known | {"trained": not quick, "message": message})


def recalled(evidence: Evidence) -> Recalled:
    """The training that the passport holds. Raises Refused when it is of a format that did not keep enough."""
    training = evidence.manifest.training
    try:
        ((_, validated),) = unpack_weights(evidence.files[SEEN])
        chain = read_chain(evidence.files[CHAIN])
        losses = tuple((int(each["steps"]), float(each["mean_scaled_miss"])) for each in training["validation"])
        weights = tuple(unpack_weights(evidence.files[WEIGHTS["weights"]]))
        return Recalled(int(training["steps"]), losses, validated, weights, chain)
    except (KeyError, ValueError, TypeError) as problem:
        raise refuse(
            "这份护照的格式没有保留快速检查所需的内容。请不加 --quick 再验证。",
            "a passport of this format does not hold what a quick check needs. Verify it without --quick.",
        ) from problem
