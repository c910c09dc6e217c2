import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kpi.text import Text
from ui.passports import Fallback, read_passport_page

MANIFEST: dict[str, Any] = {
    "device": {"name": "cpu", "reason": "no accelerator", "reason_zh": "没有加速卡"},
    "training": {
        "methods": {"network": 7, "last_value": 1},
        "not_by_network": [
            {
                "component": "claims",
                "org_unit": "beijing",
                "method": "last_value",
                "reason": {"zh": "历史太短", "en": "too short a history"},
            }
        ],
    },
}


def passport(folder: Path, content: str, name: str = "manifest.json", compression: int = zipfile.ZIP_STORED) -> Path:
    path = folder / "passport.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr(name, content)
    return path


def test_the_page_says_device_methods_and_what_the_network_left_out(tmp_path: Path) -> None:
    page = read_passport_page(passport(tmp_path, json.dumps(MANIFEST)))
    assert page is not None
    assert (page.device, page.device_reason) == ("cpu", Text(zh="没有加速卡", en="no accelerator"))
    assert page.methods == {"network": 7, "last_value": 1}
    short = Text(zh="历史太短", en="too short a history")
    assert page.fallbacks == (Fallback(component="claims", org_unit="beijing", method="last_value", reason=short),)


@pytest.mark.parametrize("missing", ["device", "training"])
def test_a_passport_without_a_part_has_no_page(tmp_path: Path, missing: str) -> None:
    less = {name: part for name, part in MANIFEST.items() if name != missing}
    assert read_passport_page(passport(tmp_path, json.dumps(less))) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', '{"device": 1, "training": 2}'])
def test_a_manifest_that_is_none_has_no_page(tmp_path: Path, content: str) -> None:
    assert read_passport_page(passport(tmp_path, content)) is None


def test_a_zip_that_is_no_passport_has_no_page(tmp_path: Path) -> None:
    assert read_passport_page(passport(tmp_path, "{}", name="readme.txt")) is None


def test_a_passport_cut_short_or_gone_has_no_page(tmp_path: Path) -> None:
    path = passport(tmp_path, json.dumps(MANIFEST))
    path.write_bytes(path.read_bytes()[:-40])
    assert read_passport_page(path) is None
    assert read_passport_page(tmp_path / "gone.zip") is None
    assert read_passport_page(tmp_path) is None


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("mask", [0x01, 0x55, 0xFF])
def test_a_passport_with_a_flipped_byte_has_no_page_or_the_right_one(
    tmp_path: Path, compression: int, mask: int
) -> None:
    """A length or a flag that lies made the reader fail with errors that are not its own."""
    path = passport(tmp_path, json.dumps(MANIFEST), compression=compression)
    whole, right = path.read_bytes(), read_passport_page(path)
    assert right is not None
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
        assert read_passport_page(path) in (None, right), at
