"""Packs made beside the server: which is the same, where it lies, how long, and what was said on its pages."""

import os
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest
import streamlit as st

from forecast.records import RunRecord, RunState
from kpi.settings import DATA
from kpi.text import Language
from tests.ui.small import SNAPSHOT, WHOLE, view
from ui import data, packs
from ui.packs import Wanted
from ui.side_jobs import SideJob
from ui.view import DataView

# What the command does, as far as the page sees it: a file in the folder after --out, and a document about it.
MAKES = """
import json, pathlib, sys
path = pathlib.Path(sys.argv[sys.argv.index("--out") + 1]) / "pack.html"
path.write_text("pages " + sys.argv[sys.argv.index("--pages") + 1])
made = {"format": "html", "path": str(path), "sha256": "0" * 64, "bytes": 1}
print(json.dumps({"content_hash": "1" * 64, "files": [made]}))
"""
FIRST = Wanted("", 1, "head", "2026Q2", "ytd", "en", ("cover",), ("html",), {}, (), "facts", "")
RUN = RunRecord(
    run_id="7f" * 32,
    snapshot_id=1,
    state=RunState.DONE,
    progress=1.0,
    started_at=SNAPSHOT.created_at,
    started_by="li",
    numerics="order_free",
    device="cpu",
    seal="5e" * 32,
)
SECOND = replace(FIRST, pages=("evidence",))


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(packs, "REPORT", (sys.executable, "-S", "-c", MAKES))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def finish(wanted: Wanted) -> None:
    packs.start(wanted, "en")
    wait()


def wait() -> SideJob:
    job, give_up = packs.job(), time.monotonic() + 20
    while job.alive and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not job.alive
    return job


def said_of(wanted: Wanted) -> str:
    found = packs.made(wanted)
    return Path(found.files[0].path).read_text() if found else ""


def test_a_pack_is_there_for_whoever_looks_first_however_many_were_made_since() -> None:
    finish(FIRST)
    finish(SECOND)
    assert said_of(FIRST) == "pages cover"
    assert said_of(SECOND) == "pages evidence"


def test_a_pack_outlives_the_server_that_made_it() -> None:
    finish(FIRST)
    packs.job.clear()
    assert said_of(FIRST) == "pages cover"


def test_while_one_is_being_made_no_other_is_started_and_none_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "REPORT", (sys.executable, "-S", "-c", "import time; time.sleep(60)"))
    packs.start(FIRST, "en")
    packs.start(SECOND, "en")
    assert packs.job().subject == FIRST.key
    assert packs.made(FIRST) is None

    packs.job().cancel(SECOND.key)
    assert not packs.job().cancelled, "it is about another pack"
    packs.job().cancel(FIRST.key)
    assert wait().cancelled
    assert packs.made(FIRST) is None


def test_a_pack_that_somebody_looks_at_is_not_tidied_away() -> None:
    finish(FIRST)
    finish(SECOND)
    folder = data.settings().data_dir / "packs"
    for wanted in (FIRST, SECOND):
        os.utime(folder / wanted.key, (0, 0))
    assert said_of(FIRST)
    for number in range(packs.KEPT - 2):
        (folder / f"other{number}").mkdir()

    finish(replace(FIRST, pages=("overview",)))

    assert said_of(FIRST) == "pages cover"
    assert not (folder / SECOND.key).exists()


def test_a_pack_of_another_seal_or_product_is_another_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    finish(FIRST)
    assert packs.made(replace(FIRST, rests_on="other facts")) is None
    monkeypatch.setattr(packs, "product_hash", lambda: "after the upgrade")
    assert packs.made(FIRST) is None


def test_a_pack_of_a_run_rests_on_the_seal_of_its_passport() -> None:
    assert packs.rests_on(replace(view("en", WHOLE), run=RUN)) == RUN.seal


def test_a_passport_that_comes_back_is_seen_without_a_restart(tmp_path: Path) -> None:
    template, catalogue = data.template(), data.catalogue()
    run = RUN.model_copy(update={"passport": str(tmp_path / "passport.zip")})
    assert packs.scorecard(run)[0] is template
    own = template.model_copy(update={"code": "of_the_run"})
    with zipfile.ZipFile(run.passport, "w") as archive:
        archive.writestr("inputs/template.json", own.model_dump_json())
        archive.writestr("inputs/catalogue.json", catalogue.model_dump_json())
    assert packs.scorecard(run)[0].code == "of_the_run"


def test_without_a_run_a_pack_rests_on_the_definitions_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("catalogue", "scorecards"):
        shutil.copytree(DATA / name, tmp_path / name)
        monkeypatch.setenv(f"SCORECAST_{name.upper()}_DIR", str(tmp_path / name))
    seen = view("en", WHOLE)
    resting = {packs.rests_on(seen)}
    assert resting == {packs.rests_on(seen)}
    for file in (tmp_path / "scorecards" / "balanced.yaml", tmp_path / "catalogue" / "units.yaml"):
        file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        resting.add(packs.rests_on(seen))
    data.store().close()
    assert len(resting) == 3


def test_texts_that_two_windows_write_at_once_are_both_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, read, start = view("en", WHOLE), packs.commentary, Barrier(4)

    def slow_read(of: DataView, language: Language) -> dict[str, str]:
        found = read(of, language)
        time.sleep(0.05)
        return found

    def write(page: str) -> None:
        start.wait()
        packs.say(seen, "en", page, f"about {page}")

    monkeypatch.setattr(packs, "commentary", slow_read)
    pages = ("cover", "overview", "landings", "evidence")
    windows = [Thread(target=write, args=(page,)) for page in pages]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert read(seen, "en") == {page: f"about {page}" for page in pages}
