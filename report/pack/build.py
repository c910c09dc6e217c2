"""The whole document of a pack from its source: the chosen pages in their order, each with what was said of it."""

from collections.abc import Mapping, Sequence

from kpi.text import Language
from report.pack.commentary import paragraphs
from report.pack.desk import Desk
from report.pack.document import Document, Page, Prose
from report.pack.evidence import evidence
from report.pack.kpi_page import kpi_page
from report.pack.overview import cover, overview
from report.pack.pages import COVER, EVIDENCE, LANDINGS, OVERVIEW, SCORECARD
from report.pack.source import Source
from report.pack.tables import landings, scorecard

_BUILDERS = {OVERVIEW: overview, SCORECARD: scorecard, LANDINGS: landings, EVIDENCE: evidence}


def build(source: Source, pages: Sequence[str], language: Language, commentary: Mapping[str, str]) -> Document:
    """The document. ``pages`` are codes of :func:`report.pack.pages.page_codes`; commentary of others is left out."""
    desk = Desk(source, language)
    made = [_page(desk, code) for code in pages if code != COVER]
    if COVER in pages:
        made.insert(0, cover(desk, [(page.code, page.title) for page in made]))
    return Document(
        language=language,
        title=f"{desk.t('pack.title')} · {desk.org_name} · {desk.fmt.period(desk.quarter)}",
        company=source.inputs.organisation.name.in_(language),
        rests_on=_rests_on(desk),
        at=(source.run.finished_at or source.run.started_at if source.run else source.snapshot.created_at).isoformat(),
        pages=tuple(_with_comment(desk, page, commentary.get(page.code, "")) for page in made),
    )


def _page(desk: Desk, code: str) -> Page:
    make = _BUILDERS.get(code)
    return make(desk) if make else kpi_page(desk, code)


def _with_comment(desk: Desk, page: Page, said: str) -> Page:
    lines = paragraphs(said)
    if not lines:
        return page
    return page.model_copy(update={"comment": Prose(title=desk.t("pack.commentary"), paragraphs=lines)})


def _rests_on(desk: Desk) -> str:
    snapshot, run = desk.source.snapshot, desk.source.run
    facts = desk.t("pack.foot_snapshot", id=snapshot.id, hash=snapshot.content_hash[:16])
    return f"{facts} · {desk.t('pack.foot_run', id=run.run_id[:16]) if run else desk.t('pack.foot_no_run')}"
