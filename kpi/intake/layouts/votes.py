"""What the words of a column are: periods, scenarios, units, org units, measures, or names of something else."""

from kpi.intake.grid import Cell
from kpi.intake.layouts.meaning import Meaning, Vocabulary

MOSTLY = 0.5


def are_words(texts: list[Cell]) -> bool:
    """Whether texts are words rather than numbers of notes or rows: letters in most of them, hardly one twice."""
    worded = sum(any(sign.isalpha() for sign in cell.text) for cell in texts)
    return worded > 0 and worded >= len(texts) * MOSTLY and len({cell.text for cell in texts}) * 2 > len(texts)


def fits(role: str, meaning: Meaning) -> bool:
    """Whether what a word says is what a column of this role holds."""
    match role:
        case "period":
            return meaning.is_period
        case "scenario":
            return bool(meaning.scenario) and not meaning.measure and not meaning.rest
        case "unit":
            return meaning.unit is not None and meaning.measure is None and not meaning.rest
        case "org_unit":
            return bool(meaning.org_unit)
        case "measure":
            return meaning.measure is not None
    return False


def fit(role: str, texts: list[Cell], vocabulary: Vocabulary) -> float:
    """The share of different words that suit a role, totals aside."""
    meanings = [vocabulary.of_text(text) for text in {str(cell.content) for cell in texts}]
    meanings = [meaning for meaning in meanings if not meaning.total]
    return sum(fits(role, meaning) for meaning in meanings) / len(meanings) if meanings else 0.0


def voted(texts: list[Cell], vocabulary: Vocabulary) -> tuple[str, float]:
    """The role that the words of a column speak for and the share that does; ``text`` when none prevails."""
    shares = {role: fit(role, texts, vocabulary) for role in ("period", "scenario", "unit", "org_unit", "measure")}
    for role, enough in (("measure", 0.3), ("org_unit", 0.5), ("period", 0.7), ("scenario", 0.8), ("unit", 0.8)):
        if shares[role] >= enough and shares[role] == max(shares.values()):
            return role, shares[role]
    return "text", 0.0
