"""Vocabularies in the formats of other tools: real files, what each can hold, and what is wrong with a line."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.formats import READABLE, WRITABLE, recognised
from taxonomy.formats.class_names import class_names
from taxonomy.formats.darwin_core import DWC
from taxonomy.skos import ConceptValue, LabelValue, VocabularyValue
from tests.taxonomy.test_skos_turtle import unordered, vocabularies

BASE = "https://example.org/vocab/x/"


def read(data: bytes | str, name: str) -> VocabularyValue:
    raw = data if isinstance(data, bytes) else data.encode()
    one = recognised(name, raw)
    assert one is not None
    assert one.read is not None
    return one.read(raw, BASE)


def labels(value: VocabularyValue) -> list[str]:
    return [one.display("en") for one in value.concepts]


def tree(value: VocabularyValue) -> list[tuple[str, str | None]]:
    names = {one.uri: one.display("en") for one in value.concepts}
    return [(one.display("en"), names[one.broader[0]] if one.broader else None) for one in value.concepts]


def codes(value: VocabularyValue) -> dict[str, int | None]:
    return {one.code: one.line for one in value.problems}


HAB = [
    "ampullae", "animal", "cucurbitae", "cucurbitae-ambix", "ollae", "cucurbitae-retorte", "cucurbitae-rosenhut",
    "furnace", "human", "mineral-metal", "plant", "other-equipment",
]  # fmt: skip
VOC = [
    "person", "cat", "boat", "car", "pottedplant", "bicycle", "dog", "bus", "motorbike", "tvmonitor", "train",
    "horse", "aeroplane", "sofa", "chair", "bird", "bottle", "sheep", "diningtable", "cow",
]  # fmt: skip


# --- real files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "format_name", "expected"),
    [
        ("boxes-hab-alchemy/yolo_seg/data.yaml", "yolo", HAB),
        ("label-formats/same_boxes_100/yolo_format/obj.names", "yolo-names", VOC),
        ("label-formats/label_studio/test_export_yolo/label_config.xml", "label-studio", ["parasites", "white"]),
        ("label-formats/label_studio/test_export_json_min/label_config.xml", "label-studio", ["Airplane", "Car"]),
        (
            "label-formats/datumaro/coco_dataset/coco_roboflow/train/_annotations.coco.json",
            "coco",
            ["a", "b", "c"],
        ),
        (
            "images-htromance-latin/small/coco.json",
            "coco",
            [
                "DamageZone", "DropCapitalZone", "GraphicZone", "MainZone", "MarginTextZone", "NumberingZone",
                "RunningTitleZone", "StampZone", "TitlePageZone",
            ],
        ),
    ],
)  # fmt: skip
def test_a_real_list_of_classes(samples: Path, path: str, format_name: str, expected: list[str]) -> None:
    data = (samples / path).read_bytes()
    one = recognised(path, data)
    assert one is READABLE[format_name]
    value = read(data, path)
    assert labels(value) == expected
    assert value.is_importable
    text = data.decode().split("\n")
    assert all(name in text[value.lines[one.uri] - 1] for one, name in class_names(value, "en"))


def test_the_same_boxes_have_the_same_classes_in_every_format(samples: Path) -> None:
    folder = samples / "label-formats" / "same_boxes_100"
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".xml", ".json"} and path.is_file():
            one = recognised(path.name, path.read_bytes())
            assert one is not None, path
            if one.name in {"voc", "cvat", "coco"}:
                found.setdefault(f"{one.name} {path.parent}", set()).update(
                    labels(read(path.read_bytes(), path.name))
                )
    assert {key.split()[0] for key in found} == {"voc", "cvat", "coco"}
    assert all(names == set(VOC) for names in found.values()), {k: v ^ set(VOC) for k, v in found.items()}


def test_every_sample_of_labels_is_read_or_its_fault_named(samples: Path) -> None:
    looked = 0
    for path in sorted((samples / "label-formats").rglob("*")):
        if path.suffix not in {".xml", ".json", ".txt", ".csv", ".names", ".yaml"}:
            continue
        one = recognised(path.name, path.read_bytes())
        if one is not None and one.read is not None and not one.is_complete:
            value = one.read(path.read_bytes(), BASE)
            assert value.is_importable == bool(value.concepts), path
            looked += 1
    assert looked > 200


# --- each format ----------------------------------------------------------------------------------


def test_coco_has_parents_and_the_empty_root_of_roboflow_goes() -> None:
    categories = [
        {"id": 0, "name": "Ornements-vignettes", "supercategory": "none"},
        {"id": 1, "name": "Lettrine", "supercategory": "Ornements-vignettes"},
        {"id": 2, "name": "Ornement", "supercategory": "Ornements-vignettes"},
    ]
    used = {"categories": categories, "annotations": [{"category_id": 1}]}
    value = read(orjson.dumps(used, option=orjson.OPT_INDENT_2), "_annotations.coco.json")
    assert tree(value) == [("Lettrine", None), ("Ornement", None)]
    assert [one.notation for one in value.concepts] == ["1", "2"]
    assert codes(value)["empty-root"] == 5
    used["annotations"].append({"category_id": 0})
    assert tree(read(orjson.dumps(used), "a.json")) == [
        ("Ornements-vignettes", None), ("Lettrine", "Ornements-vignettes"), ("Ornement", "Ornements-vignettes"),
    ]  # fmt: skip
    official = [
        {"id": 1, "name": "person", "supercategory": "person"},
        {"id": 90, "name": "toothbrush", "supercategory": "indoor"},
    ]
    assert tree(read(orjson.dumps({"categories": official}), "a.json")) == [
        ("person", None), ("indoor", None), ("toothbrush", "indoor"),
    ]  # fmt: skip


def test_renumbering_a_file_keeps_every_class_where_it_was() -> None:
    before = read('{"0": "owl", "1": "lion"}', "class_index.json")
    after = read('{"0": "bear", "1": "owl", "2": "lion"}', "class_index.json")
    assert {one.uri for one in before.concepts} < {one.uri for one in after.concepts}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("names:\n  1: owl\n  0: lion\n", "data.yaml", ["lion", "owl"]),
        ("names: [a, 'b: c', \"é\"]\n", "data.yml", ["a", "b: c", "é"]),
        ('{"10": "k", "9": "j"}', "class_index.json", ["j", "k"]),
        ('{"0": ["n01440764", "tench"]}', "imagenet.json", ["tench"]),
        ('["a", "b"]', "labels.json", ["a", "b"]),
        ('{"lion": 1, "owl": 0}', "class_index.json", ["owl", "lion"]),
        ("a\r\nb\r\n\r\n", "predefined_classes.txt", ["a", "b"]),
        ("# label:color_rgb:parts:actions\nbackground:0,0,0::\nowl:1,2,3:head,wing:\n", "labelmap.txt",
         ["owl", "head", "wing"]),
        ('[{"name": "owl", "attributes": []}]', "labels.json", ["owl"]),
        ('{"_via_attributes": {"region": {"kind": {"type": "radio", "options": {"ow": "owl", "li": ""}}}}}',
         "via.json", ["owl", "li"]),
        ('{"attribute": {"1": {"aname": "kind", "type": 4, "options": {"a": "owl"}}}, "project": {}}',
         "via3.json", ["owl"]),
    ],
)  # fmt: skip
def test_forms_of_lists(text: str, name: str, expected: list[str]) -> None:
    value = read(text, name)
    assert value.is_importable
    assert labels(value) == expected


def test_an_indented_text_is_a_tree() -> None:
    value = read("Instruments\n\t- Bow\n\t- Lute, theorbo\nWeapons\n\tBow\n", "tree.txt")
    assert tree(value) == [
        ("Instruments", None), ("Bow", "Instruments"), ("Lute, theorbo", "Instruments"), ("Weapons", None),
        ("Bow", "Weapons"),
    ]  # fmt: skip
    assert len({one.uri for one in value.concepts}) == 5
    assert sorted(value.lines.values()) == [1, 2, 3, 4, 5]


def test_label_studio_nests_and_has_aliases() -> None:
    config = """<View><Image name="i" value="$i"/>
      <Choices name="c" toName="i" choice="multiple">
        <Choice value="Animal"><Choice value="Owl" alias="25F32" hotkey="o"/></Choice>
        <Choice value="Plant"/>
      </Choices></View>"""
    value = read(config, "config.xml")
    assert tree(value) == [("Animal", None), ("Owl", "Animal"), ("Plant", None)]
    assert value.concepts[1].notation == "25F32"
    assert value.lines[value.concepts[1].uri] == 3
    assert "hotkeys" in codes(value)


def test_darwin_core_has_ranks_synonyms_and_names_that_people_say() -> None:
    table = (
        "taxonID,parentNameUsageID,acceptedNameUsageID,scientificName,vernacularName,language,taxonRank,taxonomicStatus\n"
        "1,,,Alcedinidae,kingfishers,en,family,accepted\n"
        "2,1,2,Alcedo atthis,kingfisher|river kingfisher,en,species,accepted\n"
        "3,1,2,Alcedo ispida,,,species,synonym\n"
        "4,9,,Halcyon,,,genus,accepted\n"
    )
    value = read(table, "taxa.csv")
    family, species, synonym, orphan = value.concepts
    assert species.broader == (family.uri,)
    assert [(one.kind, one.language, one.text) for one in species.labels] == [
        ("pref", "la", "Alcedo atthis"), ("pref", "en", "kingfisher"), ("alt", "en", "river kingfisher"),
    ]  # fmt: skip
    assert (synonym.deprecated, synonym.replaced_by, synonym.broader) == (True, (species.uri,), ())
    assert f'<{DWC}taxonRank> "species" .' in species.extra
    assert not species.deprecated
    assert codes(value)["unknown-parent"] == 5
    assert orphan.broader == ()


def test_europeanas_tables() -> None:
    mapping = (
        "concept,getty_aat,dbpedia,wikidata,ef_entity_collection\n"
        'photograph, http://vocab.getty.edu/aat/300046300 ,"http://dbpedia.org/resource/Photograph\n",Q125191,'
        " http://data.europeana.eu/concept/base/1711\n"
    )
    (photograph,) = read(mapping, "mapping.csv").concepts
    assert photograph.matches == (
        ("exactMatch", "http://vocab.getty.edu/aat/300046300"),
        ("closeMatch", "http://dbpedia.org/resource/Photograph"),
        ("exactMatch", "http://www.wikidata.org/entity/Q125191"),
        ("exactMatch", "http://data.europeana.eu/concept/base/1711"),
    )
    images = "category,URI,ID,URL\nmap,http://data.europeana.eu/item/1/a,/1/a,http://i/1.jpg\nmap,http://data.europeana.eu/item/1/b,/1/b,http://i/2.jpg\n"
    (a_map,) = read(images, "dataset.csv").concepts
    assert a_map.uri == "urn:x" or a_map.uri == f"{BASE}map"
    several = (
        "category,skos_concept,URI,ID,URL\n"
        "map drawing,http://c/map http://c/drawing,http://o/1,/1,http://i/1\n"
        "map,http://c/map,http://o/2,/2,http://i/2\nmap,,http://o/3,/3,http://i/3\n"
    )
    value = read(several, "multilabel.csv")
    assert [one.uri for one in value.concepts] == ["http://c/map", "http://c/drawing"]
    assert codes(value)["lost-uris"] == 2


@pytest.mark.parametrize(
    ("text", "name", "code", "line"),
    [
        ("{", "a.json", "syntax", 1),
        ("names:\n\t- x", "data.yaml", "syntax", 2),
        ("nc: 3\n", "data.yaml", "unexpected", None),
        ("<View>\n<Label", "a.xml", "syntax", 2),
        ('<!DOCTYPE View [<!ENTITY a "b">]>\n<View/>', "a.label.xml", "syntax", None),
        ("[1, 2]", "class_index.json", "no-number", 1),
        ('{"0": ""}', "class_index.json", "row-without-label", 1),
        ("\n\n", "classes.txt", "no-concepts", None),
        ('{"categories": 3}', "a.json", "unexpected", None),
        ("a,b\n1,2\n", "x.json", "syntax", 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, name: str, code: str, line: int | None) -> None:
    if "DOCTYPE" in text:
        value = READABLE["label-studio"].read(text.encode(), BASE)  # type: ignore[misc]
        assert codes(value)["refused"] == 1
    else:
        value = read(text, name)
        assert codes(value)[code] == line
    assert not value.is_importable


# --- what is written is read again ----------------------------------------------------------------

WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1
).filter(str.strip)
LISTS = ["text", "labelimg", "yolo-names", "yolo", "class-index", "coco", "via", "label-studio"]


@st.composite
def class_lists(draw: st.DrawFn) -> VocabularyValue:
    """Classes with names and perhaps parents, as a list of classes can hold them."""
    words = [" ".join(word.split()) for word in draw(st.lists(WORDS, min_size=1, max_size=6))]
    concepts = []
    for n, word in enumerate(words):
        above = draw(st.integers(-1, n - 1)) if n else -1
        concepts.append(
            ConceptValue(
                f"http://x/{n}",
                labels=(LabelValue("pref", "und", word or "word"),),
                broader=(f"http://x/{above}",) if above >= 0 else (),
                position=n,
            )
        )
    return VocabularyValue(None, concepts=tuple(concepts))


def through(value: VocabularyValue, name: str) -> VocabularyValue:
    one = WRITABLE[name]
    assert one.write is not None
    assert one.read is not None
    return one.read(b"".join(one.write(value, "en")), BASE)


@pytest.mark.parametrize("name", [name for name in LISTS if name != "text"])
@settings(max_examples=25, deadline=None)
@given(value=class_lists())
def test_names_come_back_in_their_order(name: str, value: VocabularyValue) -> None:
    names = [written for _concept, written in class_names(value, "en")]
    again = through(value, name)
    assert again.is_importable
    if name == "label-studio":
        assert sorted(labels(again)) == sorted(names)
    else:
        assert labels(again) == names
    assert unordered(through(again, name)) == unordered(again)


@pytest.mark.parametrize("name", ["coco", "label-studio"])
@settings(max_examples=25, deadline=None)
@given(value=class_lists())
def test_formats_with_parents_keep_the_tree(name: str, value: VocabularyValue) -> None:
    names = {concept.uri: written for concept, written in class_names(value, "en")}
    expected = {(names[one.uri], names[one.broader[0]] if one.broader else None) for one in value.concepts}
    # “none” is how COCO says that there is no parent.
    if name == "coco" and any(str(parent).lower() in {"none", "null"} for _child, parent in expected):
        return
    assert set(tree(through(value, name))) == expected


@settings(max_examples=25, deadline=None)
@given(vocabularies())
def test_rdf_keeps_everything(value: VocabularyValue) -> None:
    from taxonomy.skos.rdf import parse_turtle

    for name in ("ntriples", "skosxl"):
        written = b"".join(WRITABLE[name].write(value, "en"))  # type: ignore[misc]
        again = parse_turtle(written)
        assert again.is_importable
        ours, theirs = unordered(value), unordered(again)
        for one, other in zip(ours.concepts, theirs.concepts, strict=True):
            assert (one.uri, one.labels, one.notes, one.broader, one.related) == (
                other.uri, other.labels, other.notes, other.broader, other.related,
            )  # fmt: skip
        if name == "ntriples":
            assert theirs == ours


def test_skosxl_says_each_label_as_a_resource() -> None:
    value = VocabularyValue(
        None, concepts=(ConceptValue("http://x/1", labels=(LabelValue("alt", "fr", "clé"),)),)
    )
    written = b"".join(WRITABLE["skosxl"].write(value, "en")).decode()  # type: ignore[misc]
    assert "<http://x/1> skosxl:altLabel <http://x/1#label-0>" in written
    assert 'skosxl:literalForm "clé"@fr' in written


@settings(max_examples=25, deadline=None)
@given(class_lists())
def test_darwin_core_comes_back(value: VocabularyValue) -> None:
    again = through(value, "darwin-core")
    assert [one.uri for one in again.concepts] == [one.uri for one in value.concepts]
    assert [one.broader for one in again.concepts] == [one.broader for one in value.concepts]
    assert labels(again) == [one.display("la") for one in value.concepts]


@pytest.mark.parametrize("name", ["csv", "darwin-core"])
def test_no_cell_of_a_table_is_a_formula(name: str) -> None:
    value = VocabularyValue(
        None, concepts=(ConceptValue("http://x/1", labels=(LabelValue("pref", "en", "=1+1"),)),)
    )
    assert "'=1+1" in b"".join(WRITABLE[name].write(value, "en")).decode()  # type: ignore[misc]


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.binary(max_size=120), st.text("{}[]<>\"':,=/ abcn012\n\t&;!-", max_size=120).map(str.encode))
)
def test_no_file_breaks_a_reader(data: bytes) -> None:
    for one in READABLE.values():
        if one.read is not None and not one.is_complete:
            value = one.read(data, BASE)
            assert value.is_importable <= bool(value.concepts), one.name
