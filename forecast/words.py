"""What a run's record says to a manager, in both languages. Needs no network library."""

from typing import Final, Literal, get_args

from kpi.text import Text

Term = Literal[
    "level", "season", "trend", "network", "adaptation", "combination", "reconciliation", "rate", "limits", "rounding"
]
TERMS: Final[tuple[Term, ...]] = get_args(Term)


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
