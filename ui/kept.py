"""A cache for what pages ask for a hundred times a run: found again in microseconds, where the platform's own takes a
tenth of a millisecond to look at the arguments.

What decides an answer are all arguments, which are short and hash by value: ids, hashes and codes, never a frame or a
panel. Like the platform's own caches these are shared by all sessions, and emptied by ``st.cache_resource.clear``.
"""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from threading import RLock
from typing import Generic, ParamSpec, TypeVar, cast

import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")


class _Shelf(Generic[T]):
    """The answers of one function; whoever asks while one is made waits for it instead of making it too."""

    def __init__(self, make: Callable[..., T], max_entries: int) -> None:
        self.answer = lru_cache(maxsize=max_entries)(make)
        self.lock = RLock()


@st.cache_resource(show_spinner=False)
def _shelves() -> dict[str, _Shelf[object]]:
    return {}


def kept(max_entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the answers of a function, at most ``max_entries``; the one not asked for longest goes first."""

    def around(make: Callable[P, T]) -> Callable[P, T]:
        name = f"{make.__module__}.{make.__qualname__}"

        def find(*args: P.args, **kwargs: P.kwargs) -> T:
            shelf = _shelves().get(name) or _shelves().setdefault(name, _Shelf(make, max_entries))
            with shelf.lock:
                return cast(T, shelf.answer(*args, **kwargs))  # type: ignore[arg-type]  # all hash, or it raises

        update_wrapper(find, make)
        return find

    return around
