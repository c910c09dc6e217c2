"""Rules and what they raised, each in one sentence, in both languages."""

from collections.abc import Iterable
from decimal import Decimal

from forecast.alerts.rules import ChanceBelow, ChanceFell, DataMissing, Occasion, RedLikely, Rule, StatusFor
from kpi.catalogue.models import Catalogue
from kpi.organisation import Organisation
from kpi.periods import Grain, Period
from kpi.scorecard.results import Status
from kpi.text import Text

COLOURS = {
    Status.RED: Text(zh="未达标", en="off track"),
    Status.AMBER: Text(zh="关注或未达标", en="watch or off track"),
}
_TENTH = Decimal("0.1")


class Names:
    """KPIs and org units by name; a code that is not known any more stands for itself."""

    def __init__(self, catalogue: Catalogue, organisation: Organisation) -> None:
        self.catalogue, self.organisation = catalogue, organisation

    def kpi(self, code: str) -> Text:
        """The name of a KPI."""
        known = self.catalogue.kpi.get(code)
        return known.name if known else Text(zh=code, en=code)

    def unit(self, code: str) -> Text:
        """The name of an org unit."""
        known = self.organisation.by_code.get(code)
        return known.name if known else Text(zh=code, en=code)


def occasion_in_words(occasion: Occasion, names: Names) -> Text:
    """Which KPI of which org unit, what is so, and by which limit."""
    kpi, unit, what = names.kpi(occasion.kpi), names.unit(occasion.org_unit), _what(occasion)
    return Text(zh=f"{unit.zh}，{kpi.zh}：{what.zh}。", en=f"{kpi.en}, {unit.en}: {what.en}.")


def reason_in_words(occasion: Occasion) -> Text:
    """The same where KPI and org unit are said already."""
    what = _what(occasion)
    return Text(zh=f"{what.zh}。", en=f"{what.en[0].upper()}{what.en[1:]}.")


def _what(occasion: Occasion) -> Text:
    period, rule = _period(occasion.period), occasion.rule
    chance = "" if occasion.chance is None else share_in_words(occasion.chance)
    match rule:
        case ChanceBelow(limit=limit):
            return Text(
                zh=f"{period.zh}达成计划的概率为 {chance}%，低于 {_plain(limit)}%",
                en=f"the chance of meeting the plan of {period.en} is {chance} %, below {_plain(limit)} %",
            )
        case ChanceFell(limit=limit):
            before = "" if occasion.before is None else share_in_words(occasion.before)
            return Text(
                zh=f"{period.zh}达成计划的概率由 {before}% 降至 {chance}%，降幅达到 {_plain(limit)} 个百分点",
                en=f"the chance of meeting the plan of {period.en} fell from {before} % to {chance} %, by "
                f"{_plain(limit)} points or more",
            )
        case RedLikely(limit=limit):
            return Text(
                zh=f"{period.zh}年末未达标的概率为 {chance}%，达到 {_plain(limit)}%",
                en=f"the chance that {period.en} ends off track is {chance} %, {_plain(limit)} % or more",
            )
        case StatusFor():
            return _status_for(rule, occasion.period)
        case DataMissing():
            last = _period(occasion.period.shift(-4))
            return Text(
                zh=f"{period.zh}没有数值，而{last.zh}有",
                en=f"there is no value for {period.en}, though there is one for {last.en}",
            )


def _status_for(rule: StatusFor, newest: Period) -> Text:
    colour = COLOURS[rule.colour]
    if rule.quarters == 1:
        period = _period(newest)
        return Text(zh=f"{period.zh}{colour.zh}", en=f"{colour.en} in {period.en}")
    quarters = [_period(newest.shift(back)) for back in range(1 - rule.quarters, 1)]
    zh, en = "、".join(each.zh for each in quarters), ", ".join(each.en for each in quarters)
    return Text(
        zh=f"连续 {rule.quarters} 个季度{colour.zh}({zh})", en=f"{colour.en} {rule.quarters} quarters running ({en})"
    )


def rule_in_words(rule: Rule) -> Text:
    """What the rule asks."""
    match rule:
        case ChanceBelow(limit=limit):
            return Text(
                zh=f"达成年度计划的概率低于 {_plain(limit)}%",
                en=f"The chance of meeting the year's plan is below {_plain(limit)} %",
            )
        case ChanceFell(limit=limit):
            return Text(
                zh=f"达成年度计划的概率比上一快照的预测下降 {_plain(limit)} 个百分点或以上",
                en=f"The chance of meeting the year's plan fell by {_plain(limit)} points or more since the forecast "
                "of an earlier snapshot",
            )
        case RedLikely(limit=limit):
            return Text(
                zh=f"年末未达标的概率达到 {_plain(limit)}%",
                en=f"The chance that the year ends off track is {_plain(limit)} % or more",
            )
        case StatusFor(colour=colour, quarters=quarters):
            zh, en = COLOURS[colour].zh, COLOURS[colour].en
            running = "" if quarters == 1 else f" {quarters} quarters running"
            return Text(
                zh=f"最近一个季度{zh}" if quarters == 1 else f"连续 {quarters} 个季度{zh}",
                en=f"{en[0].upper()}{en[1:]}{running or ' in the newest quarter'}",
            )
        case DataMissing():
            return Text(
                zh="最近一个季度没有数值，而上年同季有",
                en="No value in the newest quarter, though the same quarter last year had one",
            )


def scope_in_words(rule: Rule, names: Names) -> Text:
    """Which KPIs and org units the rule is about."""
    kpis, units = [names.kpi(code) for code in rule.kpis], _units(rule, names)
    about = _joined(kpis) if kpis else Text(zh="记分卡全部指标", en="every KPI of the scorecard")
    return Text(zh=f"{about.zh} · {units.zh}", en=f"{about.en} · {units.en}")


def _units(rule: Rule, names: Names) -> Text:
    if rule.units == "all":
        return Text(zh="所有机构", en="every org unit")
    if rule.units == "head_office":
        return names.unit(names.organisation.root.code)
    return _joined([names.unit(code) for code in rule.units])


def _joined(texts: Iterable[Text]) -> Text:
    texts = list(texts)
    return Text(zh="、".join(text.zh for text in texts), en=", ".join(text.en for text in texts))


def _period(period: Period) -> Text:
    if period.grain is Grain.YEAR:
        return Text(zh=f"{period.year}年", en=str(period.year))
    return Text(zh=f"{period.year}年第{period.index}季度", en=f"Q{period.index} {period.year}")


def share_in_words(share: float) -> str:
    """A chance in per cent with at most one decimal, never a bare 0 or 100: no forecast is certain."""
    if share < 0.001:
        return "<0.1"
    return ">99.9" if share > 0.999 else _plain(Decimal(repr(share)).quantize(_TENTH / 100))


def _plain(share: Decimal) -> str:
    """Per cent without needless digits."""
    return f"{(share * 100).normalize():f}"
