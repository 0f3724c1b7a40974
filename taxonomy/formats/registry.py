"""The formats of vocabularies, and which of them a file is in."""

from taxonomy.formats.class_index import CLASS_INDEX
from taxonomy.formats.coco import COCO
from taxonomy.formats.cvat import CVAT, CVAT_LABELS
from taxonomy.formats.darwin_core import DARWIN_CORE
from taxonomy.formats.europeana import EUROPEANA
from taxonomy.formats.format import Format
from taxonomy.formats.label_studio import LABEL_STUDIO
from taxonomy.formats.rdf import JSONLD, NTRIPLES, RDFXML, SKOS_XL, TURTLE
from taxonomy.formats.table import CSV
from taxonomy.formats.text import LABELIMG, NAMES, TEXT
from taxonomy.formats.via import VIA
from taxonomy.formats.voc import VOC, VOC_MAP
from taxonomy.formats.yolo import YOLO

# In the order in which they are asked whether they recognise a file: the more particular first.
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        TURTLE, JSONLD, RDFXML, NTRIPLES, SKOS_XL,
        DARWIN_CORE, EUROPEANA, CSV, TEXT,
        VIA, COCO, CVAT_LABELS, CLASS_INDEX, YOLO, NAMES, LABELIMG,
        LABEL_STUDIO, CVAT, VOC, VOC_MAP,
    )
}  # fmt: skip
READABLE = {name: one for name, one in FORMATS.items() if one.read}
WRITABLE = {name: one for name, one in FORMATS.items() if one.write}
# Endings that several formats share: the beginning of the file decides; the last is taken when none does.
_SHARED: dict[str, tuple[Format, ...]] = {
    ".csv": (DARWIN_CORE, EUROPEANA, CSV),
    ".tsv": (DARWIN_CORE, EUROPEANA, CSV),
    ".json": (JSONLD, VIA, COCO, CVAT_LABELS, CLASS_INDEX),
    ".xml": (LABEL_STUDIO, CVAT, VOC, RDFXML),
    ".txt": (DARWIN_CORE, TEXT),
}
_BY_MEDIA_TYPE = {
    "application/ld+json": JSONLD,
    "application/rdf+xml": RDFXML,
    "application/n-triples": TURTLE,
    "text/turtle": TURTLE,
    "text/csv": CSV,
}
_LOOKED_AT = 20_000


def recognised(name: str, data: bytes, *, media_type: str = "") -> Format | None:
    """The format of a file, told by its name, else by what it says of itself, else by its beginning."""
    short = name.lower().replace("\\", "/").rpartition("/")[2]
    text = _beginning(data)
    whole = next((one for one in READABLE.values() if short in one.endings), None)
    if whole:
        return whole
    ending = short[short.rfind(".") :] if "." in short else ""
    if candidates := _SHARED.get(ending):
        return next((one for one in candidates if one.recognises and one.recognises(text)), candidates[-1])
    by_ending = next((one for one in READABLE.values() if ending and ending in one.endings), None)
    if by_ending or media_type in _BY_MEDIA_TYPE:
        return by_ending or _BY_MEDIA_TYPE[media_type]
    return next((one for one in READABLE.values() if one.recognises and one.recognises(text)), None)


def _beginning(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return data[:_LOOKED_AT].decode(encoding, "replace").removeprefix("\ufeff")
