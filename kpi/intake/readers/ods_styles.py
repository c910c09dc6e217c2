"""Cell styles of OpenDocument, as the Excel number formats that say the same."""

from xml.etree.ElementTree import Element

from kpi.intake.number_format import says_more

_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_FOLLOWED = 20


class OdsStyles:
    """The styles of one workbook, from both parts that hold some."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._of_cells: dict[str, tuple[str, str]] = {}
        self._hidden: set[str] = set()
        self._found: dict[str, str] = {}

    def read(self, root: Element) -> None:
        """Take in the styles below ``root``; a style of the same name that was there is replaced."""
        self._found.clear()
        for element in root.iter():
            name = element.get(f"{_STYLE}name", "")
            if element.tag in (f"{_NUMBER}percentage-style", f"{_NUMBER}currency-style", f"{_NUMBER}number-style"):
                self._codes[name] = _code(element)
            elif element.tag == f"{_STYLE}style" and element.get(f"{_STYLE}family") == "table-cell":
                data, parent = (
                    element.get(f"{_STYLE}data-style-name", ""),
                    element.get(f"{_STYLE}parent-style-name", ""),
                )
                self._of_cells[name] = data, parent
            elif element.tag == f"{_STYLE}style" and element.get(f"{_STYLE}family") == "table":
                properties = element.find(f"{_STYLE}table-properties")
                if properties is not None and properties.get(f"{_TABLE}display") == "false":
                    self._hidden.add(name)

    def code(self, style: str) -> str:
        """The number format of a cell style, or of the style it is made from; empty where it says only digits."""
        if style not in self._found:
            self._found[style] = self._code(style)
        return self._found[style]

    def _code(self, style: str) -> str:
        for _ in range(_FOLLOWED):
            data, style = self._of_cells.get(style, ("", ""))
            if data:
                code = self._codes.get(data, "")
                return code if code and says_more(code) else ""
        return ""

    def hides(self, style: str) -> bool:
        """Whether a sheet of this style is hidden."""
        return style in self._hidden


def _code(element: Element) -> str:
    parts = []
    for child in element:
        if child.tag in (f"{_NUMBER}text", f"{_NUMBER}currency-symbol"):
            text = "".join(child.itertext())
            percent = element.tag == f"{_NUMBER}percentage-style" and text.strip() == "%"
            parts.append("%" if percent else f'"{text}"'.replace('""', ""))
        elif child.tag == f"{_NUMBER}number":
            factor = child.get(f"{_NUMBER}display-factor", "1")
            thousands = max(len(factor.partition(".")[0]) - 1, 0) // 3 if factor.startswith("1") else 0
            parts.append("0" + "," * thousands)
    code = "".join(parts)
    return f"{code}%" if element.tag == f"{_NUMBER}percentage-style" and "%" not in code else code
