"""What a run's record says to a manager, in both languages. Needs no network library."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from kpi.text import Text

Term = Literal[
    "level", "season", "trend", "network", "adaptation", "combination", "reconciliation", "rate", "limits", "rounding"
]
TERMS: Final[tuple[Term, ...]] = get_args(Term)

# What each term says of the amount {0}, when it adds and when it takes away.
_WORDS: Final[Mapping[Term, tuple[Text, Text]]] = {
    "level": (Text(zh="最近一期值 {0}", en="the newest value is {0}"),) * 2,
    "season": (
        Text(zh="季节因素增加 {0}", en="the season adds {0}"),
        Text(zh="季节因素减少 {0}", en="the season takes away {0}"),
    ),
    "trend": (
        Text(zh="趋势增加 {0}", en="the trend adds {0}"),
        Text(zh="趋势减少 {0}", en="the trend takes away {0}"),
    ),
    "network": (
        Text(zh="网络的一般经验增加 {0}", en="what the network learned elsewhere adds {0}"),
        Text(zh="网络的一般经验减少 {0}", en="what the network learned elsewhere takes away {0}"),
    ),
    "adaptation": (
        Text(zh="网络对本公司数据的适应增加 {0}", en="what it learned from this company adds {0}"),
        Text(zh="网络对本公司数据的适应减少 {0}", en="what it learned from this company takes away {0}"),
    ),
    "combination": (
        Text(zh="与简单方法组合增加 {0}", en="weighing it with simple methods adds {0}"),
        Text(zh="与简单方法组合减少 {0}", en="weighing it with simple methods takes away {0}"),
    ),
    "reconciliation": (
        Text(zh="与上级机构合计的汇总调节增加 {0}", en="reconciling it with the totals above adds {0}"),
        Text(zh="与上级机构合计的汇总调节减少 {0}", en="reconciling it with the totals above takes away {0}"),
    ),
    "rate": (
        Text(zh="按比率随分母变动增加 {0}", en="following its denominator at their rate adds {0}"),
        Text(zh="按比率随分母变动减少 {0}", en="following its denominator at their rate takes away {0}"),
    ),
    "limits": (
        Text(zh="取值界限增加 {0}", en="limits of what is possible add {0}"),
        Text(zh="取值界限减少 {0}", en="limits of what is possible take away {0}"),
    ),
    "rounding": (
        Text(zh="舍入增加 {0}", en="rounding adds {0}"),
        Text(zh="舍入减少 {0}", en="rounding takes away {0}"),
    ),
}


def term_in_words(term: Term, positive: bool, amount: str) -> Text:
    """What ``term`` does, with its ``amount`` (without sign, except for the level) as the reader's page writes it."""
    words = _WORDS[term][0 if positive else 1]
    return Text(zh=words.zh.format(amount), en=words.en.format(amount))


def record_in_words(
    origins: int, targets: int, within: float | None, within_last_year: float | None, covered: float | None
) -> Text | None:
    """How near forecasts were at ``targets`` known values, beside last year's same quarter; shares as 0.031.

    ``covered`` is the share inside P10 to P90. None where every value was 0, so that no share of it can be told.
    """
    if within is None or within_last_year is None:
        return None
    own, other = (f"{100 * share:.1f}" for share in (within, within_last_year))
    zh = (
        f"在过去 {origins} 个季度所做的预测中，一半的误差不超过 {own}%；"
        f"若用上年同期值，则为 {other}%(共 {targets} 个实际值)。"
    )
    en = (
        f"Made in the last {origins} quarters, half of the forecasts were within {own} %; last year's same "
        f"quarter would have been within {other} % ({targets} actual values)."
    )
    if covered is not None:
        zh += f"{100 * covered:.0f}% 的实际值落在 P10 至 P90 之间(应为 80%)。"
        en += f" {100 * covered:.0f} % of them lay between P10 and P90, where 80 % should."
    return Text(zh=zh, en=en)


def reconciliation_in_words(passed: bool, origins: int, added_up: float, reconciled: float) -> Text | None:
    """Whether branches are reconciled with their totals, and what it brings; None where there is no past to tell."""
    if not origins:
        return None
    gain = 1.0 - reconciled / added_up if added_up > 0.0 else 0.0
    change = f"{100.0 * abs(gain):.1f}"
    zh_way, en_way = ("减少", "smaller") if gain >= 0.0 else ("增加", "larger")
    if passed:
        zh = f"已参照上级合计自身的历史调节各机构预测：过去 {origins} 个时点的合计误差因此{zh_way} {change}%。"
        en = (
            "Branches are reconciled with what their totals' own history says: at "
            f"{origins} past origins this made the misses of totals {change} % {en_way}."
        )
    else:
        zh = f"各机构直接相加：参照上级合计自身的历史，过去 {origins} 个时点的合计误差会{zh_way} {change}%，不够明显。"
        en = (
            "Branches are simply added up: heeding what their totals' own history says would have made the misses of "
            f"totals at {origins} past origins {change} % {en_way}, which is not clearly better."
        )
    return Text(zh=zh, en=en)


def rate_in_words(kpi: Text, origins: int, apart: float, by_rate: float) -> Text:
    """That a numerator follows its denominator at the rate of ``kpi``, and what it brought at past origins."""
    gain = f"{100.0 * (1.0 - by_rate / apart) if apart > 0.0 else 0.0:.1f}"
    zh = f"按“{kpi.zh}”的比率随分母变动：在过去 {origins} 个时点，该比率的预测误差因此减少 {gain}%。"
    en = (
        f"It follows its denominator at the rate {kpi.en}: at {origins} past origins this made the misses of that rate "
        f"{gain} % smaller."
    )
    return Text(zh=zh, en=en)
