"""The platform's traps: each has one place in the code where it is dealt with, and here what fails without that."""

import ast
import gc
import re
import time
import tomllib
import weakref
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.config import get_options_for_section
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec
from streamlit.testing.v1 import AppTest

from kpi.periods import Period
from kpi.scorecard.results import Window
from kpi.settings import ROOT
from kpi.store import Store
from tests.forecast.company import SCORECARD, install
from ui import alerts, data, memory
from ui.address import Address, Choices, read_address
from ui.components import downloads, dropzone
from ui.memory import Sweep
from ui.site import ICONS

pytestmark = pytest.mark.slow

CACHES = {"cache_resource", "cache_data", "kept"}
# What decides an answer: short, equal by value, alone or several of a kind. Never a frame, a panel or a view.
PLAIN = {"str", "int", "float", "bool", "Language", "Period", "Window", "Metric", "Side", "Key", "Sight", "Asked"}


@cache
def sources() -> dict[Path, ast.Module]:
    """Every file of the pages."""
    files = [*sorted((ROOT / "ui").rglob("*.py")), ROOT / "app.py"]
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call of the platform's functions of these names, and where it stands."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                yield f"{path.as_posix()}:{node.lineno}", node


def cached() -> Iterator[tuple[str, ast.FunctionDef, set[str | None]]]:
    """Each function whose answers are kept, where it stands, and what is said of the cache."""
    for path, tree in sources().items():
        for function in functions_of(tree):
            for how in function.decorator_list:
                called = how.func if isinstance(how, ast.Call) else how
                if ast.unparse(called).rpartition(".")[2] in CACHES:
                    yield f"{path.as_posix()}:{function.name}", function, names_of(how)


def functions_of(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def names_of(call: ast.expr) -> set[str | None]:
    return {word.arg for word in call.keywords} if isinstance(call, ast.Call) else set()


def arguments(function: ast.FunctionDef) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def kind_of(argument: ast.arg) -> str:
    """Its annotation; of several of a kind the kind."""
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    return re.sub(r"^(?:tuple\[(\w+), \.\.\.\]|frozenset\[(\w+)\])$", r"\1\2", annotation)


# Downloads: the platform tells files over 1 MiB apart by length, ends, middle and name alone.


def test_two_large_files_that_differ_in_one_digit_are_two_files() -> None:
    mine, hers = (b"0" * 500_000 + digit + b"0" * 2_000_000 for digit in (b"1", b"2"))

    def identity(content: bytes, name: str) -> str:
        return _calculate_file_id(content, downloads.MIME["csv"], name)

    assert identity(mine, "values.csv") == identity(hers, "values.csv"), "the trap is gone: downloads may be simpler"
    named = [downloads.file_name("values", "csv", content) for content in (mine, hers)]
    assert identity(mine, named[0]) != identity(hers, named[1])


def test_no_file_leaves_a_page_but_through_the_one_door() -> None:
    assert {place.partition(":")[0] for place, _ in calls("download_button")} == {"ui/components/downloads.py"}


def test_a_file_made_on_the_click_says_what_it_hangs_on() -> None:
    with pytest.raises(ValueError, match="hangs on"):
        downloads.offer("Values", lambda: b"1", "values", "csv", key="values")


# Caches: of large frames only a sample is hashed, what begins with _ is not looked at, and there is no end by itself.


def test_cached_answers_are_decided_by_short_plain_arguments_alone() -> None:
    odd = {
        f"{place}({argument.arg})"
        for place, function, _ in cached()
        for argument in arguments(function)
        if not argument.arg.startswith("_") and kind_of(argument) not in PLAIN
    }
    assert odd == set()


def test_what_the_platform_does_not_look_at_is_named_by_an_argument_that_it_does() -> None:
    nameless = {
        place
        for place, function, _ in cached()
        if any(argument.arg.startswith("_") for argument in arguments(function))
        and not any(argument.arg in {"key", "sight"} for argument in arguments(function))
    }
    assert nameless == set()


def test_every_cache_with_arguments_has_an_end() -> None:
    endless = {place for place, function, said in cached() if arguments(function) and "max_entries" not in said}
    assert endless == set()


def test_some_answers_are_kept() -> None:
    assert len(list(cached())) > 15, "the two tests above look at nothing"


# Links: a bound widget puts translated labels into the address.


def test_no_widget_writes_the_address_itself() -> None:
    bound = {place for place, call in calls(*vars(st)) if "bind" in names_of(call)}
    assert bound == set()


def test_a_link_made_on_a_chinese_page_opens_the_same_on_an_english_one() -> None:
    quarter = Period.parse("2026Q2")
    codes = {"org_unit": "beijing", "quarter": quarter, "window": Window.QUARTER, "kpi": "claims", "span": "2026"}
    choices = Choices("zh", ("beijing",), (quarter,), ("claims",), ("0123456789abcdef",))
    link = Address("zh", **codes).params()  # type: ignore[arg-type]
    opened, unknown = read_address(link | {"lang": "en"}, choices)
    assert (opened, unknown) == (Address("en", **codes), ())  # type: ignore[arg-type]
    assert all(re.fullmatch("[A-Za-z0-9_]+", code) for code in link.values())


# Uploads: the platform keeps the bytes until the session ends.


def test_a_dropped_workbook_is_not_kept_by_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    record = UploadedFileRec("1", "figures.xlsx", "application/zip", b"bytes")
    manager.add_file("session", record)
    state: dict[str, Any] = {}
    widgets: list[Any] = []
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "file_uploader", lambda *_args, **about: widgets.append(about))
    monkeypatch.setattr(dropzone, "get_script_run_ctx", lambda: type("Context", (), {"session_id": "session"}))
    monkeypatch.setattr(dropzone, "get_instance", lambda: type("Runtime", (), {"_uploaded_file_mgr": manager}))
    dropzone.dropzone(dropzone.DropWords("Drop", "help", "Choose", "or drop"), lambda _name, _content: None)
    state[widgets[0]["key"]] = UploadedFile(record, FileURLs())

    widgets[0]["on_change"]()

    assert manager.get_files("session", ["1"]) == []


def test_files_are_taken_in_at_one_place() -> None:
    doors = {place.partition(":")[0] for place, _ in calls("file_uploader", "camera_input", "audio_input")}
    assert doors == {"ui/components/dropzone.py"}


# Runs: each may be cut at any call of the platform, so a page that is drawn writes nothing and a write draws nothing.

SCRIPT = """
from pathlib import Path
exec(compile(Path({path!r}).read_text("utf-8"), {path!r}, "exec"), {{}})
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A company with one approved snapshot behind the pages."""
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_SCORECARD", SCORECARD)
    monkeypatch.setenv("SCORECAST_DEMO", "false")
    install(tmp_path)
    st.cache_resource.clear()
    alerts.rules()  # a store begins with some, whoever asks first
    yield data.store()
    data.store().close()
    st.cache_resource.clear()


def drawn(name: str) -> AppTest:
    page = AppTest.from_string(SCRIPT.format(path=str(ROOT / "ui" / "pages" / f"{name}.py")), default_timeout=60)
    page.run()
    assert not page.exception
    assert page.title
    return page


@pytest.mark.parametrize("name", ICONS)
def test_a_page_that_is_only_drawn_writes_nothing(store: Store, name: str) -> None:
    before = store.audit_entries()
    drawn(name)
    assert store.audit_entries() == before


def test_pages_open_no_transaction_themselves_so_none_can_be_cut() -> None:
    """The rooms that do know no platform: ``make check`` keeps it out of them."""
    assert list(calls("writing", "begin", "connect", "execute")) == []


def test_what_a_click_does_draws_nothing_between_its_writes() -> None:
    everywhere = [(path, function) for path, tree in sources().items() for function in functions_of(tree)]
    drawing = set()
    for path, tree in sources().items():
        for handler in handlers(tree):
            named = [each for each in everywhere if each[1].name == name_of(handler)]
            here = [each for each in named if each[0] == path]
            bodies: list[tuple[Path, ast.AST]] = [*(here or named)] or [(path, handler)]
            drawing |= {f"{place.as_posix()}:{line}" for place, body in bodies for line in drawing_lines(body)}
    assert drawing == set()


def name_of(handler: ast.expr) -> str:
    """Of a function that is named; nothing for a lambda."""
    return handler.attr if isinstance(handler, ast.Attribute) else handler.id if isinstance(handler, ast.Name) else ""


def drawing_lines(body: ast.AST) -> set[int]:
    """Where the platform is called, but for what it remembers."""
    called = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
    return {call.lineno for call in called if re.match(r"st\.(?!session_state|query_params)", ast.unparse(call.func))}


def handlers(tree: ast.Module) -> Iterator[ast.expr]:
    """What widgets are told to call."""
    for node in ast.walk(tree):
        for word in node.keywords if isinstance(node, ast.Call) else ():
            if word.arg in {"on_click", "on_change", "on_submit"} and not isinstance(word.value, ast.Constant):
                yield word.value


# Memory: after every run the platform would collect garbage, through all that is in memory and not frozen.


@pytest.fixture
def freezes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to memory, in order, and not done really: this process goes on."""
    done: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda *_: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(gc, "unfreeze", lambda: done.append("unfreeze"))
    return done


def test_what_a_server_starts_with_is_left_out_of_the_collection_of_garbage(store: Store, freezes: list[str]) -> None:
    data.prepare()
    last = ["unfreeze", "collect", "freeze"]
    assert freezes[-3:] == last, "garbage would stay for ever, or all would be looked through"


class Session:
    """What the platform holds of a visitor, in a ring of references as that is."""

    def __init__(self) -> None:
        self.itself = self


def test_a_visitor_who_was_there_when_memory_was_frozen_is_forgotten_at_the_next_freeze() -> None:
    session = Session()
    gone = weakref.ref(session)
    try:
        memory.freeze()
        del session
        gc.collect()
        assert gone() is not None, "the trap is gone: what is frozen is collected too"
        memory.freeze()
        assert gone() is None
    finally:
        gc.unfreeze()


def test_so_is_what_the_first_run_of_a_page_loads_and_only_the_first(store: Store, freezes: list[str]) -> None:
    page = AppTest.from_file(ROOT / "ui" / "entry" / "script.py", default_timeout=60)
    for _ in range(2):
        page.run()
        assert not page.exception
    assert freezes.count("freeze") == 1


def test_the_platform_does_not_collect_after_every_run() -> None:
    """The option is one of its hidden ones; without it, this test fails rather than the server in silence."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"] == {"postScriptGC": False}
    assert get_options_for_section("runner")["postScriptGC"] is False


def test_but_we_do_once_a_minute(freezes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 100.0, 159.0, 160.0, 160.0, 161.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    sweep = Sweep()
    for _ in range(4):
        sweep()
    assert freezes == ["collect", "collect"]


def test_every_run_of_a_page_asks_for_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(memory, "sweep", lambda: asked.append("sweep"))
    AppTest.from_file(ROOT / "ui" / "entry" / "script.py", default_timeout=60).run()
    assert asked == ["sweep"]


# Hosts: an icon of the platform's font as the page's own is fetched from a server outside.


def test_the_icon_of_the_page_is_a_file_of_ours() -> None:
    (call,) = [call for _, call in calls("set_page_config")]
    (icon,) = [word.value for word in call.keywords if word.arg == "page_icon"]
    assert ast.unparse(icon) == "str(STATIC / 'icon.png')"


def test_fonts_come_from_the_system_and_nothing_is_reported_home() -> None:
    """That no request leaves the machine is seen by the browser tests on every page."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert "://" not in str(settings["theme"])


# Words: an empty choice says "Choose an option" in English unless it is told otherwise.


def test_every_choice_has_its_own_words_for_none() -> None:
    silent = {place for place, call in calls("selectbox", "multiselect") if "placeholder" not in names_of(call)}
    assert silent == set()
