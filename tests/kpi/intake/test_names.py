"""Labels and what they name: certain only where nothing else can be meant, guesses ranked and never applied."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from kpi.catalogue.models import Catalogue
from kpi.facts import Scenario
from kpi.intake.labels import split_scenario, split_unit, without_numbering
from kpi.intake.matching import initials
from kpi.intake.names import SCENARIO_WORDS, TOTALS, Names, folded
from kpi.organisation import Organisation, OrgUnit
from kpi.text import Text
from tests.kpi.intake.builders import catalogue, context

NAMES = context().names
TRADITIONAL = OpenCC("s2t")


def spellings(of: Catalogue) -> dict[str, set[str]]:
    """Every spelling with the codes it belongs to; where a component has it, the KPIs that share it are left out."""
    found: dict[str, set[str]] = {}
    for each in of.components:
        for text in (each.code, each.name.zh, each.name.en, *each.synonyms, *each.plan_synonyms):
            found.setdefault(text, set()).add(each.code)
    taken = {folded(text) for text in found}
    for kpi in of.kpis:
        for text in (kpi.code, kpi.name.zh, kpi.name.en, *kpi.synonyms):
            if folded(text) not in taken:
                found.setdefault(text, set()).add(kpi.code)
    return found


SPELLINGS = spellings(catalogue())
FOLDED = {folded(text) for text in SPELLINGS}
LONG = sorted(text for text in SPELLINGS if len(folded(text)) >= 5 and "_" not in text)
CHINESE = sorted(text for text in SPELLINGS if not text.isascii())


def finds(label: str) -> set[str]:
    """The code that is certain, by both doors."""
    found, first = NAMES.measure(label), NAMES.measure_candidates(label)[0]
    return {first.code} if found and first.certain and first.score == 1 and found.measure == first.code else set()


def test_every_spelling_of_the_catalogue_finds_its_own_code_and_is_certain() -> None:
    assert [text for text, codes in SPELLINGS.items() if finds(text) != codes] == []


def test_every_chinese_name_is_found_in_traditional_characters() -> None:
    assert [text for text in CHINESE if finds(TRADITIONAL.convert(text)) != SPELLINGS[text]] == []


@given(st.sampled_from(LONG), st.data())
@settings(max_examples=600)
def test_one_wrong_character_keeps_the_code_among_the_first_three_and_is_never_certain(
    text: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    strange = "囍" if not text.isascii() else data.draw(st.sampled_from("qzx7"))
    mistyped = data.draw(
        st.sampled_from(
            [
                text[:place] + strange + text[place + 1 :],
                text[:place] + strange + text[place:],
                text[:place] + text[place + 1 :],
            ]
        )
    )
    word = folded(mistyped)
    if FOLDED & {word, *(rest for rest, _ in split_scenario(word))}:
        return  # what is left is another name, or a name with a word for actual: 标保完成度 without its last letter

    found = NAMES.measure_candidates(mistyped, 3)

    assert not any(each.certain and {each.code} != SPELLINGS[text] for each in found)
    assert SPELLINGS[text] & {each.code for each in found}


@pytest.mark.parametrize(
    ("label", "scenario", "unit"),
    [
        ("标准保费", None, ""),
        ("1、标准保费", None, ""),
        ("（一）标准保费", None, ""),
        ("(2) 标准保费", None, ""),
        ("其中：标准保费", None, ""),
        ("1.2 标准保费", None, ""),
        ("1.2.3、标准保费", None, ""),
        ("Ⅱ. 标准保费", None, ""),
        ("I. Standard premium", None, ""),
        ("①标准保费", None, ""),
        ("  • 标准保费", None, ""),
        ("—— 标准保费", None, ""),
        ("Of which: standard premium", None, ""),
        ("标准保费(万元)", None, "wan_yuan"),
        ("标准保费（单位：万元）", None, "wan_yuan"),
        ("標準保費（萬元）", None, "wan_yuan"),
        ("标准保费，万元", None, "wan_yuan"),
        ("标准保费：亿元", None, "yi_yuan"),
        ("标准保费/万元", None, "wan_yuan"),
        ("标准保费 万元", None, "wan_yuan"),
        ("Standard premium in CNY million", None, "million_yuan"),
        ("Standard premium, RMB m", None, "million_yuan"),
        ("三、标准保费（万元）", None, "wan_yuan"),
        ("计划标准保费", Scenario.PLAN, ""),
        ("标准保费-实际（万元）", Scenario.ACTUAL, "wan_yuan"),
        ("标准保费(计划)(万元)", Scenario.PLAN, "wan_yuan"),
        ("标准保费（万元，计划）", Scenario.PLAN, "wan_yuan"),
        ("1. 預算 標準保費", Scenario.PLAN, ""),
        ("Standard premium - restated", Scenario.RESTATED, ""),
    ],
)
def test_what_stands_around_a_name_does_not_hide_it(label: str, scenario: Scenario | None, unit: str) -> None:
    found = NAMES.measure(label)

    assert found is not None
    assert (found.measure, found.scenario, found.unit.code if found.unit else "") == (
        "standard_premium",
        scenario,
        unit,
    )
    assert NAMES.measure_candidates(label)[0].certain


@pytest.mark.parametrize(
    "label",
    [
        "续期保费收入",
        "累计标准保费",
        "标准保费/人",
        "标准保费 人",
        "人均标准保费",
        "标准保费同比",
        "标准保",
        "标保",
        "premium",
        "计划标准保费实际",
        "",
        "1、",
        "(万元)",
        "标准保费\ud800x",
    ],
)
def test_what_only_looks_alike_is_never_certain(label: str) -> None:
    assert NAMES.measure(label) is None
    assert not any(each.certain for each in NAMES.measure_candidates(label))


def test_a_chinese_short_form_and_english_initials_are_guessed() -> None:
    assert NAMES.measure_candidates("标保")[0].code == "standard_premium"
    assert "risk_loss_ratio" in {each.code for each in NAMES.measure_candidates("LR")}
    assert initials("Gross written premium") == {"gwp"}
    assert initials("Return on equity") == {"roe", "re"}


def test_a_guess_says_why_in_both_languages_and_keeps_unit_and_scenario() -> None:
    guess = NAMES.measure_candidates("标准保肥计划(万元)")[0]

    assert (guess.code, guess.certain, guess.scenario) == ("standard_premium", False, Scenario.PLAN)
    assert guess.unit is not None
    assert guess.unit.code == "wan_yuan"
    assert "标准保费" in guess.reason.zh
    assert guess.reason.en.startswith("like")


def test_a_name_of_two_components_is_asked_with_both_and_applied_to_neither() -> None:
    whole = catalogue()
    twin = whole.component["claims_registered"].model_copy(update={"synonyms": ("标准保费",)})
    others = tuple(each for each in whole.components if each.code != twin.code)
    names = Names(whole.model_copy(update={"components": (*others, twin)}), context().organisation)

    found = names.measure_candidates("标准保费(万元)")

    assert names.measure("标准保费(万元)") is None
    assert {each.code for each in found[:2]} == {"standard_premium", "claims_registered"}
    assert not any(each.certain for each in found)
    assert names.similar_measures("标准保费")[:2] == ["claims_registered", "standard_premium"]


@pytest.mark.parametrize(
    "label",
    [
        "江苏",
        "江苏分公司",
        "江苏省分公司",
        "江苏省",
        "江蘇省分公司",
        "Jiangsu Branch",
        "JIANGSU",
        "Jiangsu province",
        "Jiangsu branch office",
        "1、江苏",
        "其中：江苏分公司",
        "海岳人寿江苏分公司",
        "jiangsu",
    ],
)
def test_an_org_unit_is_found_whatever_stands_behind_its_place(label: str) -> None:
    assert NAMES.org_unit(label) == "jiangsu"
    assert [each.code for each in NAMES.org_unit_candidates(label) if each.certain] == ["jiangsu"]


@pytest.mark.parametrize("label", ["江苏中心支公司", "江办分公司", "HR branch", "南京", "分公司", "branch", "合计", ""])
def test_another_org_unit_is_never_taken_for_a_known_one(label: str) -> None:
    assert NAMES.org_unit(label) is None
    assert not any(each.certain for each in NAMES.org_unit_candidates(label))


def company(*names: str) -> Names:
    head = OrgUnit(code="head", kind="head_office", name=Text(zh="总公司", en="Head office"))
    units = [
        OrgUnit(code=f"unit{number}", kind="branch", parent="head", name=Text(zh=name, en=f"Unit {number}"))
        for number, name in enumerate(names)
    ]
    organisation = Organisation(name=Text(zh="某公司", en="Company"), units=(head, *units))
    return Names(catalogue(), organisation)


def test_a_bare_place_with_two_org_units_is_asked_with_both() -> None:
    names = company("南京分公司", "南京支公司")

    assert names.org_unit("南京") is None
    assert {each.code for each in names.org_unit_candidates("南京")} == {"unit0", "unit1"}
    assert names.org_unit("南京市分公司") == "unit0"
    assert names.org_unit("南京支公司") == "unit1"


def test_a_branch_below_is_not_the_branch() -> None:
    assert company("南京支公司").org_unit("南京分公司") is None
    assert company("南京支公司").org_unit("南京") == "unit0"


def test_words_of_scenario_and_total_fold_to_themselves() -> None:
    assert [word for word in (*SCENARIO_WORDS, *TOTALS) if folded(word) != word] == []


def test_numbering_is_dropped_and_a_number_that_belongs_to_the_name_stays() -> None:
    assert without_numbering("13个月保费继续率") == "13个月保费继续率"
    assert without_numbering("2026.标准保费") == "2026.标准保费"
    assert without_numbering("1、") == "1、"
    assert without_numbering("（三）1. ① 赔款") == "赔款"


def test_a_share_a_head_is_no_unit() -> None:
    units = catalogue().units

    assert split_unit("保费/人", units) == ("保费/人", None)
    assert split_unit("保费，件", units)[0] == "保费"


@given(st.text(max_size=40))
@settings(deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    found = NAMES.measure_candidates(text, 3)

    assert len(found) <= 3
    assert all(0 <= each.score <= 1 for each in found)
    assert (NAMES.measure(text) is not None) == any(each.certain for each in found)
    NAMES.org_unit_candidates(text)


def test_an_unknown_label_is_guessed_at_in_a_few_milliseconds() -> None:
    labels = [f"第{number}类新契约标准保费收入增长" for number in range(200)]
    NAMES.measure_candidates("warm")

    started = perf_counter()
    for label in labels:
        NAMES.measure_candidates(label)

    assert (perf_counter() - started) / len(labels) < 0.02
