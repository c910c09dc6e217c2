"""What people say on the pages of a pack, by page: free text, never markup."""

from collections.abc import Collection
from pathlib import Path

from kpi.text import LANGUAGES, Language
from kpi.yaml_lines import Document, read_document
from report.pack.signs import fit

LONGEST = 6000
"""Characters of one page's commentary: about a printed page."""


def clean(text: str) -> str:
    """``text`` as a document can hold it, without blanks around it."""
    return fit(text).strip()


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a commentary that say something."""
    return tuple(line.strip() for line in clean(text).split("\n") if line.strip())


def read_commentary(path: Path, pages: Collection[str], language: Language) -> dict[str, str]:
    """The commentary of a YAML or JSON file: page by page a text, or one for each language as ``{zh: ..., en: ...}``.

    Raises Refused naming file and line for a page or language that there is not, for what is no text or too long, and
    where texts stand by language but none in ``language``: nothing said on purpose is an empty text.
    """
    document = read_document(path)
    content = document.content
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise document.refusal((), "应为“页面: 文字”的列表", "should be lines of the form `page: text`")
    return {page: _said(document, page, said, pages, language) for page, said in content.items()}


def _said(document: Document, page: str, said: object, pages: Collection[str], language: Language) -> str:
    if page not in pages:
        have = ", ".join(pages)
        raise document.refusal(
            (page,), f"没有页面“{page}”，可选：{have}", f"there is no page {page!r}; there are: {have}"
        )
    if not isinstance(said, dict):
        return _text(document, (page,), said)
    texts = {code: _text(document, (page, code), text) for code, text in said.items()}
    for code in texts:
        if code not in LANGUAGES:
            raise document.refusal(
                (page, code),
                f"“{page}”下有“{code}”，语言只有 zh 和 en",
                f"{page!r} has a text in {code!r}; languages are zh and en",
            )
    if language not in texts:
        raise document.refusal(
            (page,),
            f'“{page}”没有 {language} 的文字：请补上；若有意不写，请写 {language}: ""',
            f'{page!r} has no text in {language}, the language of the pack: add it, or {language}: "" to say nothing',
        )
    return texts[language]


def _text(document: Document, at: tuple[str, ...], said: object) -> str:
    page = at[0]
    if said is None:
        return ""
    if not isinstance(said, str):
        raise document.refusal(
            at, f"“{page}”应是一段文字，或 zh、en 各一段", f"{page!r} should be a text, or one each for zh and en"
        )
    if len(said) > LONGEST:
        raise document.refusal(
            at,
            f"“{page}”有 {len(said)} 个字符，最多 {LONGEST} 个",
            f"{page!r} has {len(said)} characters, at most {LONGEST} fit",
        )
    return clean(said)
