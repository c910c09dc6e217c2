"""How long work will still take, reckoned from how fast it has been lately."""

from collections import deque

from kpi.text import Text

_LEAP = 0.04
_AT_ONCE = 0.5


class Pace:
    """Reckons the seconds that are left from the shares done in the newest ``span`` seconds.

    What is done at once, as the part that a checkpoint holds already, says nothing of the pace and begins it anew.
    Times are seconds of any clock that only goes forward.
    """

    def __init__(self, span: float = 30.0) -> None:
        self.span = span
        self._seen: deque[tuple[float, float]] = deque()

    def left(self, now: float, share: float) -> float | None:
        """The seconds left when ``share`` (0 to 1) is done at ``now``; None as long as nothing can be said."""
        if self._seen and self._leaps(now, share):
            self._seen.clear()
        self._seen.append((now, share))
        while len(self._seen) > 2 and now - self._seen[1][0] >= self.span:
            self._seen.popleft()
        then, before = self._seen[0]
        if now - then < 1.0 or share <= before:
            return None
        return (1.0 - share) * (now - then) / (share - before)

    def _leaps(self, now: float, share: float) -> bool:
        then, before = self._seen[-1]
        return share < before or (share - before > _LEAP and now - then < _AT_ONCE)


def left_in_words(seconds: float) -> Text:
    """``about 25 s left``: no finer than such a reckoning is."""
    if seconds < 60:
        rough = max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)
        return Text(zh=f"约剩 {rough} 秒", en=f"about {rough} s left")
    minutes = round(seconds / 60)
    if minutes < 60:
        return Text(zh=f"约剩 {minutes} 分钟", en=f"about {minutes} min left")
    hours, minutes = divmod(minutes, 60)
    return Text(zh=f"约剩 {hours} 小时 {minutes} 分钟", en=f"about {hours} h {minutes} min left")
