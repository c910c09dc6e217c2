"""How a run ends is told, and what the rules raised with it, whatever happens in between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from forecast.alerts.book import AlertBook
from forecast.alerts.judge import judge, rule_book
from forecast.ending import told_at_the_end
from forecast.folder import OutcomeDiffers
from forecast.ledger import Ledger
from forecast.notify.channels import Channel
from forecast.notify.failure import NotTaken
from forecast.notify.message import Message, Outcome
from forecast.progress import Cancelled
from forecast.records import KpiForecast, RunRecord
from kpi.catalogue.load import load_catalogue
from kpi.errors import Refused, refuse
from kpi.periods import Period
from kpi.scorecard.load import load_template_named
from kpi.scorecard.results import Window
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.text import Text
from tests.forecast.alerts.builders import rule
from tests.forecast.company import SCORECARD, facts, install
from tests.forecast.test_ledger import DONE, RUN
from tests.kpi.store.builders import NOON, approve

pytestmark = pytest.mark.slow

UNIT = "beijing"
YEAR_END = Period.parse("2026Q4")


class Killed(BaseException):
    """The process is gone: nothing after it is done."""


@dataclass
class Wire:
    """A channel that keeps what it carried, refuses while it is ``down`` and may ``die`` after it has carried."""

    name: str = "mail"
    down: bool = False
    die: bool = False
    carried: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> str:
        if self.down:
            raise NotTaken(Text(zh="邮件", en="the e-mail"), "mail.example: 421 busy")
        self.carried.append(message)
        if self.die:
            raise Killed
        return ""

    @property
    def alerts(self) -> list[list[int]]:
        """The numbers of the alerts in each message."""
        return [[each.id for each in message.alerts] for message in self.carried]


@dataclass
class Company:
    """A store, and a run command without the run."""

    store: Store
    settings: Settings
    kpi: str

    def forecast(self, letter: str, chance: float, snapshot_id: int = 1) -> RunRecord:
        """A finished run of the snapshot by which the plan is met with ``chance``."""
        about = {"run_id": letter * 64, "snapshot_id": snapshot_id}
        row = KpiForecast(
            kpi=self.kpi,
            org_unit=UNIT,
            period=YEAR_END,
            window=Window.YEAR,
            p10=1,
            p50=2,
            p90=3,
            chance=chance,
        )
        ledger = Ledger(self.store)
        ledger.begin_run(RUN.model_copy(update=about))
        done = DONE.model_copy(update=about)
        ledger.finish_run(done.run_id, done, [row], [])
        return done

    def end(
        self, record: RunRecord | None, *ways: Channel, problem: BaseException | None = None, computed: bool = True
    ) -> None:
        """The command, from the moment it knows its run."""
        with told_at_the_end(self.settings, clock, lambda: ways) as ending:
            ending.store, ending.run_id, ending.snapshot_id = self.store, "a" * 64, 1
            if record is not None:
                ending.record, ending.computed, ending.run_id = record, computed, record.run_id
            if problem is not None:
                raise problem

    @property
    def noticed(self) -> list[str]:
        """What the audit log says of notices."""
        return [f"{e.action}: {e.detail}" for e in self.store.audit_entries() if e.action.startswith("notice")]


def clock() -> datetime:
    return NOON


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """One snapshot; one rule on the first KPI of the scorecard in one branch."""
    for name, value in (("DATA_DIR", str(tmp_path)), ("SCORECARD", SCORECARD), ("LANGUAGE", "en")):
        monkeypatch.setenv(f"SCORECAST_{name}", value)
    install(tmp_path)
    settings = Settings()
    store = open_store(settings.store_url)
    template = load_template_named(SCORECARD, settings.scorecards_dir, load_catalogue(settings.catalogue_dir))
    made = Company(store, settings, template.entries[0].kpi)
    book = rule_book(store, settings)
    for each in book.rules():
        book.withdraw(each.id, "li")
    book.save(rule("chance_below", limit="0.6", units=[UNIT]), "li")
    yield made
    assert store.check_audit() is None
    store.close()


def test_an_alert_is_told_by_the_run_that_raised_it_and_by_no_later_one(company: Company) -> None:
    mail, hook = Wire(), Wire("webhook")
    run = company.forecast("a", 0.4)
    company.end(run, mail, hook)
    company.end(run, mail, hook, computed=False)

    assert mail.alerts == hook.alerts == [[1], []]
    assert [each.outcome for each in mail.carried] == [Outcome.DONE, Outcome.FOUND]
    assert "the chance of meeting the plan of 2026 is 40 %, below 60 %." in mail.carried[0].alerts[0].text
    assert (mail.carried[0].run_id, mail.carried[0].snapshot_id) == (run.run_id, 1)
    assert company.noticed[:2] == ["notice.sent: mail, alerts 1", "notice.sent: webhook, alerts 1"]


def test_without_a_channel_alerts_are_raised_all_the_same(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    company.end(company.forecast("a", 0.4))
    assert AlertBook(company.store).open_count() == 1
    assert capsys.readouterr().err == "alerts: 1 new, 0 going on, 0 over.\n"
    assert company.noticed == []


def test_a_channel_that_fails_is_noted_and_told_again_by_the_next_run(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    mail, hook = Wire(down=True), Wire("webhook")
    run = company.forecast("a", 0.4)
    company.end(run, mail, hook)
    assert "the e-mail was not delivered: mail.example: 421 busy." in capsys.readouterr().err
    assert "notice.failed: mail: mail.example: 421 busy" in company.noticed

    mail.down = False
    company.end(run, mail, hook)
    assert (mail.alerts, hook.alerts) == ([[1]], [[1], []])


def test_a_process_that_dies_between_raising_and_telling_leaves_it_to_the_next_run(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge_and_die(*about: object) -> None:
        judge(*about)  # type: ignore[arg-type]
        raise Killed

    mail, run = Wire(), company.forecast("a", 0.4)
    with monkeypatch.context() as patch:
        patch.setattr("forecast.ending.judge", judge_and_die)
        with pytest.raises(Killed):
            company.end(run, mail)
    assert AlertBook(company.store).open_count() == 1
    assert mail.carried == []

    company.end(run, mail)
    assert mail.alerts == [[1]]


def test_a_process_that_dies_between_telling_and_noting_it_is_the_one_way_to_be_told_twice(company: Company) -> None:
    mail, run = Wire(die=True), company.forecast("a", 0.4)
    with pytest.raises(Killed):
        company.end(run, mail)
    mail.die = False
    for _ in range(2):
        company.end(run, mail)
    assert mail.alerts == [[1], [1], []]


def test_what_is_over_by_the_time_it_can_be_told_is_told_as_over(company: Company) -> None:
    mail = Wire(down=True)
    company.end(company.forecast("a", 0.4), mail)
    approve(company.store, facts()[0].model_copy(update={"value": facts()[0].value + 1}), book=b"figures")
    mail.down = False
    company.end(company.forecast("b", 0.9, snapshot_id=2), mail)
    ((late,),) = (message.alerts for message in mail.carried)
    assert late.over


@pytest.mark.parametrize(
    ("problem", "outcome", "detail"),
    [
        (refuse("磁盘已满。", "the disk is full."), Outcome.FAILED, "the disk is full."),
        (Cancelled(Text(zh="已取消。", en="cancelled by li.")), Outcome.CANCELLED, "cancelled by li."),
        (OutcomeDiffers(Text(zh="不同。", en="weights differ.")), Outcome.DIFFERENT, "weights differ."),
        (ValueError("what somebody typed"), Outcome.FAILED, "ValueError"),
    ],
)
def test_a_run_that_ends_badly_is_told_with_its_reason_and_ends_as_it_would_have(
    company: Company, problem: Exception, outcome: Outcome, detail: str
) -> None:
    mail = Wire()
    with pytest.raises(type(problem)):
        company.end(None, mail, problem=problem)
    (message,) = mail.carried
    assert (message.outcome, message.detail, message.run_id) == (outcome, detail, "a" * 64)
    assert AlertBook(company.store).alerts() == [], "without a result there is nothing to judge by"


def test_what_waits_to_be_told_goes_out_with_a_failure_too(company: Company) -> None:
    mail = Wire(down=True)
    company.end(company.forecast("a", 0.4), mail)
    mail.down = False
    with pytest.raises(Refused):
        company.end(None, mail, problem=refuse("坏了。", "broken."))
    assert mail.alerts == [[1]]


def test_what_cannot_be_judged_or_locked_keeps_nobody_from_being_told(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object) -> None:
        raise refuse("磁盘已满。", "the disk is full.")

    monkeypatch.setattr("forecast.ending.RunLock", refused)
    monkeypatch.setattr("forecast.ending.judge", refused)
    mail = Wire()
    company.end(company.forecast("a", 0.4), mail)
    assert mail.alerts == [[]]
    assert capsys.readouterr().err == "the disk is full.\n" * 2


def test_a_run_of_an_older_snapshot_judges_nothing_by_it(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    approve(company.store, facts()[0].model_copy(update={"value": facts()[0].value + 1}), book=b"figures")
    company.end(company.forecast("a", 0.4))
    assert AlertBook(company.store).alerts() == []
    assert "no forecast of the newest snapshot" in capsys.readouterr().err


def test_a_fall_is_told_from_the_newest_run_of_an_earlier_snapshot(company: Company) -> None:
    rule_book(company.store, company.settings).save(rule("chance_fell", limit="0.2", units=[UNIT]), "li")
    company.end(company.forecast("a", 0.95))
    approve(company.store, facts()[0].model_copy(update={"value": facts()[0].value + 1}), book=b"figures")
    mail = Wire()
    company.end(company.forecast("b", 0.7, snapshot_id=2), mail)
    assert "fell from 95 % to 70 %, by 20 points or more" in mail.carried[0].alerts[0].text


def test_of_several_workers_only_the_first_tells(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    mail = Wire()
    company.end(company.forecast("a", 0.4), mail)
    assert mail.carried == []


def test_a_link_leads_to_the_page_where_there_is_something_to_do(company: Company) -> None:
    notify = company.settings.notify.model_copy(update={"site": "https://board.example/"})
    company.settings = company.settings.model_copy(update={"notify": notify})
    mail, run = Wire(), company.forecast("a", 0.4)
    for _ in range(2):
        company.end(run, mail)
    links = [message.link for message in mail.carried]
    assert links == ["https://board.example/alerts?lang=en", "https://board.example/runs?lang=en"]
