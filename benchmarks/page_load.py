"""How many visitors one process bears: sessions that click once a second until the 95th percentile is too slow.

``python -m benchmarks.page_load URL SECONDS SESSIONS...`` prints a JSON line for each number of sessions. A process of
its own, so that what it costs to be many visitors is not charged to the server's.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median, quantiles

from benchmarks.page_client import Visitor

BOX = "choice_quarter"
RECENT = 8
ENOUGH = 0.5


async def clicks(visitor: Visitor, start: float, until: float) -> list[float]:
    """Seconds from each click to its end, a click a second; one that is due while the last still runs waits for it
    and its waiting counts."""
    taken, due, turn = [], start, 0
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        turn += 1
        await visitor.choose(BOX, visitor.options[BOX][turn % RECENT])
        taken.append(time.perf_counter() - due)
        due += 1.0
    return taken


@asynccontextmanager
async def crowd(url: str, sessions: int) -> AsyncIterator[list[Visitor]]:
    """So many visitors on the first page, who came one after the other."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Visitor(url)) for _ in range(sessions)]


async def burden(url: str, sessions: int, seconds: float) -> dict[str, float]:
    """Median and 95th percentile in seconds with so many sessions, whose clicks are spread evenly over the second."""
    async with crowd(url, sessions) as visitors:
        now = time.perf_counter() + 0.5
        found = await asyncio.gather(
            *(clicks(each, now + at / sessions, now + seconds) for at, each in enumerate(visitors))
        )
    taken = [each for some in found for each in some]
    return {"sessions": sessions, "clicks": len(taken), "p50": median(taken), "p95": quantiles(taken, n=20)[-1]}


def main(url: str, seconds: float, steps: Sequence[int]) -> None:
    """One step after the other until one is too slow."""
    for sessions in steps:
        found = asyncio.run(burden(url, sessions, seconds))
        print(json.dumps(found), flush=True)
        if found["p95"] > ENOUGH:
            break


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), [int(text) for text in sys.argv[3:]])
