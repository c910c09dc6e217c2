"""Status as the platform writes it; the words are those of every report."""

from typing import Literal

from kpi.scorecard.results import Status
from report.status import attainment_cell, coverage_note, reason_word, status_cell, status_word, value_cell
from report.words import Words

__all__ = [
    "attainment_cell",
    "coverage_note",
    "reason_word",
    "status_badge",
    "status_cell",
    "status_word",
    "value_cell",
]

ICON = {
    Status.GREEN: ":material/check_circle:",
    Status.AMBER: ":material/warning:",
    Status.RED: ":material/dangerous:",
    Status.NONE: ":material/do_not_disturb_on:",
}
COLOUR: dict[Status, Literal["green", "orange", "red", "gray"]] = {
    Status.GREEN: "green",
    Status.AMBER: "orange",
    Status.RED: "red",
    Status.NONE: "gray",
}


def status_badge(status: Status, t: Words) -> str:
    """A badge in Markdown: icon, word, colour."""
    return f":{COLOUR[status]}-badge[{ICON[status]} {status_word(status, t)}]"
