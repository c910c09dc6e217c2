"""``predict``: forecast anybody's quarterly panel by the network that comes with the product."""

import argparse
import json
import sys
import time

import torch

from forecast.determinism import enforce, seal_for
from forecast.device import choose_device
from forecast.levels import parse_levels
from forecast.predict import Summary, predict
from forecast.pretrained import load_pretrained
from forecast.progress import shown_and_cancellable
from kpi.settings import Settings
from kpi.text import Language, Text


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Load the network, forecast the file, say what was done."""
    seal_for(chosen.numerics)
    levels = parse_levels(chosen.levels)
    device = choose_device(chosen.device)
    print(device.reason.in_(settings.language), file=sys.stderr)
    enforce(torch, chosen.numerics)
    begun = time.monotonic()
    with shown_and_cancellable(settings.language) as progress:
        network = load_pretrained(settings.weights_dir, chosen.numerics, device.name)
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
