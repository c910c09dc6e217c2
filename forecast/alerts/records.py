"""Rules and alerts as the store hands them out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from forecast.alerts.rules import Occasion, Rule


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AlertState(StrEnum):
    """An alert is over once its rule no longer holds, acknowledged or not."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


class RuleRecord(_Model):
    """A rule in force and who wrote it as it stands."""

    id: int
    rule: Rule
    changed_at: datetime
    changed_by: str


class AlertRecord(_Model):
    """One alert. ``occasion`` is as the run ``last_run`` saw it; ``sent`` says by which channel it was told when."""

    id: int
    occasion: Occasion
    first_run: str
    last_run: str
    raised_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    over_at: datetime | None = None
    sent: Mapping[str, datetime] = Field(default_factory=dict)

    @property
    def state(self) -> AlertState:
        """Where it stands."""
        if self.over_at is not None:
            return AlertState.OVER
        return AlertState.OPEN if self.acknowledged_at is None else AlertState.ACKNOWLEDGED


class Settled(_Model):
    """What one judgement changed, by the numbers of alerts."""

    new: tuple[int, ...] = ()
    still: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
