"""The exceptions that may leave the ``kpi`` package."""

from kpi.text import Language, Text


class ScorecastError(Exception):
    """Root of every error this product raises on purpose."""


class Refused(ScorecastError):
    """The input or the call can't be accepted; the message says where, why and what to do (exit code 2)."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message

    def in_(self, language: Language) -> str:
        """The message in ``language``."""
        return self.message.in_(language)


def refuse(zh: str, en: str) -> Refused:
    """A :class:`Refused` with its message in both languages."""
    return Refused(Text(zh=zh, en=en))
