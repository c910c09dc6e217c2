"""What a verification answers."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kpi.text import Text


class Verdict(StrEnum):
    """The four answers; only DIFFERENT says that something is wrong with the evidence."""

    EXACT = "EXACT"
    WITHIN_TOLERANCE = "WITHIN TOLERANCE"
    DIFFERENT = "DIFFERENT"
    CANNOT = "CANNOT"

    @property
    def exit_code(self) -> int:
        """0 for a number that came out again, 3 for a difference, 2 when it could not be tried."""
        return {Verdict.DIFFERENT: 3, Verdict.CANNOT: 2}.get(self, 0)

    @property
    def passed(self) -> bool:
        """Whether the numbers came out again."""
        return self.exit_code == 0


class Signed(BaseModel):
    """A signature that holds. ``key`` is the name of a key that is known here, empty for any other."""

    model_config = ConfigDict(frozen=True)

    file: str
    keyid: str
    key: str
    kind: str


class Verification(BaseModel):
    """The answer, in words and for programs.

    ``largest_difference`` is relative, over all published numbers. ``trained`` says whether the training was repeated,
    ``tried`` names each way in which the run was repeated, with its own verdict.
    """

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    message: Text
    run_id: str = ""
    manifest: str = ""
    differences: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    largest_difference: float | None = None
    digests: dict[str, str] = {}
    trained: bool = False
    signatures: tuple[Signed, ...] = ()
    tried: dict[str, Verdict] = {}


def different(differences: list[Text], run_id: str = "", notes: tuple[Text, ...] = ()) -> Verification:
    """Something of the evidence is not as it was."""
    message = Text(zh="不一致。", en="DIFFERENT.")
    return Verification(
        verdict=Verdict.DIFFERENT, message=message, run_id=run_id, differences=tuple(differences), notes=notes
    )


def cannot(message: Text, run_id: str = "") -> Verification:
    """Something is missing that a verdict needs."""
    return Verification(verdict=Verdict.CANNOT, message=message, run_id=run_id)
