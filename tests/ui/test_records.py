import zipfile
from pathlib import Path

import pytest

from forecast.words import rate_in_words
from kpi.text import Text
from ui.records import read_run_book

BACKTEST = """component,ahead,targets,origins,covered_80,covered_95,within,within_naive,within_seasonal_naive,pinball
,,72,8,0.8,0.95,0.03,0.07,0.06,0.2
claims,,36,8,0.75,0.95,0.031,0.07,0.052,0.2
claims,1,8,8,0.75,0.95,0.02,0.07,0.04,0.1
agents,,36,8,,,,,,0.2
"""
SERIES = """component,org_unit,method,recommended,unstable,origins,targets,disagreement
claims,beijing,combined,yes,yes,8,36,0.6
claims,shanghai,combined,yes,no,8,36,0.1
"""
TERMS = "level,season,trend,network,adaptation,combination,reconciliation,rate,limits,rounding"
WHY = f"""component,org_unit,quarter,{TERMS},median
claims,beijing,2026Q4,100.0,-20.0,5.0,1.0,0.5,-0.25,3.0,0.0,0.0,0.0,89.25
claims,beijing,2027Q1,100.0,50.0,5.0,1.0,0.5,-0.25,3.0,0.0,0.0,0.0,159.25
claims,shanghai,2026Q4,10.0,-2.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,9.0
"""


RECONCILIATION = "adopted,origins,targets,miss_added_up,miss_reconciled\nyes,8,36,1.0321,0.27\n"
RATES = """component,kpi,adopted,origins,targets,miss_apart,miss_by_rate,miss_own,miss_following
claims,loss_ratio,yes,8,36,1.25,1.0,1.0,1.0
cases,cases_a_head,no,8,36,1.0,1.0,1.0,1.0
"""


def passport(folder: Path, **files: str) -> Path:
    path = folder / "passport.zip"
    kept = {"backtest": BACKTEST, "series": SERIES, "why": WHY, "reconciliation": RECONCILIATION, "rates": RATES}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (kept | files).items():
            if content:
                archive.writestr(f"results/{name}.csv", content)
    return path


def test_the_book_says_how_good_a_forecast_was_how_it_was_made_and_why_it_is_what_it_is(tmp_path: Path) -> None:
    book = read_run_book(passport(tmp_path))

    assert book is not None
    assert "within 3.1 %" in book.goodness["claims"].en
    assert "75% 的实际值" in book.goodness["claims"].zh
    assert book.methods["claims", "shanghai"] == "combined"
    assert book.unstable == {("claims", "beijing")}
    assert book.terms["claims", "beijing"] == (100.0, -20.0, 5.0, 1.0, 0.5, -0.25, 3.0, 0.0, 0.0, 0.0)


def test_accounts_are_added_over_the_org_units_that_have_one(tmp_path: Path) -> None:
    book = read_run_book(passport(tmp_path))

    assert book is not None
    assert book.account("claims", ("head_office", "beijing", "shanghai")) == (
        110.0,
        -22.0,
        5.0,
        1.0,
        0.5,
        -0.25,
        4.0,
        0.0,
        0.0,
        0.0,
    )
    assert book.account("claims", ("head_office",)) is None


def test_the_book_says_whether_branches_were_reconciled_with_their_totals_and_why(tmp_path: Path) -> None:
    refuted = RECONCILIATION.replace("yes", "no").replace("0.27", "1.03")
    untried = RECONCILIATION.replace("yes,8,36", "no,0,0")

    adopted, not_better, without = (
        read_run_book(passport(tmp_path, reconciliation=each)) for each in (RECONCILIATION, refuted, untried)
    )

    assert adopted is not None
    assert adopted.reconciled is not None
    assert adopted.reconciled.en.endswith("at 8 past origins this made the misses of totals 73.8 % smaller.")
    assert all(part in adopted.reconciled.zh for part in ("调节", "8 个时点", "减少 73.8%"))
    assert not_better is not None
    assert not_better.reconciled is not None
    assert not_better.reconciled.en.startswith("Branches are simply added up")
    assert without is not None
    assert without.reconciled is None


def test_the_book_says_who_follows_a_denominator_and_what_that_brought(tmp_path: Path) -> None:
    book = read_run_book(passport(tmp_path))

    assert book is not None
    assert book.rates == {"claims": ("loss_ratio", 8, 1.25, 1.0)}
    said = rate_in_words(Text(zh="赔付率", en="loss ratio"), *book.rates["claims"][1:])
    assert said.en.endswith("loss ratio: at 8 past origins this made the misses of that rate 20.0 % smaller.")
    assert all(part in said.zh for part in ("赔付率", "8 个时点", "减少 20.0%"))


def test_a_component_that_was_always_zero_has_no_words(tmp_path: Path) -> None:
    book = read_run_book(passport(tmp_path))

    assert book is not None
    assert set(book.goodness) == {"claims"}


@pytest.mark.parametrize(
    "files", [{"why": ""}, {"backtest": "component\nclaims\n"}, {"why": WHY.replace("100.0", "many")}]
)
def test_a_passport_without_a_readable_record_has_no_book(tmp_path: Path, files: dict[str, str]) -> None:
    assert read_run_book(passport(tmp_path, **files)) is None
    assert read_run_book(tmp_path / "gone.zip") is None
