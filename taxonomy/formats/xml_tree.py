"""Reads small XML files without document type into elements that know their lines."""

from dataclasses import dataclass, field
from xml.parsers import expat

from taxonomy.skos.values import Findings

_DEEPEST = 200


@dataclass(slots=True)
class Element:
    """An element: its name without prefix, its attributes, the text in it, and the line on which it begins."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> list["Element"]:
        """Every element below of one of these names, in order."""
        found: list[Element] = []
        pending = self.children[::-1]
        while pending:
            one = pending.pop()
            if one.name in names:
                found.append(one)
            pending += one.children[::-1]
        return found

    def said(self, name: str) -> str:
        """The text of the first child of this name."""
        return next((one.text.strip() for one in self.children if one.name == name), "")


class _Refused(Exception):
    """The file asks for what we do not do; says what."""


def xml_of(data: bytes, findings: Findings) -> Element | None:
    """The outermost element; None and an error among the findings when the file cannot be read.

    A document type declaration is refused: entities are made there, and they can grow without end.
    """
    root = Element("", {}, 1)
    stack = [root]
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise _Refused(f"The file nests elements more than {_DEEPEST} deep.")
        element = Element(name.rpartition(":")[2], attributes, parser.CurrentLineNumber)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_name: str) -> None:
        stack.pop()

    def characters(text: str) -> None:
        stack[-1].text += text

    def doctype(*_said: object) -> None:
        raise _Refused("The file has a document type declaration (DOCTYPE), which we do not read.")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, doctype
    parser.buffer_text = True
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes it by position only
    except _Refused as refusal:
        findings.add("error", "refused", str(refusal), line=parser.CurrentLineNumber)
        return None
    except (expat.ExpatError, ValueError, LookupError) as fault:
        line = getattr(fault, "lineno", None)
        reason = expat.ErrorString(fault.code) if isinstance(fault, expat.ExpatError) else str(fault)
        findings.add("error", "syntax", f"The file is not valid XML: {reason}.", line=line)
        return None
    return root.children[0]
