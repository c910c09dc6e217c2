"""``pretrain``: make the shipped weights from the simulator alone, or see that they come out again."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from forecast.checkpoints import Checkpoints
from forecast.determinism import enforce
from forecast.device import choose_device
from forecast.folder import OutcomeDiffers
from forecast.networks.use import named_weights
from forecast.pretrained import read_about, write_start
from forecast.progress import shown_and_cancellable
from forecast.team import Team, local_rank, team
from forecast.training.leg import NOWHERE, Keeper
from forecast.training.pretrain import SHIPPED, Pretraining, pretrain_member
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.text import Text

_CHECKPOINT_SECONDS = 60.0
_TRAINING = Text(zh="用模拟序列训练网络", en="training on simulated series")

Chains = dict[str, dict[int, str]]


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Train the members that are asked for; write the files once all are there, or compare with those there are."""
    told = SHIPPED
    device = choose_device(chosen.device, local_rank())
    with team(device.name) as workers:
        leads = not isinstance(workers, Team) or workers.rank == 0
        if leads:
            print(device.reason.in_(settings.language), file=sys.stderr)
        enforce(torch, told.recipe.numerics)
        keeper: Keeper = NOWHERE
        if leads and chosen.until is None:
            keeper = Checkpoints(settings.data_dir / "pretraining" / told.digest[:16], _CHECKPOINT_SECONDS)
        members = range(told.recipe.members) if chosen.member is None else [_member(chosen.member, told)]
        networks: list[nn.Module] = []
        chains: Chains = {}
        with shown_and_cancellable(settings.language) as progress:
            for index, member in enumerate(members):
                share = _part(progress, index, len(members))
                network, chain = pretrain_member(told, member, device.name, share, keeper, workers, chosen.until)
                networks.append(network)
                chains[f"member{member}"] = chain
            progress(1.0, _TRAINING)
        if leads:
            _conclude(chosen, settings, told, networks, chains)
    return 0


def _member(number: int, told: Pretraining) -> int:
    last = told.recipe.members - 1
    if not 0 <= number <= last:
        raise refuse(f"没有成员 {number}，只有 0 到 {last}。", f"there is no member {number}; there are 0 to {last}.")
    return number


def _part(progress: Callable[[float, Text], None], index: int, of: int) -> Callable[[float], None]:
    return lambda share: progress(min((index + share) / of, 0.999), _TRAINING)


def _conclude(
    chosen: argparse.Namespace, settings: Settings, told: Pretraining, networks: list[nn.Module], chains: Chains
) -> None:
    """Compare a part of the training with what is shipped, or write the whole of it."""
    if chosen.until is not None or chosen.member is not None:
        stated = read_about(settings.weights_dir).get("chain", {})
        parted = [
            f"{member}, {step}"
            for member, chain in chains.items()
            for step, digest in chain.items()
            if stated.get(member, {}).get(str(step), digest) != digest
        ]
        _say(chosen, settings, {"chain": chains, "differs": parted})
        if parted and chosen.until is not None:
            raise OutcomeDiffers(
                Text(
                    zh=f"训练得到的权重与发布的不同，最先不同之处(成员、步数)：{parted[0]}。",
                    en=f"training gave other weights than the shipped ones; first to differ: {parted[0]}.",
                )
            )
        return
    weights = tuple(
        (f"member{member}.{name}", values)
        for member, network in enumerate(networks)
        for name, values in named_weights(network)
    )
    folder: Path = chosen.out or settings.weights_dir
    start = write_start(folder, told, weights, chains)
    _say(chosen, settings, {"weights": start.digest, "folder": str(folder)})


def _say(chosen: argparse.Namespace, settings: Settings, document: dict[str, object]) -> None:
    if chosen.json:
        print(json.dumps(document))
    else:
        for name, value in document.items():
            print(f"{name}: {value}")
