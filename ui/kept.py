"""A cache for what pages ask for a hundred times a run: found again in microseconds, where the platform's own takes a
tenth of a millisecond to look at the arguments.

What decides an answer are all arguments, which are short and hash by value: ids, hashes and codes, never a frame or a
panel. Like the platform's own caches these are shared by all sessions, and emptied by ``st.cache_resource.clear``.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock, RLock
from typing import Generic, ParamSpec, TypeVar, cast

import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")


class _Answer(Generic[T]):
    """An answer, or the place where it is being made."""

    __slots__ = ("lock", "there", "value")
    value: T

    def __init__(self) -> None:
        self.there, self.lock = False, RLock()


class _Shelf(Generic[T]):
    """The answers of one function; whoever asks while one is made waits for it instead of making it too, and whoever
    asks for another does not wait."""

    def __init__(self, make: Callable[..., T], max_entries: int) -> None:
        self.make, self.most, self.lock = make, max_entries, Lock()
        self.answers: OrderedDict[Hashable, _Answer[T]] = OrderedDict()

    def find(self, args: tuple[Hashable, ...], kwargs: dict[str, Hashable]) -> T:
        """The answer for these arguments, made if it is not there."""
        key = (args, *kwargs.items()) if kwargs else args
        with self.lock:
            answer = self.answers.get(key)
            if answer is None:
                answer = self.answers[key] = _Answer()
                if len(self.answers) > self.most:
                    self.answers.popitem(last=False)
            else:
                self.answers.move_to_end(key)
        if not answer.there:
            self._make(key, answer, args, kwargs)
        return answer.value

    def _make(self, key: Hashable, answer: _Answer[T], args: tuple[Hashable, ...], kwargs: dict[str, Hashable]) -> None:
        with answer.lock:
            if answer.there:
                return
            try:
                answer.value = self.make(*args, **kwargs)
            except BaseException:
                with self.lock:
                    self.answers.pop(key, None)
                raise
            answer.there = True


@st.cache_resource(show_spinner=False)
def _shelves() -> dict[str, _Shelf[object]]:
    return {}


def kept(max_entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the answers of a function, at most ``max_entries``; the one not asked for longest goes first."""

    def around(make: Callable[P, T]) -> Callable[P, T]:
        name = f"{make.__module__}.{make.__qualname__}"

        def find(*args: P.args, **kwargs: P.kwargs) -> T:
            shelf = _shelves().get(name) or _shelves().setdefault(name, _Shelf(make, max_entries))
            return cast(T, shelf.find(args, kwargs))

        update_wrapper(find, make)
        return find

    return around
