"""The rules by which forecasts start, and how they read in words."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from forecast.schedule.cron import checked
from forecast.schedule.wall_clock import zone_named
from kpi.errors import refuse
from kpi.text import Text

MOST_DAYS = 40  # a quarter has more working days than that, so no occasion falls into the quarter after


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OnApproval(_Rule):
    """Whenever a snapshot is approved."""

    kind: Literal["approval"] = "approval"

    @property
    def words(self) -> Text:
        """The rule for people."""
        return Text(zh="每当新的快照获批准", en="whenever a snapshot is approved")


class _Timed(_Rule):
    zone: str

    @field_validator("zone")
    @classmethod
    def _known(cls, name: str) -> str:
        return zone_named(name).key


class OnWorkingDay(_Timed):
    """At ``at`` on the ``day``-th working day after the end of each fiscal quarter."""

    kind: Literal["working_day"] = "working_day"
    day: int
    at: time

    @field_validator("day")
    @classmethod
    def _counted(cls, day: int) -> int:
        if not 1 <= day <= MOST_DAYS:
            raise refuse(
                f"第 {day} 个工作日超出范围，请用 1 到 {MOST_DAYS}。",
                f"working day {day} is out of range; use 1 to {MOST_DAYS}.",
            )
        return day

    @field_validator("at")
    @classmethod
    def _of_the_zone(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise refuse(
                f"{at} 带有时差。请只写时间，时区另外给出。",
                f"{at} carries an offset. Write the time alone; the zone is said apart.",
            )
        return at

    @property
    def words(self) -> Text:
        """The rule for people."""
        at = f"{self.at:%H:%M}"
        return Text(
            zh=f"季度结束后第 {self.day} 个工作日 {at}({self.zone})",
            en=f"working day {self.day} after the end of a quarter, at {at} ({self.zone})",
        )


class OnCron(_Timed):
    """By a cron line."""

    kind: Literal["cron"] = "cron"
    line: str

    @field_validator("line")
    @classmethod
    def _understood(cls, line: str) -> str:
        return checked(line)

    @property
    def words(self) -> Text:
        """The rule for people."""
        return Text(zh=f"cron {self.line}({self.zone})", en=f"cron {self.line} ({self.zone})")


Rule = Annotated[OnApproval | OnWorkingDay | OnCron, Field(discriminator="kind")]
RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
