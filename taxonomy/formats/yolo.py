"""The `names` of a YOLO data file (docs.ultralytics.com, dataset YAML): a list, or numbers to names."""

import re
from collections.abc import Iterator

import orjson
import yaml

from taxonomy.formats.class_names import class_names, from_names, named
from taxonomy.formats.format import Format
from taxonomy.skos import VocabularyValue
from taxonomy.skos.csv_rows import decoded
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings

_MOST_BYTES = 2**20
# What JSON writes as it is and YAML does not allow, or takes for the end of a line.
_SPECIAL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def read(data: bytes, base: str) -> VocabularyValue:
    """Read the classes in the order of their numbers; nothing else of the file is looked at.

    The document is only composed, never built: tags and aliases in it come to nothing.
    """
    findings = Findings()
    if len(data) > _MOST_BYTES:
        findings.add("error", "too-large", "A data.yaml of more than 1 MB is not read.")
        return from_names([], base, findings)
    try:
        root = yaml.compose(decoded(data, findings), yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        findings.add("error", "syntax", "The file is not valid YAML.", line=mark.line + 1 if mark else None)
        return from_names([], base, findings)
    said = root.value if isinstance(root, yaml.MappingNode) else []
    names = next((value for key, value in said if key.value == "names"), None)
    if not isinstance(names, yaml.SequenceNode | yaml.MappingNode):
        findings.add("error", "unexpected", "The file has no “names”, which list the classes.")
        return from_names([], base, findings)
    return from_names(list(_drafts(names, findings)), base, findings)


def _drafts(names: yaml.SequenceNode | yaml.MappingNode, findings: Findings) -> Iterator[Draft]:
    numbered: list[tuple[int, yaml.Node]] = []
    if isinstance(names, yaml.SequenceNode):
        numbered = list(enumerate(names.value))
    else:
        for key, value in names.value:
            if isinstance(key, yaml.ScalarNode) and key.value.isdecimal():
                numbered.append((int(key.value), value))
            else:
                findings.add(
                    "warning", "no-number", "A class has no number; it was left out.",
                    line=key.start_mark.line + 1,
                )  # fmt: skip
    for _number, node in sorted(numbered, key=lambda one: one[0]):
        label = node.value if isinstance(node, yaml.ScalarNode) else ""
        yield named(node.start_mark.line + 1, label)


def write(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield `nc` and `names`; each name as JSON writes it, which is YAML too."""
    names = class_names(value, language)
    yield f"nc: {len(names)}\nnames:\n".encode()
    for number, (_concept, name) in enumerate(names):
        quoted = _SPECIAL.sub(lambda match: f"\\u{ord(match[0]):04x}", orjson.dumps(name).decode())
        yield f"  {number}: {quoted}\n".encode()


YOLO = Format("yolo", "YOLO data.yaml", "application/yaml", "yaml", read, write, endings=(".yaml", ".yml"))
