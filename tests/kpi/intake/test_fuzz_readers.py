"""Damaged workbooks of every kind: reading ends in a workbook or in a refusal, and in nothing else.

A long run: ``FUZZ_EXAMPLES=100000 pytest tests/kpi/intake/test_fuzz_readers.py``.
"""

import os
import random
from collections.abc import Callable
from io import BytesIO

import olefile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.errors import Refused
from kpi.intake.readers import read_workbook
from tests.kpi.intake import files
from tests.kpi.intake.builders import workbook

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
Damage = Callable[[random.Random, bytes], bytes]
_TELLING = (b'"', b"<", b">", b"/", b"=", b"0", b"9999999", b"-1", b"A1", b"XFD1048576", b"&#0;", b"&x;", b"\0")
_TEXT = "KPI\tPlan\n标准保费\t12.5\n".encode("gb18030")
BOOKS = {kind: files.same_book(kind) for kind in files.KINDS} | {
    "text": _TEXT,
    "locked": files.locked(workbook(("KPI", 1)), "secret"),
    "formulas": files.xlsx(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f>1/2</f><v>0.5</v></c><c r="C1" t="e"><v>#N/A</v></c>'
        '</row><row r="3" hidden="1"><c r="A3" s="2"><v>45000</v></c>'
        '<c r="B3" t="inlineStr"><is><t>x</t></is></c></row>',
        head='<cols><col min="2" max="3" hidden="1"/></cols>',
        tail='<mergeCells><mergeCell ref="A3:B4"/></mergeCells>',
        shared="<si><r><t>ri</t></r><r><t>ch</t></r></si>",
        styles="0.0%|31",
    ),
}


def flipped(dice: random.Random, content: bytes) -> bytes:
    """Some bytes are others."""
    damaged = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 8))):
        if damaged:
            damaged[dice.randrange(len(damaged))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
    return bytes(damaged)


def cut(dice: random.Random, content: bytes) -> bytes:
    """The end, or a piece, is missing."""
    start = dice.randrange(len(content) + 1)
    return content[:start] + content[start + dice.choice((1, 4, 100, len(content))) :]


def spliced(dice: random.Random, content: bytes) -> bytes:
    """A piece stands elsewhere again, or a telling piece of text is put in or replaces another."""
    place, start = dice.randrange(len(content) + 1), dice.randrange(len(content) + 1)
    piece = dice.choice((content[start : start + dice.randrange(1, 200)], dice.choice(_TELLING), dice.choice(_TELLING)))
    return content[:place] + piece + content[place + dice.choice((0, len(piece))) :]


def in_words(dice: random.Random, content: bytes) -> bytes:
    """A small or a large number stands in a place of two or four bytes."""
    width = dice.choice((2, 4))
    if len(content) < width:
        return content
    place = dice.randrange(len(content) - width + 1)
    most = 256**width - 1
    number = dice.choice((0, 1, most, most // 2, most // 2 + 1, dice.randrange(most)))
    return content[:place] + number.to_bytes(width, "little") + content[place + width :]


ANY: tuple[Damage, ...] = (flipped, cut, spliced, in_words)


def in_a_part(dice: random.Random, content: bytes) -> bytes:
    """Damage inside a part of an archive, whose sums are right; or a part is missing, or is another."""
    parts = files.parts_of(content)
    name = dice.choice(list(parts))
    way = dice.randrange(12)
    if way == 0:
        del parts[name]
    elif way == 1:
        parts[name] = parts[dice.choice(list(parts))]
    else:
        for _ in range(dice.choice((1, 1, 3))):
            parts[name] = dice.choice(ANY)(dice, parts[name])
    return files.archive(parts)


def in_the_stream(dice: random.Random, content: bytes) -> bytes:
    """Damage inside the records of an xls, in a container that is whole."""
    with olefile.OleFileIO(BytesIO(content)) as container:
        stream = container.openstream("Workbook").read()
    start = content.find(stream[:64])
    damaged = bytearray(stream)
    for _ in range(dice.choice((1, 1, 3))):
        damaged = bytearray(dice.choice((flipped, in_words))(dice, bytes(damaged)))
    return content[:start] + bytes(damaged) + content[start + len(stream) :]


def damages(kind: str) -> tuple[Damage, ...]:
    """The ways of damaging a kind of file."""
    if kind in ("xlsx", "xlsb", "ods", "formulas"):
        return (*ANY, in_a_part, in_a_part, in_a_part)
    return (*ANY, in_the_stream, in_the_stream) if kind == "xls" else ANY


def read(content: bytes, name: str) -> None:
    """What is read can be looked at in full."""
    try:
        book = read_workbook(content, name, "secret")
    except Refused as refusal:
        told = [name in refusal.message.zh, name in refusal.message.en]
    else:
        told = [sheet.corners is not None for sheet in book.sheets]
        told += [bool(cell.address) for sheet in book.sheets for cell in sheet.cells.values()]
    assert all(told)


@pytest.mark.parametrize("kind", BOOKS)
@given(seed=st.integers(0, 2**40))
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow], database=None)
def test_damaged_workbooks_are_read_or_refused(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    read(dice.choice(damages(kind))(dice, BOOKS[kind]), f"{kind}.bin")
