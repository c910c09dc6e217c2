"""Reads the first page of a run's passport without loading the forecaster and its library."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi.text import Text


@dataclass(frozen=True)
class Fallback:
    """A series that the network did not forecast, and why."""

    component: str
    org_unit: str
    method: str
    reason: Text


@dataclass(frozen=True)
class PassportPage:
    """What the page shows of a passport. ``methods`` counts the series by how they were forecast."""

    device: str
    device_reason: Text
    methods: dict[str, int]
    fallbacks: tuple[Fallback, ...]


def read_passport_page(path: Path) -> PassportPage | None:
    """The page; None when the file is gone or is no passport (the run's record still stands)."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        device, training = manifest["device"], manifest["training"]
        return PassportPage(
            device=device["name"],
            device_reason=Text(zh=device["reason_zh"], en=device["reason"]),
            methods=dict(training["methods"]),
            fallbacks=tuple(
                Fallback(item["component"], item["org_unit"], item["method"], Text.model_validate(item["reason"]))
                for item in training["not_by_network"]
            ),
        )
    except (OSError, zipfile.BadZipFile, KeyError, ValueError):
        return None
