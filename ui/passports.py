"""Reads the first page of a run's passport and its scorecard without loading the forecaster and its library."""

import zipfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from forecast.past import DAMAGE, definitions_of
from kpi.catalogue.models import Catalogue
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Text


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Fallback(_Model):
    """A series that the network did not forecast, and why."""

    component: str
    org_unit: str
    method: str
    reason: Text


class PassportPage(_Model):
    """What the page shows of a passport. ``methods`` counts the series by how they were forecast."""

    device: str
    device_reason: Text
    methods: dict[str, int]
    fallbacks: tuple[Fallback, ...]


class _Device(_Model):
    name: str
    reason: str
    reason_zh: str


class _Training(_Model):
    methods: dict[str, int]
    not_by_network: tuple[Fallback, ...]


class _Manifest(_Model):
    device: _Device
    training: _Training


def read_passport_page(path: Path) -> PassportPage | None:
    """The page; None when the file is gone or is no passport (the run's record still stands)."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _Manifest.model_validate_json(archive.read("manifest.json"))
    except (OSError, LookupError, ValueError, *DAMAGE):
        return None
    device, training = manifest.device, manifest.training
    return PassportPage(
        device=device.name,
        device_reason=Text(zh=device.reason_zh, en=device.reason),
        methods=training.methods,
        fallbacks=training.not_by_network,
    )


def read_scorecard(path: Path) -> tuple[ScorecardTemplate, Catalogue] | None:
    """The scorecard that a run was made by, and the catalogue of its KPIs; None if the passport is gone or damaged."""
    catalogue = definitions_of(path)
    if catalogue is None:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return ScorecardTemplate.model_validate_json(archive.read("inputs/template.json")), catalogue
    except (OSError, LookupError, ValueError, *DAMAGE):
        return None
