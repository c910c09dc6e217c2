from pathlib import Path

import pytest

from forecast.verdict import Verdict as Answer
from forecast.verdict import Verification
from kpi.text import Text
from report.words import load_translations
from tests.kpi.store.builders import NOON
from ui.components.verify_parts import SIGN
from ui.verdicts import keep_verdict, read_verdict


def document(answer: Answer) -> object:
    """What ``verify --json`` prints."""
    said = Text(zh="最先不同的是 weights。", en="the first to differ is weights.")
    return Verification(
        verdict=answer, message=Text(zh="话", en="words"), differences=(said,), largest_difference=0.1
    ).model_dump(mode="json")


@pytest.mark.parametrize("answer", list(Answer))
def test_a_verdict_is_kept_for_its_run_with_its_words(tmp_path: Path, answer: Answer) -> None:
    given = keep_verdict(tmp_path, "a" * 64, document(answer), NOON)

    assert given is not None
    assert given == read_verdict(tmp_path, "a" * 64)
    assert (given.verdict, given.at, given.differences[0].en) == (answer.value, NOON, "the first to differ is weights.")
    assert read_verdict(tmp_path, "b" * 64) is None
    assert answer.value in SIGN
    assert f"verify.{answer.value.lower().replace(' ', '_')}" in load_translations()


@pytest.mark.parametrize("printed", [None, [], {}, {"verdict": "MAYBE", "message": {"zh": "话", "en": "words"}}])
def test_what_is_no_verdict_is_not_kept(tmp_path: Path, printed: object) -> None:
    assert keep_verdict(tmp_path, "a" * 64, printed, NOON) is None
    assert read_verdict(tmp_path, "a" * 64) is None


def test_the_newest_verdict_counts_and_half_a_file_is_none(tmp_path: Path) -> None:
    for answer in (Answer.CANNOT, Answer.EXACT):
        keep_verdict(tmp_path, "a" * 64, document(answer), NOON)
    kept = read_verdict(tmp_path, "a" * 64)
    assert kept is not None
    assert kept.verdict == "EXACT"

    (file,) = (tmp_path / ".verdicts").iterdir()
    file.write_bytes(file.read_bytes()[:20])
    assert read_verdict(tmp_path, "a" * 64) is None
