"""What is wrong with a file: all of it is looked for, the first of each are told, the rest are counted."""

from typing import Final

from kpi.errors import Refused
from kpi.text import Text

TOLD: Final = 20


class Problems:
    """The problems found so far; only :data:`TOLD` of them are kept."""

    def __init__(self) -> None:
        self.told: list[Text] = []
        self.count = 0

    @property
    def room(self) -> int:
        """How many more would be told."""
        return TOLD - len(self.told)

    def add(self, zh: str, en: str) -> None:
        """One more."""
        self.count += 1
        if self.room > 0:
            self.told.append(Text(zh=zh, en=en))

    def add_untold(self, count: int) -> None:
        """So many more, which nobody needs to have put in words: there is no room for them."""
        self.count += count

    def refuse_if_any(self) -> None:
        """Raises Refused with one problem a line."""
        if not self.count:
            return
        lines = list(self.told)
        rest = self.count - len(lines)
        if rest:
            lines.append(Text(zh=f"另有 {rest} 个问题未列出。", en=f"and {rest} more problems that are not listed."))
        raise Refused(Text(zh="\n".join(line.zh for line in lines), en="\n".join(line.en for line in lines)))
