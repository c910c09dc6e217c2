"""The facts that count now, for commands that look at them. Needs no torch."""

from kpi.catalogue.load import load_catalogue
from kpi.scorecard.load import load_template_named
from kpi.scorecard.panel import Panel
from kpi.settings import Settings
from kpi.store import Store
from kpi.store.records import SnapshotRecord


def newest_panel(store: Store, settings: Settings) -> Panel | None:
    """The facts of the newest snapshot, with the scorecard in use; None before the first one is approved."""
    snapshot = store.latest_snapshot()
    return None if snapshot is None else panel_of(store, settings, snapshot)


def panel_of(store: Store, settings: Settings, snapshot: SnapshotRecord) -> Panel | None:
    """The facts of a snapshot, with organisation, catalogue and scorecard as they are now; None without an
    organisation."""
    organisation = store.organisation()
    if organisation is None:
        return None
    catalogue = load_catalogue(settings.catalogue_dir)
    template = load_template_named(settings.scorecard, settings.scorecards_dir, catalogue)
    return Panel.build(store.snapshot_rows(snapshot.id), organisation, catalogue, template, settings.calendar)
