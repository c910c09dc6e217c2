"""What the explanation of a score needs from the store."""

from kpi.facts import Fact
from kpi.periods import Period
from kpi.scorecard.origins import facts_read, subtree
from kpi.scorecard.trace import KpiTrace
from ui import data
from ui.kept import kept
from ui.view import DataView


@kept(max_entries=100)
def _facts(
    snapshot_id: int, measures: tuple[str, ...], org_units: tuple[str, ...], periods: tuple[Period, ...]
) -> tuple[Fact, ...]:
    return tuple(data.store().snapshot_facts(snapshot_id, measures, org_units, periods))


def facts_of(view: DataView, trace: KpiTrace) -> list[Fact]:
    """The facts behind a trace, each with its cell."""
    measures, periods = {cell[0] for cell in trace.cells}, {cell[2] for cell in trace.cells}
    giver = trace.made_of.target.org_unit
    units = dict.fromkeys((*subtree(view.organisation, view.org_unit), *([giver] if giver else [])))
    found = _facts(view.snapshot.id, tuple(sorted(measures)), tuple(units), tuple(sorted(periods)))
    return facts_read(found, trace.cells, view.organisation, view.org_unit, (trace.result.kpi, giver))
