"""``predict``: forecast anybody's quarterly panel by the network that comes with the product."""

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

import torch

from forecast.determinism import enforce, seal_for
from forecast.device import choose_device
from forecast.levels import parse_levels
from forecast.predict import Network, Summary, predict
from forecast.progress import shown_and_cancellable
from forecast.recipe import NumericsName
from kpi.settings import DATA, Settings
from kpi.text import Language, Text

WEIGHTS: Final = DATA / "weights"


class Pretrained(Network, Protocol):
    """A network with the digest of its weights."""

    @property
    def digest(self) -> str:
        """SHA-256 of the weights."""


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Load the network, forecast the file, say what was done."""
    seal_for(chosen.numerics)
    levels = parse_levels(chosen.levels)
    device = choose_device(chosen.device)
    print(device.reason.in_(settings.language), file=sys.stderr)
    enforce(torch, chosen.numerics)
    begun = time.monotonic()
    with shown_and_cancellable(settings.language) as progress:
        network = _load(WEIGHTS, chosen.numerics, device.name)
        summary = predict(chosen.input, chosen.output, network, chosen.horizon, levels, progress)
    for note in _notes(summary):
        print(note.in_(settings.language), file=sys.stderr)
    document = {
        "series": summary.series,
        "rows": summary.rows,
        "seconds": round(time.monotonic() - begun, 3),
        "weights_digest": network.digest,
        "output": str(chosen.output.resolve()),
        "horizon": chosen.horizon,
        "levels": [level.text for level in levels],
        "numerics": chosen.numerics,
        "device": device.name,
    }
    print(json.dumps(document, ensure_ascii=False) if chosen.json else _line(document, settings.language))
    return 0


def _load(folder: Path, numerics: NumericsName, device: str) -> Pretrained:
    """The network that comes with the product."""
    network: Pretrained = import_module("forecast.pretrained").load_pretrained(folder, numerics, device)
    return network


def _notes(summary: Summary) -> list[Text]:
    """What a person may not have expected."""
    notes = []
    if summary.unused_columns:
        names = ", ".join(summary.unused_columns)
        notes.append(Text(zh=f"未使用的列：{names}。", en=f"columns that were not used: {names}."))
    if summary.regrouped:
        notes.append(
            Text(
                zh="各序列的行不在一起，已先归并；结果按 unique_id 排序。事先排序会更快。",
                en="the rows of a series did not stand together and were grouped first; the output is sorted by "
                "unique_id. A sorted file is quicker.",
            )
        )
    return notes


def _line(document: dict[str, object], language: Language) -> str:
    series, rows, output = document["series"], document["rows"], document["output"]
    words = Text(
        zh=f"已预测 {series} 个序列（{rows} 行）：{output}", en=f"forecast {series} series ({rows} rows): {output}"
    )
    return f"{words.in_(language)}\nweights {document['weights_digest']}"
