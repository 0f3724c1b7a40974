"""Pascal VOC: the names of the objects in an annotation, and the label map that CVAT puts beside them."""

from taxonomy.formats.class_names import from_names, named
from taxonomy.formats.format import Format
from taxonomy.formats.xml_tree import xml_of
from taxonomy.skos import VocabularyValue
from taxonomy.skos.csv_rows import decoded
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings


def read_xml(data: bytes, base: str) -> VocabularyValue:
    """Read the names of the objects, each once, in order; named parts are narrower (`object/part/name`)."""
    findings = Findings()
    root = xml_of(data, findings)
    found: dict[tuple[str, str], Draft] = {}
    for thing in root.all("object") if root else []:
        name = thing.said("name")
        whole = found.setdefault(("", name), named(thing.line, name))
        for part in (one for one in thing.children if one.name == "part"):
            draft = named(part.line, part.said("name"))
            draft.above = whole
            found.setdefault((name, part.said("name")), draft)
    return from_names(found.values(), base, findings)


def read_map(data: bytes, base: str) -> VocabularyValue:
    """Read `label:color_rgb:parts:actions`, a label a line; parts are narrower, the background is no class."""
    findings = Findings()
    drafts = []
    for number, line in enumerate(decoded(data, findings).split("\n"), start=1):
        label, _, rest = line.strip().partition(":")
        if not label or line.startswith("#") or label == "background":
            continue
        draft = named(number, label)
        drafts.append(draft)
        parts = [*rest.split(":"), ""][1]
        for part in filter(None, (one.strip() for one in parts.split(","))):
            below = named(number, part)
            below.above = draft
            drafts.append(below)
    return from_names(drafts, base, findings)


VOC = Format(
    "voc", "Pascal VOC", "application/xml", "xml", read_xml,
    recognises=lambda text: "<annotation>" in text[:400] or "<annotation " in text[:400],
)  # fmt: skip
VOC_MAP = Format("voc-map", "Pascal VOC label map", "text/plain", "txt", read_map, endings=("labelmap.txt",))
