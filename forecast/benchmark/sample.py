"""Which series of a panel stand for all of it. Needs nothing, so that every environment can choose alike."""

from collections.abc import Iterable


def sample(ids: Iterable[str], count: int | None) -> tuple[str, ...]:
    """``count`` of the distinct ids, evenly spread over their ascending order; all of them when there are no more.

    The same ids give the same sample whatever order they come in. Raises ValueError for a count under 1.
    """
    ordered = tuple(sorted(set(ids)))
    if count is None or count >= len(ordered):
        return ordered
    if count < 1:
        raise ValueError(f"a sample needs at least one series, not {count}")
    return tuple(ordered[index * len(ordered) // count] for index in range(count))
