"""Databases that cannot be used are refused in words, in both languages, without a password in them."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kpi.errors import Refused
from kpi.store import open_store
from tests.kpi.store.builders import approve, fact, key

_NOBODY = 65534


def refusal(url: str) -> tuple[str, str]:
    """Chinese and English of the refusal to open ``url``."""
    with pytest.raises(Refused) as refused:
        open_store(url)
    return refused.value.message.zh, refused.value.message.en


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other accounts may enter; the account comes back to its own rights afterwards."""
    with tempfile.TemporaryDirectory(prefix="scorecast-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        before = os.geteuid()
        try:
            yield folder
        finally:
            os.seteuid(before)
            folder.chmod(0o755)


def give_up_root() -> None:
    """Root may write everywhere; from here on somebody who may not."""
    if os.geteuid() == 0:
        os.seteuid(_NOBODY)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be understood"),
        ("nonsense", "cannot be understood"),
        ("sqlite://", "cannot be understood"),
        ("sqlite:///:memory:", "cannot be understood"),
        ("mysql://root:geheim@host/db", "mysql is not supported"),
        ("sqlite+aiosqlite:///x", "sqlite+aiosqlite is not supported"),
    ],
)
def test_an_address_that_is_none_is_refused_with_what_to_write(url: str, says: str) -> None:
    zh, en = refusal(url)

    assert says in en
    assert "postgresql://" in en
    assert "postgresql://" in zh
    assert "geheim" not in zh + en


def test_a_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'a' / 'b' / 'scorecast.sqlite'}").close()

    assert (tmp_path / "a" / "b" / "scorecast.sqlite").is_file()


def test_a_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    zh, en = refusal(f"sqlite:///{tmp_path / 'file' / 'scorecast.sqlite'}")

    assert "cannot be written" in en
    assert "无法写入" in zh
    assert str(tmp_path / "file") in zh


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    zh, en = refusal(f"sqlite:///{tmp_path}")

    assert "SCORECAST_DATA_DIR" in en
    assert "无法写入" in zh


def test_a_folder_that_may_not_be_written_is_refused(public_folder: Path) -> None:
    public_folder.chmod(0o555)
    give_up_root()

    for place in (public_folder / "scorecast.sqlite", public_folder / "new" / "scorecast.sqlite"):
        zh, en = refusal(f"sqlite:///{place}")

        assert "cannot be written" in en
        assert "无法写入" in zh
        assert str(public_folder) in en


def test_a_database_that_may_not_be_written_is_refused(public_folder: Path) -> None:
    place = public_folder / "scorecast.sqlite"
    open_store(f"sqlite:///{place}").close()
    place.chmod(0o444)
    public_folder.chmod(0o555)
    give_up_root()

    zh, en = refusal(f"sqlite:///{place}")

    assert "cannot be written" in en
    assert "无法写入" in zh


def test_a_database_that_becomes_read_only_refuses_the_write_and_keeps_its_content(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")
    approve(store, fact(key(), 1))

    with store.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    with pytest.raises(Refused, match="cannot be written"):
        store.audit("li", "export", "all")

    assert len(store.snapshot_rows(1)) == 1
    store.close()


@pytest.mark.parametrize("content", [b"hello, this is a text and no database at all", b"PK\x03\x04" * 300])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "notes.txt"
    place.write_bytes(content)

    zh, en = refusal(f"sqlite:///{place}")

    assert "not an SQLite database" in en
    assert "不是 SQLite 数据库" in zh
    assert place.read_bytes() == content


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "scorecast.sqlite"
    open_store(f"sqlite:///{place}").close()
    content = bytearray(place.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    place.write_bytes(content)

    assert "damaged" in refusal(f"sqlite:///{place}")[1]


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_refused_without_the_password() -> None:
    zh, en = refusal("postgresql://li:geheim@127.0.0.1:1/scorecast")

    assert "whether the server runs" in en
    assert "服务器是否运行" in zh
    assert "geheim" not in zh + en
    assert "li:***@127.0.0.1" in en


@pytest.mark.postgres
def test_a_database_that_is_not_on_the_server_is_refused(postgresql_url: str) -> None:
    assert "does not exist" in refusal(postgresql_url + "_other")[1]


@pytest.mark.postgres
def test_all_usual_spellings_of_a_postgresql_address_open_it(postgresql_url: str) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        open_store(postgresql_url.replace("postgresql", scheme, 1)).close()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "setting",
    ["ALTER ROLE reader SET default_transaction_read_only = on", "REVOKE CREATE ON SCHEMA public FROM reader, public"],
)
def test_an_account_without_rights_is_refused(postgresql_url: str, setting: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute(setting.encode())

    zh, en = refusal(postgresql_url.replace("postgres@", "reader@"))

    assert "the database account may not do this" in en
    assert "数据库账户权限不足" in zh


@pytest.mark.postgres
def test_a_lost_connection_is_refused_and_the_next_call_works_again(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"

    def write() -> None:
        with store.writing("li") as actor:
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute(end_all, [postgresql_url.rpartition("/")[2]])
            actor.log("export", "all")

    with pytest.raises(Refused, match="cannot be used"):
        write()

    store.audit("li", "export", "again")
    assert [entry.subject for entry in store.audit_entries()] == ["again"]
    store.close()
