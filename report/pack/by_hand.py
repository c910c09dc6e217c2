"""Landings that people set beside the forecast, which stays as it is."""

from collections.abc import Collection

from report.pack.desk import Desk
from report.pack.document import Entries, Entry


def set_by_hand(desk: Desk, kpis: Collection[str]) -> Entries | None:
    """Those of ``kpis`` for the year of the pack, with reason, author and approver; None where there are none. They are
    told apart by KPI, where that is not the only one, or else by the end of the year."""
    entries = tuple(
        Entry(
            name=desk.name(made.kpi) if len(kpis) > 1 else desk.fmt.period(made.year_end),
            text=desk.t(
                "pack.by_hand",
                value=desk.fmt.value(made.value, desk.unit(made.kpi)),
                reason=made.reason,
                by=made.made_by,
                approver=made.decided_by or "",
            ),
        )
        for made in desk.source.overlays
        if made.kpi in kpis and made.year_end.year == desk.quarter.year
    )
    return Entries(title=desk.t("pack.set_by_hand"), entries=entries) if entries else None
