"""What intake needs to know beside the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from kpi.catalogue.models import Catalogue
from kpi.facts import FactKey
from kpi.intake.corrections import Corrections
from kpi.intake.names import CorrectedNames
from kpi.organisation import Organisation
from kpi.periods import FiscalCalendar


@dataclass(frozen=True)
class IntakeContext:
    """Catalogue, company, fiscal calendar, the day of reading, the values approved so far, and what somebody
    said about the workbook."""

    catalogue: Catalogue
    organisation: Organisation
    calendar: FiscalCalendar
    today: date
    history: Mapping[FactKey, Decimal] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)

    @cached_property
    def names(self) -> CorrectedNames:
        """Every spelling of measures and org units, the corrected labels among them."""
        return CorrectedNames(self.catalogue, self.organisation, self.corrections)
