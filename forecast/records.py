"""What a forecast run leaves behind: frozen records that the store keeps and the pages read."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kpi.periods import Period
from kpi.scorecard.results import Window


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunState(StrEnum):
    """A run is shown as a result only when DONE. INTERRUPTED: its process died before it could finish."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class RunRecord(_Model):
    """One run. ``run_id`` is the hash of inputs, configuration and code."""

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


class KpiForecast(_Model):
    """Forecast of a KPI's value for one org unit and quarter, in base units.

    ``window`` quarter is the quarter alone, ``year`` the landing of its fiscal year. ``chance`` is the probability of
    meeting the target, None without a target.
    """

    kpi: str
    org_unit: str
    period: Period
    window: Window
    p10: float
    p50: float
    p90: float
    chance: float | None = None
