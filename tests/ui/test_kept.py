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
def patient(word: str) -> int:
    ASKED.append(word)
    if word == "slow":
        BEGUN.set()
        GO_ON.wait(10)
    return len(word)


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


def test_who_asks_for_an_answer_that_is_there_does_not_wait_for_another() -> None:
    patient("quick")
    threads = [Thread(target=patient, args=("slow",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert BEGUN.wait(10)
    assert patient("quick") == 5, "it would wait for ever"
    assert not GO_ON.is_set()
    GO_ON.set()
    for thread in threads:
        thread.join()
    assert ASKED == ["quick", "slow"]


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
