"""What intake needs to know beside the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from kpi.catalogue.models import Catalogue
from kpi.facts import FactKey
from kpi.intake.names import Names
from kpi.organisation import Organisation
from kpi.periods import FiscalCalendar


@dataclass(frozen=True)
class IntakeContext:
    """Catalogue, company, fiscal calendar, the day of reading, and the values approved so far."""

    catalogue: Catalogue
    organisation: Organisation
    calendar: FiscalCalendar
    today: date
    history: Mapping[FactKey, Decimal] = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        """Every spelling of measures and org units."""
        return Names(self.catalogue, self.organisation)
