"""Turtle to vocabulary values and back: the meaning of SKOS, and the ways publishers write it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.skos import (
    MATCH_KINDS,
    NOTE_KINDS,
    CollectionValue,
    ConceptValue,
    LabelValue,
    NoteValue,
    VocabularyValue,
    write_turtle,
)
from taxonomy.skos.hierarchy import without_cycles
from taxonomy.skos.rdf import parse_rdfxml, parse_turtle
from taxonomy.skos.triples import language_tag
from taxonomy.skos.values import from_messages, to_messages

HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/> .
"""


def read(turtle: str, *, scheme: str | None = None) -> VocabularyValue:
    return parse_turtle((HEAD + turtle).encode(), scheme=scheme)


def concept(value: VocabularyValue, name: str) -> ConceptValue:
    return next(one for one in value.concepts if one.uri == f"http://example.org/{name}")


def codes(value: VocabularyValue) -> set[str]:
    return {problem.code for problem in value.problems}


def parents(value: VocabularyValue) -> dict[str, list[str]]:
    return {one.uri[-1]: [uri[-1] for uri in one.broader] for one in value.concepts}


def test_everything_core_has_its_field() -> None:
    value = read("""
        ex:s a skos:ConceptScheme ; dct:title "Beasts"@en, "Bêtes"@fr ; dct:license <http://l/> ; dct:source "A book" .
        ex:a a skos:Concept ; skos:prefLabel "Owl"@EN-gb ; skos:altLabel "Hooter"@en ; skos:hiddenLabel "Owel"@en ;
            skos:notation "7" ; skos:definition "A bird"@en ; skos:inScheme ex:s ; skos:broader ex:b ;
            skos:related ex:c ; skos:exactMatch <http://other/1> ; owl:deprecated true ; ex:colour "brown" .
        ex:b a skos:Concept ; skos:prefLabel "Bird"@en ; skos:inScheme ex:s .
        ex:c a skos:Concept ; skos:prefLabel "Mouse"@en ; skos:inScheme ex:s ; skos:topConceptOf ex:s .
    """)
    assert (value.uri, value.title) == ("http://example.org/s", {"en": "Beasts", "fr": "Bêtes"})
    assert (value.licence, value.source) == ("http://l/", "A book")
    assert codes(value) == {"missing-language"}
    assert concept(value, "a") == ConceptValue(
        uri="http://example.org/a",
        notation="7",
        labels=(
            LabelValue("pref", "en-GB", "Owl"),
            LabelValue("alt", "en", "Hooter"),
            LabelValue("hidden", "en", "Owel"),
        ),
        notes=(NoteValue("definition", "en", "A bird"),),
        broader=("http://example.org/b",),
        related=("http://example.org/c",),
        matches=(("exactMatch", "http://other/1"),),
        position=0,
        deprecated=True,
        extra='<http://example.org/a> <http://example.org/colour> "brown" .',
    )
    assert concept(value, "c").related == ("http://example.org/a",)
    assert value.extra == ""
    assert value.is_importable


def test_narrower_is_the_inverse_of_broader_and_what_a_concept_says_itself_comes_first() -> None:
    value = read("""
        ex:a a skos:Concept ; skos:prefLabel "A" ; skos:narrower ex:c .
        ex:b a skos:Concept ; skos:prefLabel "B" .
        ex:c a skos:Concept ; skos:prefLabel "C" ; skos:broader ex:b .
    """)
    assert parents(value) == {"a": [], "b": [], "c": ["b", "a"]}


def test_refined_hierarchies_are_hierarchies() -> None:
    value = read("""
        ex:partOf rdfs:subPropertyOf ex:wider . ex:wider rdfs:subPropertyOf skos:broader .
        ex:a a skos:Concept ; skos:prefLabel "A" .
        ex:b a skos:Concept ; skos:prefLabel "B" ; ex:partOf ex:a .
        ex:c a skos:Concept ; skos:prefLabel "C" ;
            <http://purl.org/iso25964/skos-thes#broaderGeneric> ex:b .
    """)
    assert parents(value) == {"a": [], "b": ["a"], "c": ["b"]}
    assert "partOf" in concept(value, "b").extra


def test_instances_of_a_declared_subclass_and_plain_uses_are_concepts() -> None:
    value = read("""
        ex:Animal rdfs:subClassOf ex:Thing . ex:Thing rdfs:subClassOf skos:Concept .
        ex:a a ex:Animal ; skos:prefLabel "A" .
        ex:b skos:prefLabel "B" ; skos:broader ex:a .
        ex:g a skos:Collection ; skos:prefLabel "G" ; skos:member ex:a ; skos:related ex:a .
    """)
    assert [one.uri[-1] for one in value.concepts] == ["a", "b"]
    assert "untyped-concept" in codes(value)
    (group,) = value.collections
    assert (group.labels[0].text, group.members) == ("G", ("http://example.org/a",))
    assert "skos/core#related" in group.extra


def test_skos_xl_labels_and_notes_that_are_resources() -> None:
    value = read("""
        ex:a a skos:Concept ; xl:prefLabel ex:l1 ; xl:altLabel [ xl:literalForm "Hooter"@en ] ;
            skos:definition [ rdf:value "A bird of night"@en ] .
        ex:l1 a xl:Label ; xl:literalForm "Owl"@en .
    """)
    owl = concept(value, "a")
    assert owl.labels == (LabelValue("pref", "en", "Owl"), LabelValue("alt", "en", "Hooter"))
    assert owl.notes == (NoteValue("definition", "en", "A bird of night"),)
    again = parse_turtle(write_turtle(value))
    assert replace(again, problems=()) == replace(value, problems=())


def test_one_preferred_label_a_language() -> None:
    value = read("""
        ex:a a skos:Concept ; skos:prefLabel "Owl"@en, "Owlet"@en, "Hibou"@fr, "Eule" ;
            skos:altLabel "Owl"@en, " "@en, "Chouette"@fr .
    """)
    assert concept(value, "a").labels == (
        LabelValue("pref", "en", "Owl"),
        LabelValue("alt", "en", "Owlet"),
        LabelValue("pref", "fr", "Hibou"),
        LabelValue("pref", "und", "Eule"),
        LabelValue("alt", "fr", "Chouette"),
    )
    assert {"several-preferred-labels", "empty-label", "no-language"} <= codes(value)


def test_a_label_from_elsewhere_beats_none_and_none_is_said() -> None:
    value = read("""
        ex:a a skos:Concept ; rdfs:label "Owl"@en .
        ex:b a skos:Concept ; skos:prefLabel ex:l .
    """)
    assert concept(value, "a").labels == (LabelValue("pref", "en", "Owl"),)
    assert concept(value, "b").labels == ()
    assert concept(value, "b").display("fr") == "b"
    assert {"label-not-skos", "label-not-text", "no-label"} <= codes(value)


def test_what_is_shown_falls_back_from_near_to_far() -> None:
    labels = (
        LabelValue("pref", "fr-CA", "Hibou"),
        LabelValue("pref", "en", "Owl"),
        LabelValue("alt", "fr", "Duc"),
    )
    owl = ConceptValue("http://example.org/owl", notation="7", labels=labels)
    assert owl.display("fr-CA") == "Hibou"
    assert owl.display("en-GB") == "Owl"
    assert owl.display("de") == "Owl"
    assert replace(owl, labels=labels[:1]).display("fr") == "Hibou"
    assert replace(owl, labels=()).display("fr") == "7"
    assert ConceptValue("http://example.org/v#owl").display("fr") == "owl"
    assert ConceptValue("urn:x:owl").display("fr") == "owl"


def test_notations_several_typed_and_shared() -> None:
    value = read("""
        ex:a a skos:Concept ; skos:prefLabel "A" ; skos:notation "1"^^ex:code, "2" .
        ex:b a skos:Concept ; skos:prefLabel "B" ; skos:notation "2"^^ex:code .
    """)
    assert concept(value, "a").notation == concept(value, "b").notation == "2"
    assert {"several-notations", "duplicate-notation"} <= codes(value)
    written = write_turtle(value).decode()
    assert '"1"^^<http://example.org/code>' in written
    assert written.count('"2"^^<http://example.org/code>') == 1
    assert written.count('skos:notation "2"') == 1


def test_loops_are_opened_where_a_root_leads_in() -> None:
    value = read("""
        ex:r a skos:Concept ; skos:prefLabel "R" .
        ex:a a skos:Concept ; skos:prefLabel "A" ; skos:broader ex:b, ex:r .
        ex:b a skos:Concept ; skos:prefLabel "B" ; skos:broader ex:a .
        ex:s a skos:Concept ; skos:prefLabel "S" ; skos:broader ex:s .
    """)
    assert parents(value) == {"r": [], "a": ["r"], "b": ["a"], "s": []}
    sentences = [problem.sentence for problem in value.problems if problem.code == "cycle"]
    assert len(sentences) == 2
    assert any("its own parent" in sentence for sentence in sentences)


def test_links_that_lead_nowhere_are_named_and_kept() -> None:
    value = read("""
        ex:a a skos:Concept ; skos:prefLabel "A" ; skos:broader ex:x ; skos:narrower ex:y ; skos:related ex:z .
    """)
    assert (concept(value, "a").broader, concept(value, "a").related) == ((), ())
    assert {"dangling-broader", "dangling-narrower", "dangling-related"} <= codes(value)
    assert concept(value, "a").extra.count("\n") == 2


TWO_SCHEMES = """
    ex:s a skos:ConceptScheme . ex:t a skos:ConceptScheme ; skos:hasTopConcept ex:b .
    ex:a a skos:Concept ; skos:prefLabel "A" ; skos:inScheme ex:s .
    ex:b a skos:Concept ; skos:prefLabel "B" .
    ex:c a skos:Concept ; skos:prefLabel "C" ; skos:topConceptOf ex:t .
    ex:d a skos:Concept ; skos:prefLabel "D" .
"""


def test_of_several_schemes_the_largest_is_taken_and_named() -> None:
    value = read(TWO_SCHEMES)
    assert value.uri == "http://example.org/t"
    assert [one.uri[-1] for one in value.concepts] == ["b", "c", "d"]
    assert {"several-schemes", "left-out"} <= codes(value)


def test_a_scheme_can_be_chosen_and_an_unknown_one_is_an_error() -> None:
    assert [one.uri[-1] for one in read(TWO_SCHEMES, scheme="http://example.org/s").concepts] == ["a", "d"]
    value = read(TWO_SCHEMES, scheme="http://example.org/nowhere")
    assert not value.is_importable
    assert "unknown-scheme" in codes(value)


def test_thin_languages_are_counted() -> None:
    value = read("""
        ex:a a skos:Concept ; skos:prefLabel "A"@en, "A"@fr .
        ex:b a skos:Concept ; skos:prefLabel "B"@en .
    """)
    thin = [problem for problem in value.problems if problem.code == "missing-language"]
    assert [(problem.subject, problem.sentence) for problem in thin] == [
        ("fr", "1 of 2 concepts have no label in “fr”.")
    ]


def test_many_problems_of_one_kind_are_summed_up() -> None:
    rows = "\n".join(
        f'ex:c{n} a skos:Concept ; skos:prefLabel "C"@en ; skos:broader ex:x .' for n in range(100)
    )
    dangling = [problem for problem in read(rows).problems if problem.code == "dangling-broader"]
    assert len(dangling) == 21
    assert "80 more" in dangling[-1].sentence


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b'@prefix a: <http://a/> .\n\na:b a:c "open .\n', "syntax", 3),
        (b"a:b a:c a:d .", "syntax", 1),
        (b'<a> <b> <c> .\n\n<a> <b> "\xff" .', "not-utf-8", 3),
        (b"<a> <b> " + b"[<c> " * 5000, "too-deep", None),
        (b"", "no-concepts", None),
    ],
)
def test_what_is_no_vocabulary_is_an_error_with_its_line(data: bytes, code: str, line: int | None) -> None:
    value = parse_turtle(data)
    assert not value.is_importable
    assert value.concepts == ()
    assert [(problem.code, problem.line) for problem in value.problems if problem.severity == "error"] == [
        (code, line)
    ]


def test_characters_that_no_database_holds_and_uris_that_are_none() -> None:
    value = read(r"""
        <http://example.org/a b> a skos:Concept ; skos:prefLabel "nul \u0000 lone \uD800"@en .
        <relative> a skos:Concept ; skos:prefLabel "R"@en ; ex:p "x"^^<http://example.org/\uD800> .
    """)
    write_turtle(value)
    assert value.concepts[0].uri == "http://example.org/a%20b"
    assert value.concepts[0].labels[0].text == "nul \ufffd lone \ufffd"
    assert value.concepts[1].uri == "http://relative.invalid/relative"
    assert "relative-uri" in codes(value)


def test_what_no_column_can_hold_is_said_while_reading() -> None:
    # One character that folds to eighteen.
    blessing = "\ufdfa" * 100
    long_labels = f'skos:prefLabel "{"x" * 501}"@en, "{blessing}"@ar, "Owl"@fr'
    value = read(f"ex:a a skos:Concept ; {long_labels} .")
    assert concept(value, "a").labels == (LabelValue("pref", "fr", "Owl"),)
    assert [one.code for one in value.problems if one.severity == "warning"] == ["long-label", "long-label"]
    assert "xxxx" in concept(value, "a").extra
    assert value.is_importable
    for statement in (f'skos:notation "{"1" * 121}"', f"skos:exactMatch <http://x/{'y' * 500}>"):
        value = read(f'ex:a a skos:Concept ; skos:prefLabel "A"@en ; {statement} .')
        assert [one.code for one in value.problems if one.severity == "error"] == ["too-long"]
    value = read(
        f'ex:s a skos:ConceptScheme ; dct:license "{"l" * 301}" . ex:a a skos:Concept ; skos:prefLabel "A" .'
    )
    assert value.licence == ""
    assert "llll" in value.extra


def test_literals_keep_their_spelling() -> None:
    value = read(
        'ex:a a skos:Concept ; skos:prefLabel "A"@en ; ex:n "007"^^xsd:integer ; ex:d "1986-21-00"^^xsd:date .'
    )
    assert '"007"^^' in concept(value, "a").extra
    assert '"1986-21-00"^^' in concept(value, "a").extra


def test_rdfxml_reads_the_same_and_refuses_entities() -> None:
    xml = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:skos="http://www.w3.org/2004/02/skos/core#"><skos:Concept rdf:about="http://example.org/a">
        <skos:prefLabel xml:lang="en">Owl</skos:prefLabel></skos:Concept></rdf:RDF>"""
    assert concept(parse_rdfxml(xml), "a").labels == (LabelValue("pref", "en", "Owl"),)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml
    assert codes(parse_rdfxml(bomb)) == {"doctype"}
    assert codes(parse_rdfxml(bomb.decode().encode("utf-16"))) == {"doctype"}
    assert codes(parse_rdfxml(b"<rdf:RDF")) == {"syntax"}


@pytest.mark.parametrize(
    ("given_tag", "canonical"),
    [("", "und"), ("EN", "en"), ("en_gb", "en-GB"), ("ZH-hant-tw", "zh-Hant-TW"), ("en-x-AB", "en-x-ab")],
)
def test_language_tags_have_one_spelling(given_tag: str, canonical: str) -> None:
    assert language_tag(given_tag) == canonical


@given(
    st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4)), st.sets(st.integers(0, 12))
)
def test_opening_cycles_leaves_an_order_and_cuts_nothing_else(
    links: dict[int, list[int]], tops: set[int]
) -> None:
    names = {str(n): [str(p) for p in dict.fromkeys(links.get(n, []))] for n in range(13)}
    kept, cut = without_cycles(names, tops=[str(n) for n in tops])
    remaining = {child: set(above) for child, above in kept.items()}
    while free := [child for child, above in remaining.items() if not above]:
        for child in free:
            del remaining[child]
        for above in remaining.values():
            above.difference_update(free)
    assert not remaining
    assert {(child, p) for child, above in names.items() for p in above} == {
        *cut,
        *((child, p) for child, above in kept.items() for p in above),
    }
    for child, parent in cut:
        # Each cut link closed a loop: its parent can be reached going down from its child.
        seen, pending = set(), [parent]
        while pending:
            here = pending.pop()
            if here not in seen:
                seen.add(here)
                pending += names[here]
        assert child in seen


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1).filter(
    str.strip
)
TAGS = st.sampled_from(["en", "fr", "zh-Hant", "und", "en-GB"])


@st.composite
def vocabularies(draw: st.DrawFn) -> VocabularyValue:
    """Vocabularies as readers make them: sound hierarchy, symmetric relations, one preferred label a language."""
    size = draw(st.integers(1, 6))
    uris = [f"http://example.org/c{n}" for n in range(size)]
    pairs = draw(
        st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda p: p[0] < p[1]))
    )
    concepts = []
    for n, uri in enumerate(uris):
        preferred = draw(st.dictionaries(TAGS, TEXT, min_size=1))
        labels = [LabelValue("pref", tag, text) for tag, text in preferred.items()]
        others = draw(
            st.lists(st.builds(LabelValue, st.sampled_from(["alt", "hidden"]), TAGS, TEXT), unique=True)
        )
        labels += [label for label in others if preferred.get(label.language) != label.text]
        related = [uris[b if a == n else a] for a, b in sorted(pairs) if n in (a, b)]
        concepts.append(
            ConceptValue(
                uri=uri,
                notation=draw(st.one_of(st.just(""), TEXT.filter(lambda text: len(text) <= 120))),
                labels=tuple(labels),
                notes=tuple(
                    draw(st.lists(st.builds(NoteValue, st.sampled_from(NOTE_KINDS), TAGS, TEXT), unique=True))
                ),
                broader=tuple(draw(st.lists(st.sampled_from(uris[:n]), unique=True))) if n else (),
                related=tuple(related),
                matches=tuple(
                    draw(
                        st.lists(st.tuples(st.sampled_from(MATCH_KINDS), st.just("http://m/1")), unique=True)
                    )
                ),
                position=n,
                deprecated=draw(st.booleans()),
            )
        )
    uri = draw(st.sampled_from([None, "http://example.org/scheme"]))
    title = draw(st.dictionaries(TAGS, TEXT)) if uri else {}
    licence = draw(st.sampled_from(["", "http://l/", "Ask us"])) if uri else ""
    description = draw(st.dictionaries(TAGS, TEXT)) if uri else {}
    return VocabularyValue(
        uri=uri,
        title=title,
        licence=licence,
        concepts=tuple(concepts),
        description=description,
        collections=tuple(draw(collections(n, uris)) for n in range(draw(st.integers(0, 2)))),
    )


@st.composite
def collections(draw: st.DrawFn, number: int, uris: list[str]) -> CollectionValue:
    """Groups of some of the concepts, with or without an order."""
    labels = draw(st.dictionaries(TAGS, TEXT))
    return CollectionValue(
        f"http://example.org/group{number}",
        labels=tuple(LabelValue("pref", tag, text) for tag, text in labels.items()),
        notes=tuple(NoteValue("note", tag, text) for tag, text in draw(st.dictionaries(TAGS, TEXT)).items()),
        members=tuple(draw(st.lists(st.sampled_from(uris), unique=True))),
        is_ordered=draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None)
@given(vocabularies())
def test_what_is_written_is_read_again(value: VocabularyValue) -> None:
    again = parse_turtle(write_turtle(value))
    assert again.is_importable
    assert unordered(again) == unordered(value)
    assert parse_turtle(write_turtle(again)) == again


@given(vocabularies())
def test_json_carries_a_value_unchanged(value: VocabularyValue) -> None:
    assert from_messages(to_messages(value)) == value


def test_messages_that_end_too_early_are_no_value() -> None:
    messages = list(to_messages(parse_turtle(b"<a:a> a <http://www.w3.org/2004/02/skos/core#Concept> .")))
    assert from_messages(iter(messages)).concepts
    for fewer in ([], messages[:1]):
        with pytest.raises((KeyError, ValueError)):
            from_messages(iter(fewer))


def unordered(value: VocabularyValue) -> VocabularyValue:
    concepts = tuple(
        replace(
            one,
            labels=tuple(sorted(one.labels, key=repr)),
            notes=tuple(sorted(one.notes, key=repr)),
            related=tuple(sorted(one.related)),
            matches=tuple(sorted(one.matches)),
        )
        for one in value.concepts
    )
    groups = tuple(
        replace(
            one,
            labels=tuple(sorted(one.labels, key=repr)),
            members=one.members if one.is_ordered else tuple(sorted(one.members)),
        )
        for one in value.collections
    )
    return replace(value, concepts=concepts, problems=(), collections=groups)


def test_collections_keep_their_order_their_types_and_what_else_is_said() -> None:
    value = read("""
        @prefix iso: <http://purl.org/iso25964/skos-thes#> .
        ex:s a skos:ConceptScheme ; dct:description "What it is for"@en .
        ex:a a skos:Concept ; skos:inScheme ex:s ; skos:prefLabel "A" .
        ex:b a skos:Concept ; skos:inScheme ex:s ; skos:prefLabel "B" .
        ex:o a skos:OrderedCollection ; skos:prefLabel "first B"@en ; skos:memberList ( ex:b ex:a ) .
        ex:g a iso:ConceptGroup ; skos:member ex:a, ex:o ; skos:note "n"@en ; iso:superGroup ex:h .
    """)
    assert value.description == {"en": "What it is for"}
    ordered, group = value.collections
    assert ordered.is_ordered
    assert [uri[-1] for uri in ordered.members] == ["b", "a"]
    assert ordered.extra == ""
    assert [uri[-1] for uri in group.members] == ["a", "o"]
    assert (group.notes[0].text, group.is_ordered) == ("n", False)
    assert {line.split()[1].rpartition("#")[2] for line in group.extra.split("\n")} == {
        "type>",
        "superGroup>",
    }
    assert parse_turtle(write_turtle(value)) == replace(
        value, problems=parse_turtle(write_turtle(value)).problems
    )
    assert value.lines["http://example.org/b"] == value.lines["http://example.org/a"] + 1


def test_a_list_that_is_no_plain_list_stays_as_it_is() -> None:
    value = read("""
        ex:a a skos:Concept ; skos:prefLabel "A" .
        ex:o a skos:OrderedCollection ; skos:memberList ( ex:a ex:a ) .
    """)
    (group,) = value.collections
    assert (group.members, group.is_ordered) == ((), False)
    assert group.extra.count("#first") == 2
    assert parse_turtle(write_turtle(value)).collections == value.collections
