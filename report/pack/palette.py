"""The dashboard's colours, as documents need them."""

from functools import cache

from kpi.scorecard.results import Status
from report.charts import ROLES
from report.pictures import Mode, theme

_NAMES = {Status.GREEN: "green", Status.AMBER: "orange", Status.RED: "red", Status.NONE: "gray"}


@cache
def palette(mode: Mode) -> dict[str, str]:
    """Colours by what they are for: ``text``, ``paper``, ``panel``, ``line``, ``quiet``, ``accent``, the roles of
    charts, and of each status ``..._text`` and ``..._back``."""
    own = theme()[mode]
    found = {
        "text": own["textColor"],
        "paper": own["backgroundColor"],
        "panel": own["secondaryBackgroundColor"],
        "line": own["borderColor"],
        "quiet": own["grayTextColor"],
        "accent": own["primaryColor"],
    }
    found |= dict(zip(ROLES, own["chartCategoricalColors"], strict=True))
    for status, name in _NAMES.items():
        found |= {
            f"{status.value}_text": own[f"{name}TextColor"],
            f"{status.value}_back": own[f"{name}BackgroundColor"],
        }
    return {name: str(colour).upper() for name, colour in found.items()}


@cache
def turned() -> dict[str, str]:
    """Every colour of the light mode with its counterpart in the dark one; of two equal ones the chart's counts."""
    light, dark = palette("light"), palette("dark")
    return {light[name]: dark[name] for name in light}
