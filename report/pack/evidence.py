"""The page that lets anybody check the others: what everything rests on, and how to see that it holds."""

from collections.abc import Iterator

from report.pack.desk import Desk
from report.pack.document import Band, Entries, Entry, Page, Prose, Seal
from report.pack.pages import EVIDENCE


def evidence(desk: Desk) -> Page:
    """Snapshot, run, digests, the places of the content's hash and the ledger's head, and the commands."""
    t, source = desk.t, desk.source
    rests = Entries(title=t("pack.rests_on"), entries=tuple(_rests_on(desk)))
    digests = Entries(
        title=t("pack.digests"),
        entries=tuple(
            Entry(name=t(f"pack.digest_{name}"), text=digest, code=True) for name, digest in source.digests.items()
        ),
    )
    seal = Seal(
        title=t("pack.seal"),
        content=t("pack.content_hash"),
        passport=t("pack.hash_seal"),
        ledger=t("pack.ledger"),
        none=t("pack.no_ledger"),
    )
    return Page(
        code=EVIDENCE,
        title=t("pack.evidence"),
        subtitle=desk.scope,
        bands=(
            Band.of(rests),
            Band.of(digests),
            Band.of(seal),
            Band.of(_how(desk), Entries(entries=tuple(_commands(desk)))),
        ),
    )


def _rests_on(desk: Desk) -> Iterator[Entry]:
    t, fmt, snapshot, run = desk.t, desk.fmt, desk.source.snapshot, desk.source.run
    approved = t("pack.approved", id=snapshot.id, by=snapshot.created_by, at=fmt.moment(snapshot.created_at))
    yield Entry(name=t("pack.facts"), text=f"{approved}: {snapshot.reason}" if snapshot.reason else approved)
    yield Entry(name=t("pack.snapshot_hash"), text=snapshot.content_hash, code=True)
    if run is None:
        yield Entry(name=t("pack.forecast"), text=t("pack.no_run"))
        return
    finished = fmt.moment(run.finished_at) if run.finished_at else ""
    ran = t("pack.ran", by=run.started_by, at=finished, numerics=t(f"numerics.{run.numerics}"))
    yield Entry(name=t("pack.forecast"), text=ran)
    named = {"run": run.run_id, "weights": run.weights_digest, "results": run.forecast_digest}
    for name, digest in named.items():
        yield Entry(name=t(f"pack.hash_{name}"), text=digest, code=True)


def _how(desk: Desk) -> Prose:
    t = desk.t
    return Prose(title=t("pack.how"), paragraphs=(t("pack.how_content"), t("pack.how_run"), t("pack.how_ledger")))


def _commands(desk: Desk) -> Iterator[Entry]:
    t, source = desk.t, desk.source
    which = f"--run {source.run.run_id[:16]}" if source.run else f"--snapshot {source.snapshot.id}"
    about = f"--org-unit {source.org_unit} --quarter {source.quarter} --window {source.window.value}"
    again = f"python -m report pack {which} {about} --lang {desk.language} --format json --out DIR"
    yield Entry(name=t("pack.command_again"), text=again, code=True)
    if source.run:
        yield Entry(name=t("pack.command_verify"), text="python -m forecast verify passport.zip", code=True)
    yield Entry(name=t("pack.command_ledger"), text="python -m forecast ledger --earlier FILE", code=True)
