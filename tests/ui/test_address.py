from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.scorecard.results import Window
from kpi.strategy.fields import SIX_STEPS
from kpi.text import Language
from report.heat_builder import Metric
from report.scorecard_lines import ORDERS, Shown
from ui.address import COMPARE, KPI_PAGE, SECTIONS, WINDOWS, Address, Choices, read_address, year_of

Q2, Q3 = Period.parse("2026Q2"), Period.parse("2026Q3")
CHOICES = Choices(
    "zh",
    ("head", "north"),
    (Q3, Q2),
    ("premium", "loss_ratio"),
    ("2e4e8aa9", "37630b35"),
    ("fast_claims",),
    groups=("financial", "customer"),
    scores=("total", "group:financial", "kpi:premium"),
)
shown = st.builds(
    Shown,
    order=st.sampled_from(("", *ORDERS, *(f"-{column}" for column in ORDERS))),
    find=st.sampled_from(("", "premium", "保费, 13 & more")),
    states=st.sampled_from(((), ("red",), ("red", "none"))),
    groups=st.sampled_from(((), ("financial",), CHOICES.groups)),
    unlikely=st.booleans(),
    columns=st.sampled_from(((), ("score",), ("weight", "chance"))),
)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
addresses = st.builds(
    Address,
    language=st.sampled_from(LANGUAGES),
    org_unit=st.sampled_from(CHOICES.org_units),
    quarter=st.sampled_from(CHOICES.quarters),
    window=st.sampled_from(WINDOWS),
    kpi=st.sampled_from(("", *CHOICES.kpis)),
    upload=st.sampled_from(("", "12")),
    run=st.sampled_from(("", *CHOICES.runs)),
    old=st.sampled_from(("", *CHOICES.runs)),
    new=st.sampled_from(("", *CHOICES.runs)),
    span=st.sampled_from(("", "2027", "2027Q1")),
    objective=st.sampled_from(("", *CHOICES.objectives)),
    section=st.sampled_from(("", *SECTIONS)),
    step=st.sampled_from(("", *SIX_STEPS)),
    scenario=st.sampled_from(("", "cf7bbe70e99c")),
    against=st.sampled_from(("", "ba70bc451bad")),
    changes=st.sampled_from(("", "none", "premium.head.2026Q4.p0.1~claims.north.2026Q4.v12")),
    driver=st.sampled_from(("", "premium")),
    place=st.sampled_from(("", "head")),
    by=st.sampled_from(("", "percent")),
    why=st.sampled_from(("", *CHOICES.scores)),
    shown=shown,
    year=st.sampled_from(("", "2027")),
    part=st.sampled_from(("", *COMPARE["part"])),
    heat=st.sampled_from(("", *map(str, Metric))),
    since=st.sampled_from(("", *COMPARE["since"])),
    sort=st.sampled_from(("", "name", "-score", "premium")),
    rows=st.sampled_from(("", "2")),
    many=st.sampled_from(("", *COMPARE["many"])),
    base=st.sampled_from(("", "2026Q2")),
    scope=st.sampled_from(("", *COMPARE["scope"])),
    years=st.sampled_from(("", *KPI_PAGE["years"])),
    change=st.sampled_from(("", *KPI_PAGE["change"])),
    units=st.sampled_from(("", *KPI_PAGE["units"])),
    pages=st.sampled_from(("", "-", "cover,premium")),
    formats=st.sampled_from(("", "pdf,html")),
    pack_lang=st.sampled_from(("", *LANGUAGES)),
)


def read(params: Mapping[str, str], choices: Choices = CHOICES) -> Address:
    return read_address(params, choices)[0]


def test_an_empty_address_is_the_head_office_at_the_newest_quarter_year_to_date() -> None:
    address, unknown = read_address({}, CHOICES)
    assert address == Address("zh", "head", Q3, Window.YTD)
    assert unknown == ()


def test_the_language_of_the_visitor_holds_until_the_address_names_one() -> None:
    assert read({}, Choices("en")).language == "en"
    assert read({"lang": "zh"}, Choices("en")).language == "zh"


def test_unknown_codes_are_replaced_by_the_defaults_and_told() -> None:
    params = {"lang": "fr", "unit": "atlantis", "quarter": "1999Q1", "window": "decade", "kpi": "<b>x</b>"}
    address, unknown = read_address(params | {"pack_lang": "la"}, CHOICES)
    assert address == Address("zh", "head", Q3, Window.YTD)
    assert unknown == ("fr", "1999Q1", "atlantis", "decade", "<b>x</b>", "la")


def test_a_run_that_is_not_there_is_unknown_and_none_is_chosen_in_its_place() -> None:
    address, unknown = read_address({"old": "2e4e8aa9", "new": "deadbeef"}, CHOICES)
    assert (address.old, address.new, unknown) == ("2e4e8aa9", "", ("deadbeef",))


def test_a_window_that_the_pages_do_not_offer_is_unknown() -> None:
    address, unknown = read_address({"window": "year"}, CHOICES)
    assert (address.window, unknown) == (Window.YTD, ("year",))


def test_text_that_is_no_period_at_all_is_replaced_and_never_an_error() -> None:
    address, unknown = read_address({"quarter": "Q3 of last year"}, CHOICES)
    assert (address.quarter, unknown) == (Q3, ("Q3 of last year",))


def test_without_data_nothing_is_chosen_and_nothing_is_called_unknown() -> None:
    address, unknown = read_address({"unit": "head", "quarter": "2026Q3", "kpi": "premium"}, Choices("en"))
    assert address == Address("en")
    assert unknown == ()


def test_a_parameter_that_is_not_ours_is_left_alone() -> None:
    assert read_address({"utm_source": "mail"}, CHOICES) == read_address({}, CHOICES)


@given(addresses)
def test_a_link_leads_back_to_the_address_it_was_made_from(address: Address) -> None:
    assert read_address(address.params(), CHOICES) == (address, ())


def test_a_link_says_its_defaults_too_so_that_it_means_the_same_next_quarter() -> None:
    link = read({}).params()
    assert link == {"lang": "zh", "unit": "head", "quarter": "2026Q3", "window": "ytd"}
    later = Choices("en", ("head", "north"), (Q3.shift(1), Q3, Q2), CHOICES.kpis)
    assert read(link, later) == read({})


def test_a_change_in_a_link_can_set_a_code_and_take_one_away() -> None:
    address = read({"kpi": "premium"})
    assert address.params(kpi="loss_ratio")["kpi"] == "loss_ratio"
    assert "kpi" not in address.params(kpi="")


def test_a_quarter_belongs_to_its_fiscal_year() -> None:
    assert year_of(Q3) == Period(2026)


def test_of_what_is_shown_of_the_scorecard_unknown_codes_are_told_and_the_others_kept() -> None:
    params = {"order": "colour", "states": "red,blue", "columns": "score", "groups": "financial,sales", "why": "kpi:x"}
    address, unknown = read_address(params, CHOICES)
    assert address.shown == Shown(states=("red",), groups=("financial",), columns=("score",))
    assert address.why == ""
    assert set(unknown) == {"colour", "blue", "sales", "kpi:x"}
