"""``alerts``: what rules raised, acknowledging it, and the rules."""

import argparse
import json
from collections.abc import Callable, Mapping

from forecast.alerts.book import AlertBook
from forecast.alerts.checks import rule_of, said_codes, said_units
from forecast.alerts.judge import rule_book
from forecast.alerts.records import AlertRecord, AlertState, RuleRecord
from forecast.alerts.words import Names, occasion_in_words, rule_in_words, scope_in_words
from kpi.catalogue.load import load_catalogue
from kpi.errors import refuse
from kpi.organisation import Organisation
from kpi.scorecard.load import load_template_named
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.text import Text

_STATES = {
    AlertState.OPEN: Text(zh="待确认", en="open"),
    AlertState.ACKNOWLEDGED: Text(zh="已确认", en="acknowledged"),
    AlertState.OVER: Text(zh="不再成立", en="over"),
}
_NONE = Text(zh="没有提醒。", en="no alerts.")
_DONE = {
    "acknowledge": Text(zh="已确认提醒 {0}", en="alert {0} acknowledged"),
    "set": Text(zh="规则 {0} 已生效，下次运行结束时判断", en="rule {0} is in force; the next run judges it"),
    "withdraw": Text(zh="规则 {0} 已停用", en="rule {0} withdrawn"),
}
_Act = Callable[[argparse.Namespace, Settings, Store], None]


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """List alerts, the newest first, or do what ``chosen.action`` says."""
    _ACTIONS[chosen.action](chosen, settings, open_store(settings.store_url))
    return 0


def _organisation(store: Store) -> Organisation:
    found = store.organisation()
    if found is None:
        raise refuse("数据库里还没有组织结构。", "the store holds no organisation yet.")
    return found


def _names(settings: Settings, store: Store) -> Names:
    return Names(load_catalogue(settings.catalogue_dir), _organisation(store))


def _list(chosen: argparse.Namespace, settings: Settings, store: Store) -> None:
    book = AlertBook(store)
    found = book.alerts() if chosen.all else book.going_on()
    names = _names(settings, store) if found else None
    told = [(each, occasion_in_words(each.occasion, names)) for each in found] if names else []
    if chosen.json:
        print(json.dumps([_document(each, words) for each, words in told], ensure_ascii=False))
        return
    for each, words in told:
        state = _STATES[each.state].in_(settings.language)
        who = f" [{each.acknowledged_by}{': ' if each.note else ''}{each.note}]" if each.acknowledged_by else ""
        print(f"{each.id:>5}  {state}  {each.raised_at:%Y-%m-%d}  {words.in_(settings.language)}{who}")
    if not told:
        print(_NONE.in_(settings.language))


def _document(each: AlertRecord, words: Text) -> Mapping[str, object]:
    return each.model_dump(mode="json") | {"state": each.state.value, "text": words.model_dump()}


def _acknowledge(chosen: argparse.Namespace, settings: Settings, store: Store) -> None:
    AlertBook(store).acknowledge(chosen.alert, settings.user, chosen.note)
    _say(chosen.action, chosen.alert, settings)


def _rules(chosen: argparse.Namespace, settings: Settings, store: Store) -> None:
    rules, names = rule_book(store, settings).rules(), _names(settings, store)
    if chosen.json:
        print(json.dumps([_rule_document(each) for each in rules], ensure_ascii=False))
        return
    for each in rules:
        words, scope = rule_in_words(each.rule), scope_in_words(each.rule, names)
        print(f"{each.id:>5}  {words.in_(settings.language)}  ({scope.in_(settings.language)})")


def _rule_document(each: RuleRecord) -> Mapping[str, object]:
    return each.model_dump(mode="json") | {"text": rule_in_words(each.rule).model_dump()}


def _set(chosen: argparse.Namespace, settings: Settings, store: Store) -> None:
    said = {name: getattr(chosen, name) for name in ("kind", "limit", "quarters", "colour")}
    given = {name: value for name, value in said.items() if value is not None}
    template = load_template_named(settings.scorecard, settings.scorecards_dir, load_catalogue(settings.catalogue_dir))
    scope = {"kpis": said_codes(chosen.kpis), "units": said_units(chosen.units)}
    rule = rule_of(given | scope, template, _organisation(store))
    _say(chosen.action, rule_book(store, settings).save(rule, settings.user, chosen.rule), settings)


def _withdraw(chosen: argparse.Namespace, settings: Settings, store: Store) -> None:
    rule_book(store, settings).withdraw(chosen.rule, settings.user)
    _say(chosen.action, chosen.rule, settings)


def _say(action: str, number: int, settings: Settings) -> None:
    print(_DONE[action].in_(settings.language).format(number))


_ACTIONS: Mapping[str | None, _Act] = {
    None: _list,
    "acknowledge": _acknowledge,
    "rules": _rules,
    "set": _set,
    "withdraw": _withdraw,
}
