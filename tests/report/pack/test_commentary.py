"""What people write is kept word for word, and is never markup."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import Refused
from report.pack.commentary import LONGEST, clean, paragraphs, read_commentary

PAGES = ("cover", "overview", "loss_ratio")


def written(folder: Path, text: str, name: str = "said.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_gives_a_text_for_each_page(tmp_path: Path) -> None:
    path = written(tmp_path, "overview: |\n  First.\n\n  Second: <b>bold</b> & more.\nloss_ratio: 赔付上升\n")
    said = read_commentary(path, PAGES, "en")
    assert said == {"overview": "First.\n\nSecond: <b>bold</b> & more.", "loss_ratio": "赔付上升"}
    assert paragraphs(said["overview"]) == ("First.", "Second: <b>bold</b> & more.")


def test_json_does_too_and_a_page_may_have_both_languages(tmp_path: Path) -> None:
    path = written(tmp_path, '{"cover": {"zh": "好", "en": "good"}, "overview": null}', "said.json")
    assert read_commentary(path, PAGES, "zh") == {"cover": "好", "overview": ""}
    assert read_commentary(path, PAGES, "en")["cover"] == "good"


def test_who_says_nothing_in_a_language_on_purpose_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, 'cover: {zh: 好, en: ""}\noverview: {zh: 好, en: }\n')
    assert read_commentary(path, PAGES, "en") == {"cover": "", "overview": ""}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("cover:\n  zh: 好\n  fr: bien\n  en: good\n", 3, "'fr'; languages are zh and en"),
        ("cover: ok\noverview:\n  zh: 好\n", 2, 'no text in en, the language of the pack: add it, or en: "" to'),
        ("cover: {}\n", 1, "no text in en"),
        ("cover:\n  en: good\n  zh: [a]\n", 3, "should be a text"),
    ],
)
def test_a_language_that_is_missing_or_unknown_is_refused_rather_than_printed_as_nothing(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        read_commentary(written(tmp_path, text), PAGES, "en")
    assert f"said.yaml:{line}:" in refusal.value.in_("zh")
    assert f"said.yaml:{line}:" in refusal.value.in_("en")
    assert words in refusal.value.in_("en")


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read_commentary(written(tmp_path, ""), PAGES, "en") == {}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("cover: ok\nmoon: hello\n", 2, "moon"),
        ("cover: ok\noverview: [a, b]\n", 2, "overview"),
        (f"cover: {'x' * (LONGEST + 1)}\n", 1, str(LONGEST)),
        ("- a\n- b\n", 1, "page: text"),
        ("cover: 'no end\n", 2, "YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_commentary(written(tmp_path, text), PAGES, "en")
    assert f"said.yaml:{line}:" in refusal.value.in_("en")
    assert f"said.yaml:{line}:" in refusal.value.in_("zh")
    assert words in refusal.value.in_("en")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"nothing\.yaml"):
        read_commentary(tmp_path / "nothing.yaml", PAGES, "en")


@given(st.text(max_size=200))
def test_no_sign_is_left_that_a_document_cannot_hold(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    cleaned.encode()
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in cleaned)
    assert len(cleaned) <= len(text)
