"""The one way in which telling fails."""

from kpi.errors import Refused
from kpi.text import Text


class NotTaken(Refused):
    """The other side did not take a message; ``why`` names no secret and no address that may hold one."""

    def __init__(self, channel: Text, why: str) -> None:
        super().__init__(Text(zh=f"{channel.zh}没有送达：{why}。", en=f"{channel.en} was not delivered: {why}."))
        self.why = why
