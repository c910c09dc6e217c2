"""Which values rest on figures that were corrected after they had been reported."""

import numpy as np

from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.origins import measures_behind, subtree
from kpi.scorecard.panel import Panel


def restated_quarters(panel: Panel, kpi: str, org_unit: str) -> tuple[Period, ...]:
    """The quarters for which a figure behind the KPI was corrected after it had been reported, here or further down."""
    rows = [panel.position[unit] for unit in subtree(panel.organisation, org_unit)]
    behind = measures_behind(panel.catalogue.kpi[kpi], panel.catalogue)
    columns = (panel.columns.get((code, Scenario.RESTATED)) for code in behind)
    found = {int(at) for column in columns if column for at in np.flatnonzero(column.present[rows].any(axis=0))}
    return tuple(panel.quarters[at] for at in sorted(found))
