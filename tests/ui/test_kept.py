from collections.abc import Iterator
from threading import Barrier, Event, Thread
from time import sleep

import pytest
import streamlit as st

from ui.kept import kept

ASKED: list[str] = []


@kept(max_entries=2)
def length(word: str) -> int:
    ASKED.append(word)
    return len(word)


@kept(max_entries=2)
def slow(word: str) -> int:
    sleep(0.05)
    return length(word)


BEGUN, GO_ON = Event(), Event()


@kept(max_entries=2)
def held_up(word: str) -> int:
    if word == "slow":
        BEGUN.set()
        assert GO_ON.wait(timeout=20)
    return length(word)


@kept(max_entries=2)
def strict(word: str) -> int:
    ASKED.append(word)
    raise ValueError(word)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    ASKED.clear()
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_an_answer_is_worked_out_once() -> None:
    assert [length("ab"), length("ab"), length("abc")] == [2, 2, 3]
    assert ASKED == ["ab", "abc"]


def test_the_answer_not_asked_for_longest_goes_when_there_is_no_more_room() -> None:
    for word in ("a", "bb", "a", "ccc", "a", "bb"):
        length(word)
    assert ASKED == ["a", "bb", "ccc", "bb"]


def test_who_asks_while_an_answer_is_made_waits_for_it() -> None:
    start = Barrier(4)

    def ask() -> None:
        start.wait()
        slow("a")

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ASKED == ["a"]


def test_an_answer_that_is_there_does_not_wait_for_another_that_is_being_made() -> None:
    BEGUN.clear()
    GO_ON.clear()
    held_up("ready")
    found: list[int] = []
    makers = [Thread(target=lambda: found.append(held_up("slow"))) for _ in range(2)]
    for maker in makers:
        maker.start()
    assert BEGUN.wait(timeout=20)

    reader = Thread(target=lambda: found.append(held_up("ready")), daemon=True)
    reader.start()
    reader.join(timeout=10)
    read_meanwhile = list(found)
    GO_ON.set()
    for thread in (*makers, reader):
        thread.join()

    assert read_meanwhile == [5]
    assert sorted(found) == [4, 4, 5]
    assert ASKED == ["ready", "slow"], "each is made once"


def test_a_refusal_is_not_kept() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            strict("a")
    assert ASKED == ["a", "a"]


def test_answers_are_forgotten_with_all_others_of_the_platform() -> None:
    length("a")
    st.cache_resource.clear()
    length("a")
    assert ASKED == ["a", "a"]
