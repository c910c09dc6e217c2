"""What one worker of several has to ask the others, so that their sums meet on one grid."""

from typing import Protocol

from torch import Tensor


class Workers(Protocol):
    """The workers that share each batch. Each computes some of its rows; all hold the same parameters.

    ``rank`` is this worker's number, from 0.
    """

    rank: int

    def share(self, batch: int) -> slice:
        """Which of the ``batch`` rows of the next step are this worker's."""

    def rows(self, mine: int) -> int:
        """How many rows the whole batch has where this worker has ``mine`` (a multiple of its share)."""

    def maximum(self, largest: Tensor) -> Tensor:
        """The largest over all workers, element by element."""

    def total(self, values: Tensor) -> Tensor:
        """The sum over all workers, element by element; exact when all are on one grid with room for the sum."""


class Alone:
    """One worker with the whole batch."""

    rank = 0

    def share(self, batch: int) -> slice:
        """All of them."""
        return slice(0, batch)

    def rows(self, mine: int) -> int:
        """All rows are this worker's."""
        return mine

    def maximum(self, largest: Tensor) -> Tensor:
        """Nobody has a larger one."""
        return largest

    def total(self, values: Tensor) -> Tensor:
        """Nobody adds to it."""
        return values


ALONE = Alone()
