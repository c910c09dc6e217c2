"""What a forecast run leaves behind: frozen records that the store keeps and the pages read."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kpi.periods import Period
from kpi.scorecard.results import Reason, Window
from kpi.scorecard.template import PartKind


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunState(StrEnum):
    """A run is shown as a result only when DONE.

    CANCELLED: somebody asked it to stop. INTERRUPTED: its process died before it could finish. Both keep
    what was trained.
    """

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class RunRecord(_Model):
    """One run. ``run_id`` is the hash of inputs, configuration and code, ``seal`` that of its passport's manifest."""

    run_id: str
    snapshot_id: int
    state: RunState
    progress: float
    message: str = ""
    started_at: datetime
    finished_at: datetime | None = None
    started_by: str
    numerics: str
    device: str
    weights_digest: str = ""
    forecast_digest: str = ""
    passport: str = ""
    seal: str = ""


class KpiForecast(_Model):
    """Forecast of a KPI's value for one org unit and quarter, in base units.

    ``window`` quarter is the quarter alone, ``year`` the landing of its fiscal year. ``p2_5`` to ``p97_5`` hold 95 % of
    the paths, ``p25`` to ``p75`` half of them; None in runs that kept neither. ``chance`` is the probability of
    meeting the target, None without a target; ``green``, ``amber`` and ``red`` that of each status, None where the
    scorecard would give none. Of a landing, ``needed`` is what each quarter still to come must bring on average for
    the target to be met exactly (:mod:`kpi.scorecard.run_rate`), ``expected`` the median of what it is forecast to
    bring, and ``reason`` why nothing is needed.
    """

    kpi: str
    org_unit: str
    period: Period
    window: Window
    p2_5: float | None = None
    p10: float
    p25: float | None = None
    p50: float
    p75: float | None = None
    p90: float
    p97_5: float | None = None
    chance: float | None = None
    green: float | None = None
    amber: float | None = None
    red: float | None = None
    needed: float | None = None
    expected: float | None = None
    reason: Reason | None = None


class ScoreForecast(_Model):
    """Forecast of the score of an objective, a group or the total (``code`` is then the scorecard's).

    ``green`` is the probability of at least the score that a KPI exactly on target gets, ``amber`` of one that is
    short of it by no more than the scorecard's amber share. ``coverage`` is the median share of the weight behind it.
    """

    kind: PartKind
    code: str
    org_unit: str
    period: Period
    window: Window
    p10: float
    p50: float
    p90: float
    green: float
    amber: float
    red: float
    coverage: float
