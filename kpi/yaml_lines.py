"""YAML that remembers its lines, so that a mistake in a data file can be named with file and line."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kpi.errors import Refused, refuse

Path_ = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
_DEEPEST = 20


class Document:
    """One parsed file. ``content`` holds dicts, lists and text: numbers stay text, so decimals stay exact."""

    def __init__(self, file: Path, root: yaml.Node | None) -> None:
        """Use :func:`read_document`."""
        self.file = file
        self._lines: dict[Path_, int] = {}
        self.content = self._plain(root, ()) if root is not None else None

    def _plain(self, node: yaml.Node, at: Path_) -> Any:
        line = self._lines[at] = node.start_mark.line + 1
        if len(at) > _DEEPEST:
            raise self.refusal_at(line, "嵌套过深，或引用了自身", "nested too deeply, or a part of itself")
        if isinstance(node, yaml.MappingNode):
            content: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                line = key_node.start_mark.line + 1
                if key in content:
                    raise self.refusal_at(
                        line, f"“{key}”出现了两次，请删除其中一个", f"{key!r} stands twice; delete one"
                    )
                content[key] = self._plain(value_node, (*at, key))
                self._lines[(*at, key)] = line
            return content
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*at, index)) for index, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:null":
            return None
        return node.value

    def line(self, at: Path_) -> int:
        """The line of a place in the file, or of the nearest place around it."""
        while at and at not in self._lines:
            at = at[:-1]
        return self._lines.get(at, 1)

    def refusal(self, at: Path_, zh: str, en: str) -> Refused:
        """A refusal that names file and line of ``at``."""
        return self.refusal_at(self.line(at), zh, en)

    def refusal_at(self, line: int, zh: str, en: str) -> Refused:
        """A refusal that names file and line."""
        return refuse(f"{self.file}:{line}: {zh}。", f"{self.file}:{line}: {en}.")

    def model(self, kind: type[M], content: Any, at: Path_) -> M:
        """``content``, which stands at ``at``, as a model. Raises Refused for the first thing that is wrong."""
        try:
            return kind.model_validate(content)
        except ValidationError as problem:
            first = problem.errors()[0]
            place = tuple(part for part in first["loc"])
            name = ".".join(map(str, place)) or str(at[-1] if at else "")
            found = "" if isinstance(first["input"], dict | list) else f" (found {first['input']!r})"
            english = f"{name}: {first['msg']}{found}"
            raise self.refusal((*at, *place), f"{name} 不正确：{first['msg']}{found}", english) from problem


def read_document(file: Path) -> Document:
    """Read a YAML file. Raises Refused naming the line where it is not YAML, or the file that can't be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise refuse(f"{file}: 无法读取：{problem}。", f"{file}: cannot be read: {problem}.") from problem
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        line, what = _place(problem, text)
        raise refuse(f"{file}:{line}: 不是有效的 YAML:{what}。", f"{file}:{line}: not valid YAML: {what}.") from problem
    return Document(file, root)


def _place(problem: yaml.YAMLError, text: str) -> tuple[int, str]:
    """Line and cause of a YAML error."""
    if isinstance(problem, yaml.reader.ReaderError):
        return text.count("\n", 0, problem.position) + 1, f"character {problem.character!r} is not allowed"
    mark = getattr(problem, "problem_mark", None)
    return (mark.line + 1 if mark else 1), str(getattr(problem, "problem", problem))
