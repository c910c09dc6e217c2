"""How many of which keys must stand up for a passport before its numbers are believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forecast.attest.envelopes import Attestation
from forecast.attest.keys import PublicKey, by_id, read_public_key
from forecast.attest.statement import Kind
from kpi.errors import refuse
from kpi.text import Text


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    threshold: int = Field(ge=1)
    keys: list[str] = Field(min_length=1)
    reruns: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Policy:
    """At least ``threshold`` of ``keys`` must have signed, ``reruns`` of them after running it again themselves."""

    threshold: int
    keys: tuple[PublicKey, ...]
    reruns: int = 0

    def lacks(self, attestations: Sequence[Attestation]) -> Text | None:
        """What is missing; None when the policy is met. One key counts once, however often it signed."""
        known = by_id(self.keys)
        signed = {each.key.keyid for each in attestations if each.kind is not None} & known.keys()
        again = {each.key.keyid for each in attestations if each.kind is Kind.RERUN} & known.keys()
        if len(signed) < self.threshold:
            return Text(
                zh=f"策略要求 {len(known)} 个密钥中有 {self.threshold} 个签名，这里有 {len(signed)} 个。",
                en=f"the policy asks for signatures by {self.threshold} of {len(known)} keys; there are {len(signed)}.",
            )
        if len(again) < self.reruns:
            return Text(
                zh=f"策略要求 {self.reruns} 个密钥在重新运行后签名，这里有 {len(again)} 个。",
                en=f"the policy asks for {self.reruns} keys that signed after a rerun; there are {len(again)}.",
            )
        return None


def read_policy(path: Path) -> Policy:
    """A policy file in YAML: ``threshold``, ``keys`` (files of public keys, beside it) and, if wanted, ``reruns``.

    Raises Refused when it cannot be read, or asks for more signatures than it names keys.
    """
    try:
        told = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as problem:
        raise refuse(f"无法读取策略 {path}：{problem}", f"the policy {path} cannot be read: {problem}") from problem
    keys = tuple(read_public_key(path.parent / name) for name in told.keys)
    if max(told.threshold, told.reruns) > len(by_id(keys)):
        raise refuse(
            f"策略 {path} 要求的签名多于其中的密钥。", f"the policy {path} asks for more signatures than it names keys."
        )
    return Policy(told.threshold, keys, told.reruns)
