"""Whatever can change a pack changes the hash of the product, and nothing else does."""

from pathlib import Path

import pytest

from report.code_version import product_hash

FILES = ("report/pack/look.css", "report/format.py", "forecast/words.py", "kpi/text.py", "data/translations/pack.yaml")


def product(root: Path, **changed: str) -> str:
    """The hash of a small product, some of whose files have changed."""
    for name in (*FILES, "requirements.lock", "ui/packs.py", "report/__pycache__/format.pyc"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(changed.get(name, "as it was"), encoding="utf-8")
    return product_hash.__wrapped__(root)


@pytest.mark.parametrize("name", [*FILES, "requirements.lock"])
def test_a_changed_source_word_or_library_is_another_product(tmp_path: Path, name: str) -> None:
    assert product(tmp_path, **{name: "changed"}) != product(tmp_path)


@pytest.mark.parametrize("name", ["ui/packs.py", "report/__pycache__/format.pyc"])
def test_a_changed_page_is_the_same_product(tmp_path: Path, name: str) -> None:
    assert product(tmp_path, **{name: "changed"}) == product(tmp_path)


def test_a_renamed_file_is_another_product(tmp_path: Path) -> None:
    before = product(tmp_path)
    (tmp_path / "report/format.py").rename(tmp_path / "report/form.py")
    assert product_hash.__wrapped__(tmp_path) != before
