"""Edits of a thesaurus as values: whatever is done, it stays a forest, and no name is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy import editing
from taxonomy.editing import CannotChange
from taxonomy.skos import ConceptValue, LabelValue, NoteValue
from taxonomy.tree import Tree


def concept(name: str, *broader: str, position: int = 0, **fields: object) -> ConceptValue:
    labels = (LabelValue("pref", "en", name), LabelValue("alt", "en", f"{name} too"))
    return ConceptValue(uri=f"urn:{name}", labels=labels, broader=broader, position=position, **fields)


class House:
    """A thesaurus as a mapping, and the neighbourhoods that the verbs want to see."""

    def __init__(self, concepts):
        self.concepts = {one.uri: one for one in concepts}

    def apply(self, changed):
        self.concepts |= changed

    def below(self, uri):
        found = [one for one in self.concepts.values() if one.broader[:1] == ((uri,) if uri else ())]
        return sorted(found, key=lambda one: (one.position, one.uri))

    def around(self, *uris):
        wanted = set(uris)
        return [
            one
            for one in self.concepts.values()
            if one.uri not in wanted and wanted & {*one.broader, *one.related}
        ]

    def above(self, uri):
        tree = Tree({one.uri: one.broader[0] if one.broader else None for one in self.concepts.values()})
        return tree.ancestors(uri)

    def check(self):
        Tree({one.uri: one.broader[0] if one.broader else None for one in self.concepts.values()})
        for one in self.concepts.values():
            for uri in one.related:
                assert one.uri in self.concepts[uri].related, "related is symmetric"
            if not one.deprecated:
                assert not any(self.concepts[uri].deprecated for uri in one.broader), (
                    "in use below one in use"
                )


def forest(*edges: str) -> House:
    """`forest("a", "b a")`: b is narrower than a."""
    concepts = []
    for place, edge in enumerate(edges):
        name, *parents = edge.split()
        concepts.append(concept(name, *(f"urn:{parent}" for parent in parents), position=place))
    return House(concepts)


def test_a_new_concept_takes_the_place_it_is_given():
    house = forest("animal", "dog animal", "cat animal")
    changed = editing.add(
        concept("hare"), parent=house.concepts["urn:animal"], siblings=house.below("urn:animal"), place=1
    )
    house.apply(changed)
    assert [one.uri for one in house.below("urn:animal")] == ["urn:dog", "urn:hare", "urn:cat"]
    with pytest.raises(CannotChange) as twice:
        editing.add(concept("dog"), parent=house.concepts["urn:animal"], siblings=house.below("urn:animal"))
    assert twice.value.code == "label-of-sibling"


def test_nothing_is_moved_below_itself():
    house = forest("a", "b a", "c b")
    with pytest.raises(CannotChange) as loop:
        editing.move(
            house.concepts["urn:a"], parent=house.concepts["urn:c"], above=house.above("urn:c"), siblings=[]
        )
    assert loop.value.code == "loop"


def test_a_merge_takes_over_names_children_and_links():
    house = forest("animal", "hare animal", "rabbit animal", "brown hare", "wolf animal")
    hare = replace(
        house.concepts["urn:hare"],
        labels=(LabelValue("pref", "en", "hare"), LabelValue("pref", "fr", "lièvre")),
        notes=(NoteValue("scopeNote", "en", "Long ears."),),
        related=("urn:wolf",),
        matches=(("exactMatch", "https://www.wikidata.org/entity/Q46076"),),
    )
    house.apply({hare.uri: hare, "urn:wolf": replace(house.concepts["urn:wolf"], related=(hare.uri,))})
    house.apply(
        editing.merge(
            [hare],
            house.concepts["urn:rabbit"],
            above=house.above("urn:rabbit"),
            around=house.around(hare.uri),
        )
    )
    rabbit, gone = house.concepts["urn:rabbit"], house.concepts[hare.uri]
    assert LabelValue("alt", "en", "hare") in rabbit.labels
    assert LabelValue("pref", "fr", "lièvre") in rabbit.labels, "it had no French name"
    assert (rabbit.notes, rabbit.related, rabbit.matches) == (hare.notes, hare.related, hare.matches)
    assert house.concepts["urn:brown"].broader == ("urn:rabbit",)
    assert house.concepts["urn:wolf"].related == ("urn:rabbit",)
    assert (gone.deprecated, gone.replaced_by) == (True, ("urn:rabbit",))
    house.check()


def test_a_target_below_its_source_takes_the_place_of_the_highest():
    house = forest("root", "a root", "b a", "c b", "d c")
    sources = [house.concepts["urn:a"], house.concepts["urn:b"]]
    house.apply(
        editing.merge(
            sources,
            house.concepts["urn:c"],
            above=house.above("urn:c"),
            around=house.around("urn:a", "urn:b"),
        )
    )
    assert house.concepts["urn:c"].broader == ("urn:root",)
    house.check()


def test_a_split_puts_the_parts_where_the_concept_stood():
    house = forest("animal", "dog animal", "lagomorph animal", "cat animal", "arctic lagomorph")
    house.apply(
        editing.split(
            house.concepts["urn:lagomorph"],
            [concept("hare"), concept("rabbit")],
            siblings=house.below("urn:animal"),
            around=house.around("urn:lagomorph"),
            narrower={"urn:arctic": "urn:hare"},
        )
    )
    standing = [one.uri for one in house.below("urn:animal") if not one.deprecated]
    assert standing == ["urn:dog", "urn:hare", "urn:rabbit", "urn:cat"]
    assert house.concepts["urn:arctic"].broader == ("urn:hare",)
    assert house.concepts["urn:lagomorph"].replaced_by == ("urn:hare", "urn:rabbit")
    house.check()


def test_what_stood_below_a_deprecated_concept_moves_up():
    house = forest("animal", "mammal animal", "dog mammal")
    house.apply(editing.deprecate(house.concepts["urn:mammal"], around=house.around("urn:mammal")))
    assert house.concepts["urn:dog"].broader == ("urn:animal",)
    house.apply(editing.restore(house.concepts["urn:mammal"], parent=house.concepts["urn:animal"]))
    assert not house.concepts["urn:mammal"].deprecated
    house.check()


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        ((), "no-label"),
        ((LabelValue("alt", "en", "x"),), "no-label"),
        ((LabelValue("pref", "en", "x"), LabelValue("pref", "en", "y")), "two-preferred-labels"),
        ((LabelValue("pref", "en", "x"), LabelValue("alt", "en", "  ")), "bad-label"),
        ((LabelValue("pref", "en", "x" * 501),), "label-too-long"),
    ],
)
def test_labels_that_cannot_stand_are_refused(labels, code):
    before = concept("a")
    with pytest.raises(CannotChange) as refused:
        editing.describe(before, replace(before, labels=labels))
    assert refused.value.code == code


names = st.sampled_from("abcdefgh")


@settings(max_examples=200, deadline=None)
@given(
    parents=st.lists(st.integers(-1, 7), min_size=8, max_size=8),
    steps=st.lists(
        st.tuples(st.sampled_from(["move", "merge", "deprecate", "split"]), names, names), max_size=12
    ),
)
def test_whatever_is_done_the_forest_stands_and_no_name_is_lost(parents, steps):
    edges = [
        f"{name} {'abcdefgh'[parent]}" if 0 <= parent < place else name
        for place, (name, parent) in enumerate(zip("abcdefgh", parents, strict=True))
    ]
    house = forest(*edges)
    texts = {label.text for one in house.concepts.values() for label in one.labels}
    for number, (verb, first, second) in enumerate(steps):
        one, other = house.concepts[f"urn:{first}"], house.concepts[f"urn:{second}"]
        try:
            if verb == "move":
                changed = editing.move(
                    one, parent=other, above=house.above(other.uri), siblings=house.below(other.uri)
                )
            elif verb == "merge":
                changed = editing.merge(
                    [one], other, above=house.above(other.uri), around=house.around(one.uri)
                )
            elif verb == "split":
                changed = editing.split(
                    one,
                    [concept(f"{first}{number}x"), concept(f"{first}{number}y")],
                    siblings=house.below(one.broader[0] if one.broader else ""),
                    around=house.around(one.uri),
                )
            else:
                changed = editing.deprecate(one, around=house.around(one.uri))
        except CannotChange:
            continue
        house.apply(changed)
        house.check()
    living = {label.text for one in house.concepts.values() for label in one.labels}
    assert texts <= living
