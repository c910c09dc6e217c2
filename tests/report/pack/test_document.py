"""One content, one hash: what changes it and what does not."""

import hashlib
import json
from dataclasses import replace

from forecast.journal import Head
from forecast.series import Row
from kpi.periods import Period
from report.pack.document import Document
from report.pack.stamp import Stamp
from tests.forecast.builders import rows
from tests.report.pack.builders import HEAD, document, doubled, source


def test_the_hash_is_the_sha256_of_the_one_spelling() -> None:
    made = document()
    assert made.hash == hashlib.sha256(made.text).hexdigest()
    assert Document.model_validate_json(made.text) == made


def test_the_same_source_gives_the_same_bytes_in_whatever_order_its_facts_come() -> None:
    backwards: tuple[Row, ...] = tuple(reversed(rows()))
    assert document(of=source(facts=backwards)).text == document().text


def test_the_head_of_the_ledger_stands_beside_the_content_and_not_in_it() -> None:
    later = replace(source(), head=Head(8, "2026-12-01T00:00:00Z", "d" * 64))
    assert document(of=later).hash == document().hash


def test_language_pages_commentary_and_numbers_change_the_hash() -> None:
    earlier = replace(source(), quarter=Period.parse("2026Q2"))
    others = [
        document("zh"),
        document(pages=["cover", "overview"]),
        document(commentary={"overview": "We are late."}),
        document(of=source(facts=doubled("claims"))),
        document(of=source(run=False)),
        document(of=earlier),
    ]
    assert len({made.hash for made in [document(), *others]}) == len(others) + 1


def test_no_number_is_written_that_json_does_not_know() -> None:
    def refuse(text: str) -> float:
        raise AssertionError(text)

    json.loads(document().text, parse_constant=refuse)


def test_the_foot_names_snapshot_run_ledger_and_content() -> None:
    made = document()
    foot = Stamp(made.hash, HEAD).foot(made)
    assert "Snapshot #3 5555555555555555" in foot
    assert "Run abababababababab" in foot
    assert HEAD.printed in foot
    assert made.hash[:16] in foot
    assert "the ledger is empty" in Stamp(made.hash, None).foot(made)
