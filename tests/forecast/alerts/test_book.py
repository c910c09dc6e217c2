from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast.alerts.book import AlertBook
from forecast.alerts.evaluate import Judgement
from forecast.alerts.records import AlertState, Settled
from forecast.alerts.rule_book import RuleBook
from forecast.alerts.rules import Key, Occasion
from forecast.ledger import Ledger
from kpi.errors import Refused
from kpi.store import Store, open_store
from tests.forecast.alerts.builders import low, rule
from tests.forecast.test_ledger import DONE, RUN
from tests.kpi.store.builders import Clock, approve, fact, key

BEGINNING = (rule("chance_below", limit="0.6"), rule("status_for", quarters=2))


@dataclass
class Scene:
    """A store with a snapshot and a finished run of it."""

    store: Store
    rules: RuleBook
    book: AlertBook = field(init=False)

    def __post_init__(self) -> None:
        self.book = AlertBook(self.store)

    def settle(self, *occasions: Occasion, untold: Sequence[Key] = (), channels: Sequence[str] = ("mail",)) -> Settled:
        """A judgement by the run, which must be kept."""
        settled = self.book.settle(Judgement(occasions, frozenset(untold)), RUN.run_id, 1, channels)
        assert settled is not None
        return settled

    @property
    def waiting(self) -> list[int]:
        return [each.id for each in self.book.untold("mail")]


@pytest.fixture
def scene(store_url: str) -> Iterator[Scene]:
    """In each of the two databases."""
    store = open_store(store_url, Clock())
    approve(store, fact(key(), 1))
    finish(store, "a")
    made = Scene(store, RuleBook(store, BEGINNING))
    made.rules.rules()
    yield made
    assert store.check_audit() is None
    store.close()


def finish(store: Store, letter: str, snapshot_id: int = 1) -> str:
    """A run that is done; its id."""
    about = {"run_id": letter * 64, "snapshot_id": snapshot_id}
    ledger = Ledger(store)
    ledger.begin_run(RUN.model_copy(update=about))
    ledger.finish_run(letter * 64, DONE.model_copy(update=about), [], [])
    return letter * 64


def actions(store: Store) -> list[str]:
    return [entry.action for entry in store.audit_entries() if entry.action.startswith(("alert", "notice"))]


def test_a_store_without_rules_begins_with_the_default_ones_and_once_only(scene: Scene) -> None:
    first = scene.rules.rules()
    assert tuple(each.rule for each in first) == BEGINNING
    for each in first:
        scene.rules.withdraw(each.id, "li")
    assert scene.rules.rules() == []
    assert actions(scene.store) == ["alert_rule.added"] * 2 + ["alert_rule.withdrawn"] * 2


def test_a_rule_is_added_changed_and_withdrawn_and_the_log_says_by_whom(scene: Scene) -> None:
    number = scene.rules.save(rule("data_missing"), "li")
    assert scene.rules.save(rule("data_missing", units="all"), "wang", number) == number

    found = scene.rules.rules()[-1]
    assert (found.id, found.rule.units, found.changed_by) == (number, "all", "wang")
    with pytest.raises(Refused, match=f"rule {number} asks the same already"):
        scene.rules.save(rule("data_missing", units="all"), "li")
    scene.rules.withdraw(number, "li")
    for act in (lambda: scene.rules.withdraw(number, "li"), lambda: scene.rules.save(rule("data_missing"), "li", 99)):
        with pytest.raises(Refused, match=r"there is no rule \d+ in force"):
            act()


def test_an_alert_is_raised_once_goes_on_is_over_and_is_a_new_one_when_it_comes_back(scene: Scene) -> None:
    assert scene.settle(low()) == Settled(new=(1,))
    assert scene.settle(low(chance=0.3), low("claims")) == Settled(new=(2,), still=(1,))
    assert scene.settle() == Settled(over=(1, 2))
    assert scene.settle(low()) == Settled(new=(3,))

    states = {each.id: each.state for each in scene.book.alerts()}
    assert states == {3: AlertState.OPEN, 2: AlertState.OVER, 1: AlertState.OVER}
    assert scene.book.alerts()[-1].occasion.chance == 0.3, "as it was seen last"
    assert scene.book.open_count() == 1


def test_what_cannot_be_told_stays_as_it_is(scene: Scene) -> None:
    scene.settle(low(), low("claims"))
    assert scene.settle(untold=[low().key]) == Settled(over=(2,))
    assert [each.id for each in scene.book.going_on()] == [1]


def test_a_judgement_that_a_newer_run_or_snapshot_has_overtaken_changes_nothing(scene: Scene) -> None:
    def late(run_id: str, snapshot_id: int) -> Settled | None:
        return scene.book.settle(Judgement((low(),)), run_id, snapshot_id)

    assert late("b" * 64, 1) is None, "not the run that is shown"
    approve(scene.store, fact(key(), 2))
    assert late(RUN.run_id, 1) is None, "not the newest snapshot"
    assert scene.book.alerts() == []
    newer = finish(scene.store, "b", 2)
    assert late(newer, 2) == Settled(new=(1,))


def test_an_acknowledgement_says_who_when_and_what_comes_of_it_and_is_given_once(scene: Scene) -> None:
    scene.settle(low(), low("claims"))
    scene.book.acknowledge(1, "li", "已与理赔部核实")

    seen = scene.book.alerts()[-1]
    assert (seen.state, seen.acknowledged_by, seen.note) == (AlertState.ACKNOWLEDGED, "li", "已与理赔部核实")
    assert seen.acknowledged_at is not None
    assert scene.book.open_count() == 1
    with pytest.raises(Refused, match="acknowledged by li already"):
        scene.book.acknowledge(1, "wang")
    assert scene.settle(low()) == Settled(still=(1,), over=(2,)), "acknowledged is not over"
    with pytest.raises(Refused, match="alert 2 is over"):
        scene.book.acknowledge(2, "wang")
    with pytest.raises(Refused, match="no alert 9"):
        scene.book.acknowledge(9, "wang")


def test_every_channel_has_its_own_account_of_what_it_told(scene: Scene) -> None:
    scene.settle(low(), channels=["mail", "webhook"])
    scene.book.mark_told("mail", [1], "run a")
    assert scene.waiting == []
    assert [each.id for each in scene.book.untold("webhook")] == [1]
    assert list(scene.book.alerts()[0].sent) == ["mail"]


def test_what_was_raised_before_there_was_a_channel_is_not_told_later(scene: Scene) -> None:
    scene.settle(low(), channels=[])
    scene.settle(low(), low("claims"), channels=["mail"])
    assert scene.waiting == [2]


def test_what_was_not_told_in_time_is_still_told_when_it_is_over(scene: Scene) -> None:
    scene.settle(low())
    scene.settle()
    (late,) = scene.book.untold("mail")
    assert late.over_at is not None


def test_who_dies_while_judging_leaves_nothing_and_nobody_untold(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alerts and what is to be told of them stand together, or neither does."""

    def die(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("forecast.alerts.book._end", die)
        with pytest.raises(RuntimeError):
            scene.settle(low())
    assert (scene.book.alerts(), scene.waiting) == ([], [])
    assert list(scene.settle(low()).new) == scene.waiting == [each.id for each in scene.book.alerts()]


def test_the_log_says_what_a_judgement_changed_and_not_that_it_changed_nothing(scene: Scene) -> None:
    scene.settle(low())
    scene.settle(low())
    scene.book.acknowledge(1, "li")
    scene.book.mark_told("mail", [1], "run a")
    scene.book.note_failure("webhook", "example.org: HTTP 500", "run a")
    assert actions(scene.store)[2:] == ["alert.judged", "alert.acknowledged", "notice.sent", "notice.failed"]


Subjects = frozenset[tuple[str, str]]
subjects = st.frozensets(st.sampled_from([("premium", "head"), ("premium", "north"), ("claims", "head")]))
ends = st.sampled_from(["told", "refused", "died before noting"])


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@given(history=st.lists(st.tuples(subjects, subjects, ends), max_size=6))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_alert_is_told_and_twice_only_after_a_crash(
    scene: Scene, history: list[tuple[Subjects, Subjects, str]]
) -> None:
    """Against a plain model: what holds, what cannot be told, how the process ends; how often a mail named each."""
    scene.settle()
    scene.book.mark_told("mail", scene.waiting, "before")
    known = {each.id for each in scene.book.alerts()}
    live: Subjects = frozenset()
    raised, mailed, crashes = 0, list[int](), 0
    for holding, unknown, end in [*history, (frozenset(), frozenset(), "told")]:
        untold = unknown - holding
        scene.settle(*(low(*subject) for subject in sorted(holding)), untold=[low(*subject).key for subject in untold])
        raised += len(holding - live)
        live = holding | (live & untold)
        assert {(now.occasion.kpi, now.occasion.org_unit) for now in scene.book.going_on()} == live
        waiting = scene.waiting
        if end != "refused":
            mailed += waiting
            crashes += end == "died before noting"
        if end == "told":
            scene.book.mark_told("mail", waiting, "run")
    assert set(mailed) == {each.id for each in scene.book.alerts()} - known
    assert len(set(mailed)) == raised
    assert all(mailed.count(number) <= 1 + crashes for number in mailed)
