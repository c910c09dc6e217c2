"""Looks up what past runs said and by which definitions, to hold it beside what came. Needs no torch."""

import zipfile
import zlib
from pathlib import Path

from forecast.ledger import Ledger
from forecast.track_record import Judged, PastRun, judge
from kpi.catalogue.models import Catalogue
from kpi.scorecard.panel import Panel

# What the zip reader raises on damaged bytes: besides its own error also a short read, an unknown compression, a claim
# of encryption, a broken stream.
DAMAGE = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error)


def definitions_of(passport: Path) -> Catalogue | None:
    """The catalogue that a run was made with; None when its passport is gone, damaged or of another form."""
    try:
        with zipfile.ZipFile(passport) as archive:
            return Catalogue.model_validate_json(archive.read("inputs/catalogue.json"))
    except (OSError, LookupError, ValueError, *DAMAGE):
        return None


def record_of(
    ledger: Ledger, run: PastRun, panel: Panel, kpi: str | None = None, org_unit: str | None = None
) -> tuple[Judged, ...]:
    """The forecasts of ``run`` that can be judged by the newest snapshot's ``panel``, all or of one KPI or org unit."""
    return judge(run, ledger.run_forecasts(run.run_id, kpi, org_unit), panel, definitions_of(Path(run.passport)))
