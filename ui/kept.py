"""A cache for what pages ask for a hundred times a run: found again in microseconds, where the platform's own takes a
tenth of a millisecond to look at the arguments.

What decides an answer are all arguments, which are short and hash by value: ids, hashes and codes, never a frame or a
panel. Like the platform's own caches these are shared by all sessions, and emptied by ``st.cache_resource.clear``.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from threading import Lock, RLock
from typing import ParamSpec, TypeVar, cast

import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")


class _Place:
    """Where one answer stands; whoever asks while it is made waits for it instead of making it too."""

    __slots__ = ("answer", "lock", "made")

    def __init__(self) -> None:
        self.answer: object = None
        self.made = False
        self.lock = RLock()


class _Shelf:
    """The places of one function's answers. Its lock is held only to find a place, so that an answer that is there
    never waits for another that is being made."""

    def __init__(self, max_entries: int) -> None:
        self.lock = Lock()
        self.place = lru_cache(maxsize=max_entries)(_new_place)


def _new_place(*_args: Hashable, **_kwargs: Hashable) -> _Place:
    return _Place()


@st.cache_resource(show_spinner=False)
def _shelves() -> dict[str, _Shelf]:
    return {}


def kept(max_entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the answers of a function, at most ``max_entries``; the one not asked for longest goes first."""

    def around(make: Callable[P, T]) -> Callable[P, T]:
        name = f"{make.__module__}.{make.__qualname__}"

        def find(*args: P.args, **kwargs: P.kwargs) -> T:
            shelf = _shelves().get(name) or _shelves().setdefault(name, _Shelf(max_entries))
            with shelf.lock:
                place = shelf.place(*args, **kwargs)  # type: ignore[arg-type]  # all hash, or it raises
            if not place.made:
                with place.lock:
                    if not place.made:
                        place.answer = make(*args, **kwargs)
                        place.made = True
            return cast(T, place.answer)

        update_wrapper(find, make)
        return find

    return around
