"""Board packs made from the page: the job, what it made, and the commentary in hand.

A pack lies in a folder named after everything that decides it, so whoever asks for the same again finds it made.
Commentary is kept on the server as soon as its field is left: a lost connection or a closed tab takes nothing with it.
"""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock, get_ident
from typing import Any

import streamlit as st
from pydantic import BaseModel, ValidationError

from forecast.code_version import product_hash
from forecast.inputs import canonical_json, model_digest
from forecast.past import definitions_of, scorecard_of
from forecast.records import RunRecord
from kpi.catalogue.models import Catalogue
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Language
from report.pack.commentary import clean
from report.pack.files import Made
from ui import data
from ui.kept import kept
from ui.side_jobs import SideJob
from ui.view import DataView

KEPT = 12
"""Folders of packs that stay; the oldest go when another is started."""
REPORT = (sys.executable, "-m", "report")
_MADE, _SAID = "made.json", "commentary.json"
_saying = Lock()


class Pack(BaseModel):
    """What ``python -m report pack --json`` tells, as much as the page shows of it."""

    content_hash: str
    files: tuple[Made, ...]


@dataclass(frozen=True)
class Wanted:
    """Everything that decides a pack but the code that draws it. ``seal`` is that of the run's passport or, without a
    run, a digest of the definitions; ``pages`` are as they were asked for, ``overlays`` the ids of the landings set by
    hand that stand, and ``head`` is the ledger's, which stands at the foot of each page."""

    run: str
    snapshot: int
    seal: str
    org_unit: str
    quarter: str
    window: str
    language: Language
    pages: tuple[str, ...]
    formats: tuple[str, ...]
    said: Mapping[str, str]
    overlays: tuple[int, ...]
    head: str

    @property
    def key(self) -> str:
        """The name of its folder."""
        about = {**self.__dict__, "said": dict(self.said), "drawn_by": product_hash()}
        return sha256(canonical_json(about).encode()).hexdigest()[:24]

    def command(self, commentary: str, folder: str) -> tuple[str, ...]:
        """The arguments of ``python -m report`` that make it."""
        of = ("--run", self.run) if self.run else ("--snapshot", str(self.snapshot))
        about = ("--org-unit", self.org_unit, "--quarter", self.quarter, "--window", self.window)
        choice = ("--pages", ",".join(self.pages), "--lang", self.language, "--format", ",".join(self.formats))
        return ("pack", *of, *about, *choice, *(("--commentary", commentary) if self.said else ()), "--out", folder)


@dataclass(frozen=True)
class Definitions:
    """The scorecard of a pack and the catalogue that names its KPIs."""

    template: ScorecardTemplate
    catalogue: Catalogue

    def names(self, language: Language) -> dict[str, str]:
        """The KPIs that may have a page, by code."""
        return {entry.kpi: self.catalogue.kpi[entry.kpi].name.in_(language) for entry in self.template.entries}

    @property
    def digest(self) -> str:
        """SHA-256 over both."""
        return sha256(f"{model_digest(self.template)}{model_digest(self.catalogue)}".encode()).hexdigest()


@kept(max_entries=4)
def _of_run(passport: str) -> Definitions | None:
    template, catalogue = scorecard_of(Path(passport)), definitions_of(Path(passport))
    return Definitions(template, catalogue) if template and catalogue else None


@st.cache_resource(show_spinner=False)
def _in_force() -> tuple[Definitions, str]:
    found = Definitions(data.template(), data.catalogue())
    return found, found.digest


def definitions(run: RunRecord | None) -> Definitions:
    """Those of the run, which may be older than those in force; the latter without a run or where its passport is
    gone, of which nothing will be made then."""
    return (_of_run(run.passport) if run else None) or _in_force()[0]


def seal(run: RunRecord | None) -> str:
    """What facts and definitions of a pack are sealed with."""
    return run.seal if run else _in_force()[1]


def _folder() -> Path:
    return data.settings().data_dir / "packs"


@st.cache_resource(show_spinner=False)
def job() -> SideJob:
    """The making of a pack: one at a time, whoever asks."""
    return SideJob(_folder(), "made_from_page", REPORT)


def start(wanted: Wanted, language: Language) -> None:
    """Make it beside the server, unless one is being made; messages are in ``language``."""
    if job().alive:
        return
    folder = _folder() / wanted.key
    folder.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    said = folder / _SAID
    _write(said, dict(wanted.said))
    job().start(wanted.key, (*wanted.command(str(said), str(folder)), "--json"), language, folder / _MADE)


def _tidy(keep: Path) -> None:
    folders = [each for each in _folder().iterdir() if each.is_dir() and each != keep]
    for old in sorted(folders, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def made(wanted: Wanted) -> Pack | None:
    """The pack, when it has been made; looked at, it counts as new again."""
    folder = _folder() / wanted.key
    try:
        pack = Pack.model_validate_json((folder / _MADE).read_bytes())
        os.utime(folder)
    except (OSError, ValidationError):
        return None
    return pack if all(Path(each.path).is_file() for each in pack.files) else None


def _place(view: DataView, language: Language) -> Path:
    about = (data.settings().user, view.org_unit, str(view.quarter), language)
    return _folder() / f"said-{sha256(canonical_json(about).encode()).hexdigest()[:24]}.json"


def commentary(view: DataView, language: Language) -> dict[str, str]:
    """What was said so far on the pages of this org unit, quarter and language."""
    try:
        found: Any = json.loads(_place(view, language).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(page): str(text) for page, text in found.items()} if isinstance(found, dict) else {}


def say(view: DataView, language: Language, page: str, text: str) -> None:
    """Keep what is said on a page; nothing said takes it back. Safe in callbacks."""
    with _saying:  # another window may say something of another page
        said = commentary(view, language) | {page: clean(text)}
        _write(_place(view, language), {page: words for page, words in said.items() if words})


def _write(place: Path, content: object) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_name(f".{place.name}.{os.getpid()}.{get_ident()}")
    half.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    half.replace(place)
