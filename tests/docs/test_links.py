"""What the documents point at is there, and both languages of the guide say the same things in the same order."""

import re
from pathlib import Path

import pytest

from kpi.settings import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#]+?)(#[^)]*)?\)")
GUIDE = ROOT / "docs" / "guide"
READERS = ("managers", "analysts", "operators")


def targets(page: Path) -> list[str]:
    found = (match[1] for match in LINK.finditer(page.read_text(encoding="utf-8")))
    return [target for target in found if not target.startswith(("http://", "https://", "mailto:"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_document_is_there(page: Path) -> None:
    missing = [target for target in targets(page) if not (page.parent / target).resolve().exists()]
    assert missing == []


@pytest.mark.parametrize("reader", READERS)
def test_the_guide_has_the_same_parts_pictures_and_commands_in_both_languages(reader: str) -> None:
    english, chinese = ((GUIDE / name).read_text(encoding="utf-8") for name in (f"{reader}.md", f"{reader}.zh.md"))
    for pattern in (r"^#+ ", r"^\d\. ", r"^- ", r"^\| ", r"!\[", r"`python -m [a-z ]+"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern
    assert re.findall(r"images/([a-z]+)-", english) == re.findall(r"images/([a-z]+)-", chinese)
