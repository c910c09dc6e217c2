"""``benchmark``: forecasters of every kind beside each other on a panel whose futures are known."""

import argparse
import json
import sys

import torch

from forecast.benchmark.adapted import adapted
from forecast.benchmark.panel import BenchmarkPanel, read_panel
from forecast.benchmark.prediction import Forecaster, Prediction, by_method, by_network, measured
from forecast.benchmark.stored import read_entrants, read_peers
from forecast.benchmark.table import as_text, table, unmeasured
from forecast.determinism import enforce, seal_for
from forecast.device import choose_device
from forecast.network import Network
from forecast.pretrained import Pretrained, load_pretrained
from forecast.progress import shown_and_cancellable
from forecast.simple.methods import SIMPLE
from kpi.errors import refuse
from kpi.settings import Settings
from kpi.text import Text

_NETWORK = "scorecast"
_OWN_BASE = "naive2"
_STORED_BASE = "submission-Naive2"


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Read the panel, let everybody forecast it, print the table."""
    seal_for(chosen.numerics)
    if chosen.validate and (chosen.entrants or chosen.peers):
        raise refuse(
            "--validate 用训练部分的末尾检验，而 --entrants 和 --peers 的文件预测的是检验部分，不能同时使用。",
            "--validate judges by the end of the training part, but the files of --entrants and --peers forecast the "
            "test part: leave them out.",
        )
    panel = read_panel(chosen.data, chosen.sample, chosen.last, chosen.validate)
    network = shipped(chosen, settings)
    forecasters = _forecasters(network)
    if chosen.adapt:
        forecasters.insert(1, (f"{_NETWORK} adapted", by_network(_adapted(network, panel, chosen.adapt, settings))))
    computed = {name: measured(each, panel.values, panel.present, panel.horizon) for name, each in forecasters}
    predictions = _joined(computed, *_stored(chosen, panel))
    base = _STORED_BASE if _STORED_BASE in predictions else _OWN_BASE
    lines = table(predictions, predictions[base], panel)
    about = {
        "series": len(panel.ids),
        "horizon": panel.horizon,
        "judged_by": "validation" if chosen.validate else "test",
        "last": chosen.last,
        "base": base,
        "unmeasured": unmeasured(panel),
    }
    if chosen.json:
        print(json.dumps(about | {"rows": [line.json for line in lines]}, ensure_ascii=False))
    else:
        print(f"{_caption(about).in_(settings.language)}\n{as_text(lines)}")
    return 0


def shipped(chosen: argparse.Namespace, settings: Settings) -> Pretrained:
    """The network that comes with the product, on the device and in the numerics asked for."""
    device = choose_device(chosen.device)
    print(device.reason.in_(settings.language), file=sys.stderr)
    enforce(torch, chosen.numerics)
    return load_pretrained(settings.weights_dir, chosen.numerics, device.name)


def _adapted(network: Pretrained, panel: BenchmarkPanel, steps: int, settings: Settings) -> Network:
    """The network after some training on what the panel shows."""
    words = Text(zh="在面板上适配网络", en="adapting the network to the panel")
    with shown_and_cancellable(settings.language) as progress:
        found = adapted(network, panel.values, panel.present, steps, lambda share: progress(min(share, 0.999), words))
        progress(1.0, words)
    return found


def _forecasters(network: Network) -> list[tuple[str, Forecaster]]:
    return [(_NETWORK, by_network(network)), *((name, by_method(method)) for name, method in SIMPLE.items())]


def _stored(chosen: argparse.Namespace, panel: BenchmarkPanel) -> tuple[dict[str, Prediction], dict[str, Prediction]]:
    entrants = read_entrants(chosen.entrants, panel.ids, panel.horizon) if chosen.entrants else {}
    peers = read_peers(chosen.peers, panel.ids, panel.horizon, chosen.last) if chosen.peers else {}
    return entrants, peers


def _joined(*parts: dict[str, Prediction]) -> dict[str, Prediction]:
    names = [name for part in parts for name in part]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise refuse(
            f"方法名称 {', '.join(twice)} 出现了两次，请在文件中改名。",
            f"the method name {', '.join(twice)} is there twice. Rename it in the file.",
        )
    return {name: prediction for part in parts for name, prediction in part.items()}


def _caption(about: dict[str, object]) -> Text:
    seen_zh = f"只用最近 {about['last']} 个季度" if about["last"] else "使用全部历史"
    seen_en = f"the newest {about['last']} quarters of history" if about["last"] else "all of the history"
    judged_zh = {"test": "检验值", "validation": "训练部分末尾的值"}[str(about["judged_by"])]
    judged_en = {"test": "the test values", "validation": "the end of the training part"}[str(about["judged_by"])]
    zh = (
        f"{about['series']} 个序列，预测 {about['horizon']} 个季度，{seen_zh}，以{judged_zh}评判；"
        f"OWA 以 {about['base']} 为准"
    )
    en = (
        f"{about['series']} series, {about['horizon']} quarters ahead, {seen_en}, judged by {judged_en}; "
        f"OWA against {about['base']}"
    )
    if about["unmeasured"]:
        zh += f"；{about['unmeasured']} 个序列逐年不变，不计入 MASE 和 MSIS"
        en += f"; {about['unmeasured']} series repeat themselves year by year and count in no MASE or MSIS"
    return Text(zh=zh + "。", en=en + ".")
