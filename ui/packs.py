"""Board packs made from the page: the job, what it made, and the commentary in hand.

A pack lies in a folder named after everything that decides it, so whoever asks for the same again finds it made; the
command's own document tells what is in it. Commentary is kept on the server as soon as its field is left: a lost
connection or a closed tab takes nothing of it away.
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

from forecast.inputs import canonical_json
from forecast.records import RunRecord
from kpi.catalogue.models import Catalogue
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Language
from report.code_version import files_hash, product_hash
from report.pack.commentary import clean
from report.pack.files import Made
from ui import data
from ui.kept import kept
from ui.passports import read_scorecard
from ui.side_jobs import SideJob
from ui.view import DataView

KEPT = 12
"""Folders of packs that stay; those not looked at for longest go when another is started."""
REPORT = (sys.executable, "-m", "report")
_MADE, _SAID = "made.json", "commentary.json"
_writing = Lock()


class Pack(BaseModel):
    """What ``python -m report pack --json`` tells, as much as the page shows of it."""

    content_hash: str
    files: tuple[Made, ...]


@dataclass(frozen=True)
class Wanted:
    """Everything that decides a pack, but for the product that makes it.

    ``pages`` are as they were asked for: which KPIs ``kpis`` stands for is up to the scorecard that the pack is made
    by. ``overlays`` are the ids of the landings set by hand that stand, ``rests_on`` is that of :func:`rests_on`, and
    ``head`` the ledger's, which stands at the foot of each page.
    """

    run: str
    snapshot: int
    org_unit: str
    quarter: str
    window: str
    language: Language
    pages: tuple[str, ...]
    formats: tuple[str, ...]
    said: Mapping[str, str]
    overlays: tuple[int, ...]
    rests_on: str
    head: str

    @property
    def key(self) -> str:
        """The name of its folder."""
        about = {**self.__dict__, "said": dict(self.said), "product": product_hash()}
        return sha256(canonical_json(about).encode()).hexdigest()[:24]

    def command(self, commentary: str, folder: str) -> tuple[str, ...]:
        """The arguments of ``python -m report`` that make it."""
        of = ("--run", self.run) if self.run else ("--snapshot", str(self.snapshot))
        about = ("--org-unit", self.org_unit, "--quarter", self.quarter, "--window", self.window)
        choice = ("--pages", ",".join(self.pages), "--lang", self.language, "--format", ",".join(self.formats))
        return ("pack", *of, *about, *choice, *(("--commentary", commentary) if self.said else ()), "--out", folder)


def scorecard(run: RunRecord | None) -> tuple[ScorecardTemplate, Catalogue]:
    """The scorecard that a pack is made by, and the catalogue of its KPIs: those of the run; today's without a run, and
    where its passport cannot be read, whose pack is refused with the reason."""
    try:
        return _scorecard_of(run.passport) if run else (data.template(), data.catalogue())
    except FileNotFoundError:
        return data.template(), data.catalogue()


@kept(max_entries=4)
def _scorecard_of(passport: str) -> tuple[ScorecardTemplate, Catalogue]:
    found = read_scorecard(Path(passport))
    if found is None:
        raise FileNotFoundError(passport)  # which is not kept: the file may come back
    return found


def rests_on(view: DataView) -> str:
    """What numbers and definitions come from: of a run the seal of its passport, else the facts, and the definitions in
    force, as their files stand now, which is how the command reads them."""
    if view.run is not None:
        return view.run.seal
    settings = data.settings()
    folders = (settings.catalogue_dir, settings.scorecards_dir)
    files = [files_hash(folder, folder.rglob("*.yaml")) for folder in folders]
    tree, calendar = data.store().organisation_version(), settings.calendar.model_dump(mode="json")
    return canonical_json([view.snapshot.content_hash, tree, settings.scorecard, calendar, *files])


def _folder() -> Path:
    return data.settings().data_dir / "packs"


@st.cache_resource(show_spinner=False)
def job() -> SideJob:
    """The making of a pack: one at a time, whoever asks."""
    return SideJob(_folder(), "made_from_page", REPORT)


def start(wanted: Wanted, language: Language) -> None:
    """Make it beside the server; messages are in ``language``. Nothing happens while another is being made."""
    folder = _folder() / wanted.key
    said = folder / _SAID
    command = (*wanted.command(str(said), str(folder)), "--json")
    with _writing:
        if not job().alive:
            _write(said, dict(wanted.said))
            _tidy(folder)
            job().start(wanted.key, command, language, folder / _MADE)


def _tidy(keep: Path) -> None:
    folders = [each for each in _folder().iterdir() if each.is_dir() and each != keep]
    for old in sorted(folders, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def made(wanted: Wanted) -> Pack | None:
    """The pack, when it has been made; whoever looks at it keeps it from being tidied away."""
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
    """Keep what is said on a page; nothing said takes it back. Safe in callbacks, also of two windows at once."""
    with _writing:
        said = commentary(view, language) | {page: clean(text)}
        _write(_place(view, language), {page: words for page, words in said.items() if words})


def _write(place: Path, content: object) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_name(f".{place.name}.{os.getpid()}.{get_ident()}")
    half.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    half.replace(place)
