"""Files made to hurt: each is refused in words before it does."""

import time
import zipfile
from hashlib import md5
from io import BytesIO

import msoffcrypto
import pytest
import xlwt
from msoffcrypto.method.rc4 import DocumentRC4

from kpi.errors import Refused
from kpi.intake.readers import PasswordNeeded, limits, read_workbook, unlocked
from kpi.intake.readers.archive import Archive
from tests.kpi.intake import files
from tests.kpi.intake.builders import DEMO
from tests.kpi.intake.files import archive, parts_of, same_book

SHEET = "xl/worksheets/sheet1.xml"


def changed(content: bytes, **parts: bytes) -> bytes:
    """The archive with parts replaced; ``__`` in a name stands for a slash, ``_dot_`` for a dot."""
    return archive(
        parts_of(content) | {key.replace("__", "/").replace("_dot_", "."): new for key, new in parts.items()}
    )


def test_a_part_packed_too_tightly_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(parts_of(same_book("xlsx")) | {"xl/sharedStrings.xml": b" " * 60_000_000})
    started = time.monotonic()

    with pytest.raises(Refused, match="unpacks to more than"):
        read_workbook(bomb, "a.xlsx")
    assert time.monotonic() - started < 1


def test_a_part_longer_than_it_says_is_refused() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts_of(same_book("xlsx")).items():
            packed.writestr(name, part)
    content = bytearray(buffer.getvalue())
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")

    with pytest.raises(Refused, match="longer than it says"):
        read_workbook(bytes(content), "a.xlsx")


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n, n - 1, n - 1) for n in range(1, 30))
    + b"]>"
)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "_rels/.rels", "xl/sharedStrings.xml"])
def test_entities_are_refused_in_every_part_that_is_read(part: str) -> None:
    content = files.xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')
    parts = parts_of(content)
    parts[part] = LAUGHS + parts[part]

    with pytest.raises(Refused, match="DOCTYPE"):
        read_workbook(archive(parts), "a.xlsx")


def test_entities_are_refused_in_ods() -> None:
    parts = parts_of(same_book("ods"))
    parts["content.xml"] = LAUGHS + parts["content.xml"].partition(b"?>")[2]

    with pytest.raises(Refused, match="DOCTYPE"):
        read_workbook(archive(parts), "a.ods")


def test_xml_in_another_encoding_and_xml_nested_too_deeply_are_refused() -> None:
    parts = parts_of(same_book("xlsx"))
    wide = parts["xl/workbook.xml"].decode().encode("utf-16")
    deep = b"<styleSheet>" + b"<a>" * 200 + b"</a>" * 200 + b"</styleSheet>"
    for name, part in (("xl/workbook.xml", wide), ("xl/styles.xml", deep)):
        with pytest.raises(Refused, match="damaged"):
            read_workbook(archive(parts | {name: part}), "a.xlsx")


def test_a_vast_range_filled_in_ods_and_xlsb_is_refused_at_once() -> None:
    table = parts_of(same_book("ods"))["content.xml"].replace(
        b'table:number-columns-repeated="16384"',
        b'table:number-columns-repeated="16384" office:value-type="float" office:value="1"',
    )
    assert table.count(b'office:value="1"') == 1
    started = time.monotonic()

    with pytest.raises(Refused, match="vast an area"):
        read_workbook(changed(same_book("ods"), content_dot_xml=table), "a.ods")
    sheet = files.xlsb_sheet(
        *(files.record(0, row.to_bytes(4, "little") + bytes(13)) + _number(16_383) for row in (0, 1_048_575))
    )
    with pytest.raises(Refused, match="vast an area"):
        read_workbook(archive(parts_of(same_book("xlsb")) | {"xl/worksheets/sheet1.bin": sheet}), "a.xlsb")
    assert time.monotonic() - started < 1


def test_a_column_that_no_sheet_has_is_refused() -> None:
    sheet = files.xlsb_sheet(files.record(0, bytes(17)) + _number(20_000))
    with pytest.raises(Refused, match="vast an area"):
        read_workbook(archive(parts_of(same_book("xlsb")) | {"xl/worksheets/sheet1.bin": sheet}), "a.xlsb")


def test_a_vast_extent_claimed_by_an_xls_is_refused_before_room_is_made_for_it() -> None:
    content = same_book("xls")
    place = content.index(b"\x00\x02\x0e\x00")
    for claim in (b"\0\0\0\0\0\0\0\x80\0\0\xff\0", b"\0\0\0\x80\5\0\0\0\0\0\5\0"):
        with pytest.raises(Refused, match="claims an extent"):
            read_workbook(content[: place + 4] + claim + content[place + 16 :], "a.xls")


def _number(column: int) -> bytes:
    return files.record(5, column.to_bytes(4, "little") + bytes(12))


def test_a_vast_merged_area_matters_only_where_cells_are() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    tail = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    sheet = read_workbook(files.xlsx(row, tail=tail), "a.xlsx").sheets[0]

    assert sheet.corners == {(1, 1): (1, 1)}
    with pytest.raises(Refused, match="merges more than"):
        read_workbook(files.xlsx(row.replace('r="A1"', ""), tail=tail), "a.xlsx")


def test_merged_areas_beyond_measure_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MERGED", 3)

    for kind in files.KINDS:
        with pytest.raises(Refused, match="merges more than 3"):
            read_workbook(same_book(kind), "a")


@pytest.mark.parametrize(
    ("limit", "value"),
    [("MOST_BYTES", 1000), ("MOST_UNPACKED", 1000), ("MOST_PARTS", 3), ("MOST_SHEETS", 1), ("MOST_AREA", 3)],
)
def test_each_limit_is_kept_and_named(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, limit, value)
    monkeypatch.setattr(limits, "MOST_SCATTERED", 3)

    with pytest.raises(Refused) as refusal:
        read_workbook(same_book("xlsx"), "a.xlsx")
    assert "a.xlsx" in refusal.value.message.zh


def test_archives_of_workbooks_and_documents_are_named() -> None:
    for name, word in (("a.xlsx", "an archive"), ("word/document.xml", "text document"), ("Index/a.iwa", "Numbers")):
        with pytest.raises(Refused, match=word):
            read_workbook(archive({name: same_book("xlsx")}), "a.zip")


def test_links_out_of_the_workbook_are_not_followed() -> None:
    parts = parts_of(same_book("xlsx"))
    rels = parts["xl/_rels/workbook.xml.rels"]
    outside = (
        b'<Relationship Id="rId99" TargetMode="External" Target="http://127.0.0.1:9/a.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    parts["xl/_rels/workbook.xml.rels"] = rels.replace(b"</Relationships>", outside)

    assert len(read_workbook(archive(parts), "a.xlsx").sheets) == 2


def test_macros_are_not_looked_at() -> None:
    content = archive(parts_of(same_book("xlsx")) | {"xl/vbaProject.bin": b"Auto_Open"})

    assert read_workbook(content, "a.xlsm").sheets == read_workbook(same_book("xlsx"), "a.xlsx").sheets


def test_an_encrypted_workbook_opens_with_its_password_and_only_with_it() -> None:
    content = files.locked(same_book("xlsx"), "秘密 7")

    with pytest.raises(PasswordNeeded, match="protected by a password"):
        read_workbook(content, "a.xlsx")
    with pytest.raises(Refused, match="The password of") as refusal:
        read_workbook(content, "a.xlsx", "秘密7")
    assert not isinstance(refusal.value, PasswordNeeded)
    assert read_workbook(content, "a.xlsx", "秘密 7").sheets == read_workbook(same_book("xlsx"), "a.xlsx").sheets
    assert unlocked(content, "a.xlsx", "秘密 7") == same_book("xlsx")


def test_a_workbook_that_is_only_protected_against_changes_opens_without_a_password() -> None:
    content = files.locked(same_book("xlsx"), "VelvetSweatshop")

    assert unlocked(content, "a.xlsx") == same_book("xlsx")


def test_an_encrypted_xls_asks_for_its_password() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    sheet.write(0, 0, 0.85, xlwt.easyxf(num_format_str="0%"))
    sheet.write(0, 1, "even")  # the stream ends with a whole record
    plain = files.saved(book)
    content = locked_xls(plain, "secret")

    with pytest.raises(PasswordNeeded):
        read_workbook(content, "a.xls")
    with pytest.raises(Refused, match="The password of"):
        read_workbook(content, "a.xls", "Secret")
    assert read_workbook(content, "a.xls", "secret").sheets == read_workbook(plain, "a.xls").sheets


def locked_xls(content: bytes, password: str) -> bytes:
    """An xls encrypted with RC4, whose key stream is the same both ways; its writer's name gives way to it."""
    salt, verifier = bytes(range(16)), bytes(16)
    proof = verifier + md5(verifier).digest()
    check = DocumentRC4.decrypt(password, salt, BytesIO(proof), 512).read()
    opening: bytes = b"\x2f\x00\x70\x00" + b"\x01\x00\x01\x00\x01\x00" + (salt + check).ljust(106, b"\0")
    place = content.index(b"\x5c\x00\x70\x00")
    office = msoffcrypto.OfficeFile(BytesIO(content[:place] + opening + content[place + 116 :]))
    office.load_key(password)
    turned = BytesIO()
    office.decrypt(turned)
    found: bytes = turned.getvalue()
    return found[:place] + opening + found[place + 116 :]


def test_a_password_for_a_workbook_without_one_is_no_matter() -> None:
    for kind in files.KINDS:
        assert unlocked(same_book(kind), "a", "secret") == same_book(kind)


def test_an_ods_behind_a_password_is_refused_in_words() -> None:
    parts = parts_of(same_book("ods"))
    parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(
        b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"
    )

    with pytest.raises(Refused, match="ods file behind a password"):
        read_workbook(archive(parts), "a.ods")


def test_no_demo_workbook_comes_near_a_limit() -> None:
    for path in DEMO.glob("*.xlsx"):
        opened = Archive(path.read_bytes(), path.name)
        assert sum(opened.size(name) for name in opened.names) * 50 < limits.MOST_UNPACKED
