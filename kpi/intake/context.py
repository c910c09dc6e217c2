"""What intake needs to know beside the workbook."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kpi.catalogue.models import Catalogue
from kpi.intake.names import Names
from kpi.organisation import Organisation
from kpi.periods import FiscalCalendar


@dataclass(frozen=True)
class IntakeContext:
    """Catalogue, company, fiscal calendar and the day of reading."""

    catalogue: Catalogue
    organisation: Organisation
    calendar: FiscalCalendar
    today: date

    @cached_property
    def names(self) -> Names:
        """Every spelling of measures and org units."""
        return Names(self.catalogue, self.organisation)
