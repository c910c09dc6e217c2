"""``python -m report pack`` as people and schedulers call it."""

import hashlib
import json
from pathlib import Path

import pytest

from kpi.errors import Refused
from report.commands import main
from report.pack.files import FORMATS, write
from tests.report.pack.company import RUN_ID, Company, company

pytestmark = pytest.mark.slow


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company that the command finds by its settings."""
    found = company(tmp_path / "data")
    for name, value in {"DATA_DIR": str(found.data_dir), "SCORECARD": "finance_ministry", "LANGUAGE": "en"}.items():
        monkeypatch.setenv(f"SCORECAST_{name}", value)
    return found


def test_a_pack_is_one_document_on_standard_output_and_files_with_their_sums(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = tmp_path / "said.yaml"
    said.write_text("overview: {zh: 好, en: Good}\n", encoding="utf-8")
    out = tmp_path / "new" / "folder"
    options = ["--format", "html,json", "--pages", "cover,overview", "--commentary", str(said), "--lang", "zh"]
    assert main(["pack", *options, "--out", str(out), "--json"]) == 0

    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["run_id"], told["snapshot_id"], told["pages"]) == (RUN_ID, 1, ["cover", "overview"])
    by_format = {each["format"]: Path(each["path"]) for each in told["files"]}
    assert sorted(out.iterdir()) == sorted(by_format.values())
    for each in told["files"]:
        assert hashlib.sha256(Path(each["path"]).read_bytes()).hexdigest() == each["sha256"]
    assert hashlib.sha256(by_format["json"].read_bytes()).hexdigest() == told["content_hash"]
    assert "好" in by_format["html"].read_text(encoding="utf-8")
    assert "99% writing the files" in printed.err, "the last moment to cancel"
    assert "100% done" in printed.err
    store = made.store()
    entry = store.audit_entries()[-1]
    store.close()
    assert (entry.action, told["content_hash"] in entry.detail) == ("report.exported", True)


def test_kpis_without_any_number_have_their_pages_too(made: Company, tmp_path: Path) -> None:
    assert made.run.run_id == RUN_ID
    assert main(["pack", "--format", "html,xlsx,pptx", "--out", str(tmp_path / "o")]) == 0
    html = next((tmp_path / "o").glob("*.html")).read_text(encoding="utf-8")
    pages = html.split('<section class="page')[1:]
    empty = [page for page in pages if 'id="page-social_security_premium_growth"' in page]
    assert len(empty) == 1
    assert "No data" in empty[0]
    assert "<table" not in empty[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "doc"], "there is no format doc"),
        (["--pages", "moon"], "there is no page moon"),
        (["--run", "zz"], "Finished runs"),
        (["--org-unit", "mars"], "there is no org unit mars"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_leaves_no_file(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert made.run.run_id == RUN_ID
    assert (
        main(
            [
                "pack",
                *(["--format", "html"] if "--format" not in options else []),
                *options,
                "--out",
                str(tmp_path / "o"),
            ]
        )
        == 2
    )
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.out == ""
    assert not (tmp_path / "o").exists()


def test_a_place_for_the_files_that_is_no_folder_is_refused_and_nothing_is_logged(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "o"
    taken.write_text("a letter")
    assert main(["pack", "--format", "html", "--pages", "cover", "--out", str(taken)]) == 2
    assert str(taken) in capsys.readouterr().err
    assert taken.read_text() == "a letter"
    store = made.store()
    assert "report.exported" not in [entry.action for entry in store.audit_entries()]
    store.close()


def test_files_whose_export_cannot_be_logged_are_not_left_behind(tmp_path: Path) -> None:
    def log() -> None:
        raise RuntimeError("the store is gone")

    with pytest.raises(RuntimeError, match="the store is gone"):
        write(tmp_path / "o", "pack", {"html": b"h", "json": b"j"}, log)
    assert list((tmp_path / "o").iterdir()) == []


def test_a_folder_in_the_place_of_one_file_leaves_none_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "pack.json").mkdir()
    logged: list[str] = []
    with pytest.raises(Refused, match=r"pack\.json"):
        write(tmp_path, "pack", {"html": b"h", "json": b"j"}, lambda: logged.append("exported"))
    assert [path.name for path in tmp_path.iterdir()] == ["pack.json"]
    assert logged == []


def test_commentary_on_a_page_that_is_not_chosen_is_refused_rather_than_lost(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = made.data_dir / "said.yaml"
    said.write_text("landings: Late.\n", encoding="utf-8")
    arguments = [
        "pack",
        "--format",
        "html",
        "--pages",
        "cover",
        "--commentary",
        str(said),
        "--out",
        str(tmp_path / "o"),
    ]
    assert main(arguments) == 2
    assert "landings" in capsys.readouterr().err


def test_a_ledger_that_does_not_hold_ends_with_3(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made.forge()
    assert main(["pack", "--format", "html", "--out", str(tmp_path / "o")]) == 3
    assert "the ledger was rewritten" in capsys.readouterr().err


@pytest.mark.slow
def test_two_fresh_processes_give_the_same_bytes_whatever_surrounds_them(tmp_path: Path) -> None:
    """Other hash seeds, time zones, locales and folders; the order of formats too."""
    made = company(tmp_path / "data")
    names = ",".join(FORMATS)
    turned = ",".join(reversed(FORMATS))
    first = made.report(
        *("pack", "--lang", "zh", "--format", names, "--out", str(tmp_path / "a"), "--json"),
        **{"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    )
    second = made.report(
        *("pack", "--lang", "zh", "--format", turned, "--out", str(tmp_path / "b"), "--json"),
        **{"PYTHONHASHSEED": "99", "TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "zh_CN"},
    )
    assert (first.code, second.code) == (0, 0), first.err + second.err
    sums = [{each["format"]: each["sha256"] for each in done.json["files"]} for done in (first, second)]
    assert sums[0] == sums[1]
    assert set(sums[0]) == set(FORMATS)
    assert first.json["content_hash"] == second.json["content_hash"] == sums[0]["json"]


@pytest.mark.slow
@pytest.mark.parametrize("fonts", ["no font at all", "fonts without Chinese"])
def test_a_machine_without_fonts_refuses_a_pdf_and_says_what_to_install(tmp_path: Path, fonts: str) -> None:
    made, folder = company(tmp_path / "data"), tmp_path / "fonts"
    folder.mkdir()
    latin = sorted(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    if fonts == "fonts without Chinese":
        if not latin:
            pytest.skip("no Latin font of a known name here")
        (folder / "latin.ttf").symlink_to(latin[0])
    where = tmp_path / "fonts.conf"
    where.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{folder}</dir>'
        f"<cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    done = made.report(
        *("pack", "--lang", "zh", "--format", "pdf", "--pages", "cover", "--out", str(tmp_path / "o")),
        FONTCONFIG_FILE=str(where),
    )
    assert done.code == 2, done.err
    assert "fonts-noto-cjk" in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "o").exists()
