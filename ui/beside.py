"""Verifications and comparisons, as the runs page needs them; caches as in :mod:`ui.data`."""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from forecast.code_version import code_hash
from forecast.compare.comparison import Comparison, compare
from forecast.compare.evidence import read_evidence
from forecast.compare.kept import kept, place_of
from forecast.records import RunRecord
from kpi.errors import Refused
from kpi.text import Language
from ui import data
from ui.side_jobs import SideJob
from ui.verdicts import Verdict, keep_verdict, read_verdict


def _runs_dir() -> Path:
    return data.settings().data_dir / "runs"


@st.cache_resource(show_spinner=False)
def verification() -> SideJob:
    """The verification started from the pages: one at a time, whoever asks."""
    return SideJob(_runs_dir(), "verified_from_page")


@st.cache_resource(show_spinner=False)
def splitting() -> SideJob:
    """The splitting of moves by cause, likewise."""
    return SideJob(_runs_dir(), "compared_from_page")


def start_verifying(run: RunRecord, language: Language) -> None:
    """Verify the run's passport beside the server."""
    verification().start(run.run_id, ("verify", run.passport, "--record", "--json"), language)


def start_splitting(old: RunRecord, new: RunRecord, language: Language) -> None:
    """Split the moves between two runs beside the server."""
    splitting().start(pair(old, new), ("compare", old.passport, new.passport, "--split", "--json"), language)


def pair(old: RunRecord, new: RunRecord) -> str:
    """What a splitting is about."""
    return f"{old.run_id} {new.run_id}"


def verdict(run: RunRecord) -> Verdict | None:
    """The last verdict on the run; that of a verification that has just ended is kept first."""
    job = verification()
    if job.subject == run.run_id and (document := job.document) is not None:
        keep_verdict(_runs_dir(), run.run_id, document, datetime.now(UTC))
        job.out.unlink(missing_ok=True)
        job.subject = ""
    return read_verdict(_runs_dir(), run.run_id)


@st.cache_resource(show_spinner=False, max_entries=4)
def _comparison(old: str, new: str, kept_at: float) -> Comparison:
    before, after = read_evidence(Path(old)), read_evidence(Path(new))
    return kept(_runs_dir(), before, after) or compare(before, after, code_hash())


def comparison(old: RunRecord, new: RunRecord) -> Comparison | Refused:
    """The two runs beside each other, split when that was done or takes nothing; or why that cannot be."""
    place = place_of(_runs_dir(), old.run_id, new.run_id)
    try:
        return _comparison(old.passport, new.passport, place.stat().st_mtime if place.exists() else 0.0)
    except Refused as refusal:
        return refusal
