"""Tables to vocabulary values: the three shapes, as spreadsheets really write them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.skos import ConceptValue, LabelValue, VocabularyValue, read_csv, write_csv
from taxonomy.skos.csv_columns import Column, columns_of
from taxonomy.skos.csv_rows import escaped, joined, parted, unescaped
from tests.taxonomy.test_skos_turtle import unordered, vocabularies


def shape(value: VocabularyValue) -> dict[str, list[str]]:
    """Return {label: [labels of parents]}."""
    names = {one.uri: one.labels[0].text for one in value.concepts}
    return {names[one.uri]: [names[uri] for uri in one.broader] for one in value.concepts}


def problems(value: VocabularyValue) -> list[tuple[str, int | None]]:
    return [(one.code, one.line) for one in value.problems if one.severity != "info"]


OWLS = {"Animals": [], "Birds": ["Animals"], "Owl": ["Birds"], "Fish": ["Animals"], "Plants": []}


@pytest.mark.parametrize(
    "text",
    [
        "Animals\n  Birds\n    Owl\n  Fish\nPlants\n",
        "Animals\n\tBirds\n\t\tOwl\n\tFish\nPlants\n",
        "- Animals\n  - Birds\n    - Owl\n  - Fish\n- Plants\n",
        "label,uri\nAnimals,http://x/a\n  Birds,http://x/b\n    Owl,\n  Fish,\nPlants,\n",
        "Animals,,\n,Birds,\n,,Owl\n,Fish,\nPlants,,\n",
        "level 1;level 2;level 3\nAnimals;;\n;Birds;\n;;Owl\n;Fish;\nPlants;;\n",
        "Niveau1;Niveau2;Niveau3\nAnimals;Birds;Owl\nAnimals;Fish;\nPlants;;\n",
        "label,parent\nAnimals,\nBirds,Animals\nOwl,birds\nFish,ANIMALS\nPlants,\n",
        "id,name,parent_id\n1,Animals,\n2,Birds,1\n3,Owl,2\n4,Fish,1\n5,Plants,\n",
        (
            "uri\tlabel\tbroader\nhttp://x/1\tAnimals\t\nhttp://x/2\tBirds\thttp://x/1\n"
            "http://x/3\tOwl\thttp://x/2\nhttp://x/4\tFish\thttp://x/1\nhttp://x/5\tPlants\t\n"
        ),
        "Animals,\nBirds,Animals\nOwl,Birds\nFish,Animals\nPlants,\n",
        "\ufefflabel;parent\r\nAnimals;\r\n\r\nBirds;Animals\r\nOwl;Birds\r\nFish;Animals\r\nPlants;\r\n",
    ],
)
def test_the_same_tree_in_every_shape(text: str) -> None:
    value = read_csv(text.encode())
    assert shape(value) == OWLS
    assert problems(value) == []
    assert [one.position for one in value.concepts] == list(range(5))


def test_a_list_of_labels_and_uris() -> None:
    value = read_csv(b"map,http://x/map\npainting,http://x/painting\n", language="en")
    assert [(one.uri, one.labels) for one in value.concepts] == [
        ("http://x/map", (LabelValue("pref", "en", "map"),)),
        ("http://x/painting", (LabelValue("pref", "en", "painting"),)),
    ]


def test_headings_carry_languages_and_cells_several_values() -> None:
    table = (
        "uri,prefLabel@fr,label_en,label (de),altLabel_fr,synonyms-en,scopeNote[fr],notation,exactMatch,deprecated\n"
        "http://x/1,Chouette,Owl,Eule,hulotte | effraie,a\\|b,Oiseau de nuit,7,http://y/1|http://y/2,oui\n"
    )
    (owl,) = read_csv(table.encode()).concepts
    assert owl.labels == (
        LabelValue("pref", "fr", "Chouette"),
        LabelValue("pref", "en", "Owl"),
        LabelValue("pref", "de", "Eule"),
        LabelValue("alt", "fr", "hulotte"),
        LabelValue("alt", "fr", "effraie"),
        LabelValue("alt", "en", "a|b"),
    )
    assert [(note.kind, note.language, note.text) for note in owl.notes] == [
        ("scopeNote", "fr", "Oiseau de nuit")
    ]
    assert (owl.notation, owl.deprecated) == ("7", True)
    assert owl.matches == (("exactMatch", "http://y/1"), ("exactMatch", "http://y/2"))


def test_a_mapping_table_of_the_europeana_pilot() -> None:
    table = (
        "concept,getty_aat,dbpedia,wikidata,ef_entity_collection\n"
        'building, 300004789 ,"http://dbpedia.org/resource/Building\n",Q41176,http://data.europeana.eu/concept/base/29\n'
    )
    (building,) = read_csv(table.encode()).concepts
    assert building.matches == (
        ("exactMatch", "http://vocab.getty.edu/aat/300004789"),
        ("closeMatch", "http://dbpedia.org/resource/Building"),
        ("exactMatch", "http://www.wikidata.org/entity/Q41176"),
        ("exactMatch", "http://data.europeana.eu/concept/base/29"),
    )


def test_bad_rows_are_reported_with_their_lines_and_the_rest_is_read() -> None:
    table = (
        "label,uri,parent\n"  # 1
        "Animals,http://x/a,\n"  # 2
        "Birds,not a uri,Animals\n"  # 3
        ",,Animals\n"  # 4
        "Owl,http://x/o,Birds,surplus\n"  # 5
        '"open,http://x/p,Birds\n'  # 6
        "Fish,http://x/f,http://x/nowhere\n"  # 7
        '"Cod" and more,http://x/c,Fish\n'  # 8
        "Eel,http://x/e,Fish\n"  # 9
        "Eel,http://x/e,Fish\n"  # 10
    )
    value = read_csv(table.encode())
    assert shape(value) == {
        "Animals": [],
        "Birds": ["Animals"],
        "Owl": ["Birds"],
        "Fish": [],
        "Eel": ["Fish"],
    }
    assert sorted(problems(value), key=lambda found: found[1] or 0) == [
        ("bad-uri", 3),
        ("row-without-label", 4),
        ("too-many-cells", 5),
        ("bad-row", 6),
        ("unknown-parent", 7),
        ("bad-row", 8),
        ("repeated-concept", 10),
    ]


def test_a_quote_left_open_costs_its_row_only() -> None:
    value = read_csv(b'label,uri\n"open,http://x/1\nnext,http://x/2\nlast,http://x/3\n')
    assert [one.uri for one in value.concepts] == ["http://x/2", "http://x/3"]
    assert problems(value) == [("bad-row", 2)]


def test_two_rows_with_two_parents_are_one_concept() -> None:
    value = read_csv(b"label,parent\nBirds,\nHunters,\nOwl,Birds\nOwl,Hunters\n")
    assert shape(value)["Owl"] == ["Birds", "Hunters"]


def test_homonyms_in_two_branches_stay_two() -> None:
    value = read_csv(b"Instruments\n  Bow\nWeapons\n  Bow\n")
    uris = [one.uri for one in value.concepts if one.labels[0].text == "Bow"]
    assert len(set(uris)) == 2
    assert uris == [one.uri for one in read_csv(write_csv(value)).concepts if one.labels[0].text == "Bow"]


def test_parents_without_a_row_and_ambiguous_ones() -> None:
    value = read_csv(
        b"uri,label,parent\nhttp://x/1,Bow,\nhttp://x/2,Bow,\nhttp://x/3,Arrow,Bow\nhttp://x/4,Owl,Birds\n"
    )
    assert value.concepts[2].broader == ("http://x/1",)
    assert shape(value)["Owl"] == ["Birds"]
    assert {one.code for one in value.problems} >= {"ambiguous-parent", "implied-parent"}


def test_loops_are_opened() -> None:
    value = read_csv(b"label,parent\nA,B\nB,A\nC,C\n")
    assert sum(len(above) for above in shape(value).values()) == 1
    assert [code for code, _ in problems(value)] == ["cycle", "cycle"]


@pytest.mark.parametrize(
    ("data", "label", "warned"),
    [
        ("Libellé\nchâteau\n".encode("cp1252"), "château", True),
        ("label\nchâteau\n".encode("utf-16"), "château", False),
        ("label\nchâteau\n".encode("utf-8-sig"), "château", False),
        (b"label\nnul\x00here\n", "nul\ufffdhere", False),
    ],
)
def test_encodings(data: bytes, label: str, warned: bool) -> None:
    value = read_csv(data)
    assert value.concepts[0].labels[0].text == label
    assert bool(problems(value)) == warned


@pytest.mark.parametrize("data", [b"", b"\n\n", b"label,uri\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_table_is_an_error(data: bytes) -> None:
    value = read_csv(data)
    assert not value.is_importable
    assert value.concepts == ()


def test_columns_are_found_by_their_many_names() -> None:
    assert columns_of(
        ["Skos:prefLabel@fr-ca", "Terme générique", "voir aussi", "Couleur", "Level 3", "L1"]
    ) == [
        Column("pref", "fr-CA"),
        Column("parent"),
        Column("related"),
        None,
        Column("level", level=1),
        Column("level", level=0),
    ]
    assert columns_of(["Owl", "http://x/owl"]) is None
    assert columns_of(["Owl", "Birds"]) is None
    assert columns_of(["category", "URI", "ID", "URL"]) == [
        Column("pref"),
        Column("uri"),
        Column("key"),
        None,
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " ", "＝", "＋", "－", "＠", "'"])
def test_no_cell_is_a_formula(start: str) -> None:
    cell = f"{start}SUM(A1)"
    assert escaped(cell) == f"'{cell}"
    value = VocabularyValue(
        None,
        concepts=(
            ConceptValue(
                "http://x/1", notation=cell.strip() or "x", labels=(LabelValue("pref", "en", f"{start}1+1"),)
            ),
        ),
    )
    written = write_csv(value).decode("utf-8-sig")
    row = written.split("\r\n", 1)[1]
    assert f"'{start}1+1" in row
    assert not row.startswith(start)


@given(st.text(max_size=8), st.lists(st.text(st.sampled_from("ab|\\ "), min_size=1).filter(str.strip)))
def test_escaping_and_joining_come_back(cell: str, values: list[str]) -> None:
    assert unescaped(escaped(cell)) == cell
    assert parted(joined(values)) == [value.strip() for value in values]


def _as_a_table_holds_it(value: VocabularyValue) -> VocabularyValue:
    """Return the value with outer white space gone and without what a table has no column for."""
    concepts = []
    for one in value.concepts:
        labels = (replace(label, text=label.text.strip()) for label in one.labels)
        notes = (replace(note, text=note.text.strip()) for note in one.notes)
        preferred, kept = {}, []
        for label in labels:
            if label.kind == "pref":
                preferred[label.language] = label.text
            kept.append(label)
        settled = [
            label for label in kept if label.kind == "pref" or preferred.get(label.language) != label.text
        ]
        concepts.append(
            replace(
                one,
                labels=tuple(dict.fromkeys(settled)),
                notes=tuple(dict.fromkeys(notes)),
                notation=one.notation.strip(),
            )
        )
    return unordered(
        replace(
            value, uri=None, title={}, licence="", description={}, collections=(), concepts=tuple(concepts)
        )
    )


@settings(max_examples=100, deadline=None)
@given(vocabularies())
def test_what_is_written_is_read_again(value: VocabularyValue) -> None:
    assert unordered(read_csv(write_csv(value))) == _as_a_table_holds_it(value)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text("ab,;\t\n\"'|@ =http://x/é", max_size=200).map(str.encode)))
def test_no_table_breaks_the_reader(data: bytes) -> None:
    value = read_csv(data)
    uris = {one.uri for one in value.concepts}
    assert len(uris) == len(value.concepts)
    assert all(uris.issuperset(one.broader) and uris.issuperset(one.related) for one in value.concepts)
    assert value.is_importable == bool(value.concepts) or "too-many-open-quotes" in {
        p.code for p in value.problems
    }
