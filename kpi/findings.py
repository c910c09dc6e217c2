"""Findings: what a check has to say about one place of a workbook."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kpi.text import Language, Text


class Severity(StrEnum):
    """An error keeps the workbook out; a warning wants a look; information only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(BaseModel):
    """One remark on one place. ``cell`` is empty when the whole sheet (or, without a sheet, the file) is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    sheet: str = ""
    cell: str = ""
    found: str = ""
    message: Text
    remedy: Text

    @property
    def where(self) -> str:
        """``Sheet!A1``, ``Sheet`` or nothing."""
        return "!".join(part for part in (self.sheet, self.cell) if part)

    def line(self, language: Language) -> str:
        """One line for a terminal."""
        parts = [self.code, self.where, self.message.in_(language), self.remedy.in_(language)]
        return "  ".join(part for part in parts if part)
