"""Intake with the store around it: the steps that pages and commands share."""

from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from kpi.catalogue.models import Catalogue
from kpi.errors import Refused, refuse
from kpi.facts import FactKey
from kpi.intake.context import IntakeContext
from kpi.intake.corrections import Corrections
from kpi.intake.inspect import inspect_workbook, study_workbook, unreadable
from kpi.intake.isolated import isolated
from kpi.intake.readers import unlocked
from kpi.intake.report import Inspection
from kpi.intake.study import Study
from kpi.intake.template import last_values, template_rows, write_template
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.load import load_template_named
from kpi.settings import Settings
from kpi.store import Store, utc_now
from kpi.store.records import UploadRecord
from kpi.text import Language
from kpi.yaml_lines import read_document


def read_organisation(file: Path) -> Organisation:
    """The company tree of a YAML file. Raises Refused naming file and line, or what is wrong with the tree."""
    document = read_document(file)
    try:
        return document.model(Organisation, document.content, ())
    except ValidationError as problem:
        raise refuse(f"{file}: {problem}", f"{file}: {problem}") from problem


def intake_context(
    store: Store | None, catalogue: Catalogue, settings: Settings, corrections: Corrections | None = None
) -> IntakeContext:
    """What reading needs: the organisation of the store, or of the settings where no store stands yet; the approved
    values; and what somebody said about the workbook.

    Raises Refused when neither can be read.
    """
    organisation = store.organisation() if store else None
    clock = store.clock if store else utc_now
    return IntakeContext(
        catalogue=catalogue,
        organisation=organisation or read_organisation(settings.organisation_file),
        calendar=settings.calendar,
        today=clock().date(),
        history=approved_values(store) if store else {},
        corrections=corrections or Corrections(),
    )


def approved_values(store: Store) -> dict[FactKey, Decimal]:
    """Every value of the newest snapshot; empty before the first."""
    snapshot = store.latest_snapshot()
    rows = store.snapshot_rows(snapshot.id) if snapshot else ()
    return {
        FactKey(measure=measure, org_unit=org_unit, period=period, scenario=scenario): value
        for measure, org_unit, period, scenario, value in rows
    }


def study(content: bytes, filename: str, context: IntakeContext, password: str | None = None) -> Study:
    """A workbook as it is understood, read in a process of its own; a file that takes it down is a finding."""
    try:
        return isolated(study_workbook, content, filename, context, password=password)
    except Refused as refusal:
        return Study(unreadable(content, filename, refusal))


def inspection_of(content: bytes, filename: str, context: IntakeContext, password: str | None = None) -> Inspection:
    """What a workbook says, read in a process of its own; a file that takes it down is a finding."""
    try:
        return isolated(inspect_workbook, content, filename, context, password=password)
    except Refused as refusal:
        return unreadable(content, filename, refusal)


def check_upload(
    store: Store,
    catalogue: Catalogue,
    settings: Settings,
    content: bytes,
    filename: str,
    actor: str,
    *,
    corrections: Corrections | None = None,
    password: str | None = None,
) -> UploadRecord:
    """Keep a workbook's bytes, read it, and keep facts and findings for a decision.

    What ``corrections`` say counts, and is remembered for workbooks of the same form. Of a locked workbook the unlocked
    bytes are kept. Raises PasswordNeeded for a locked one without password, Refused for a wrong password, without an
    organisation, or when the store can't be written.
    """
    context = intake_context(store, catalogue, settings, corrections)
    content = isolated(unlocked, content, filename, password)
    if corrections is not None and corrections.count:
        found = study(content, filename, context)
        inspection = found.inspection
        known = store.remembered_corrections(found.shape)
        if found.shape and (known is None or known.corrections != corrections.lasting()):
            store.remember_corrections(found.shape, corrections, actor)
    else:
        inspection = inspection_of(content, filename, context)
    store.keep_workbook(content, filename, actor)
    return store.record_check(inspection.workbook, inspection.facts, inspection.findings, actor, corrections)


def prefilled_template(
    store: Store | None, catalogue: Catalogue, settings: Settings, language: Language, quarter: Period | None = None
) -> bytes:
    """Our template for ``quarter``, by default the one after the newest facts, with the last values beside.

    Raises Refused without an organisation or a scorecard.
    """
    context = intake_context(store, catalogue, settings)
    scorecard = load_template_named(settings.scorecard, settings.scorecards_dir, catalogue)
    snapshot = store.latest_snapshot() if store else None
    values, newest = last_values(store.snapshot_rows(snapshot.id) if store and snapshot else ())
    wanted = quarter or (newest.shift(1) if newest else settings.calendar.period_of(context.today))
    rows = template_rows(scorecard, catalogue, context.organisation, values)
    return write_template(rows, scorecard, catalogue, context.organisation, wanted, language)
