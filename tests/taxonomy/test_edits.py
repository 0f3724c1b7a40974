"""Edits in the database: permitted, logged, foreseen, taken back; two at once do not write over each other."""

from dataclasses import replace

import pytest

from problems import Conflict, Invalid, Missing, Refused, Stale
from taxonomy.actions.editing import (
    add_concept,
    deprecate_concept,
    describe_concept,
    foresee,
    merge_concepts,
    move_concept,
    restore_concept,
    split_concept,
    undo_change,
)
from taxonomy.actions.groupings import classes_by, save_grouping
from taxonomy.documents import values_of, vocabulary_value
from taxonomy.models import Concept
from taxonomy.signals import Touched, foreseeing, merged, unmerged
from taxonomy.skos import ConceptValue, LabelValue, read_turtle, write_turtle

pytestmark = pytest.mark.django_db
CLEFS = "https://example.org/clefs/"


def named(vocabulary, name) -> Concept:
    return Concept.objects.select_related("vocabulary", "parent").get(vocabulary=vocabulary, uri=CLEFS + name)


def value(vocabulary, name) -> ConceptValue:
    return values_of(vocabulary, [CLEFS + name])[CLEFS + name]


def whole(vocabulary):
    """Everything that is said, without the running numbers of places."""
    return {one.uri: replace(one, position=0) for one in vocabulary_value(vocabulary).concepts}


def new(label, language="en", **fields):
    return ConceptValue(uri="", labels=(LabelValue("pref", language, label),), **fields)


def test_a_concept_is_added_under_an_address_of_ours(clefs, owner):
    concept = add_concept(clefs, new("G clef on line 1"), parent=named(clefs, "g").pk, by=owner)
    assert concept.uri == f"http://localhost:8000/vocab/clefs/{concept.pk}"
    assert concept.ancestors == [named(clefs, "clef").pk, named(clefs, "g").pk]
    change = clefs.changes.first()
    assert (change.operation, change.version, change.by) == ("add", clefs.version, owner)
    assert change.detail["concepts"][concept.uri][0] is None


def test_a_label_is_changed_and_the_change_taken_back(clefs, owner):
    before = whole(clefs)
    after = replace(value(clefs, "f"), labels=(LabelValue("pref", "en", "bass clef"),), notation="Fb")
    change = describe_concept(named(clefs, "f"), after, by=owner)
    assert value(clefs, "f").labels == after.labels
    assert describe_concept(named(clefs, "f"), after, by=owner) is None, "nothing to do, nothing logged"
    undo = undo_change(change, by=owner)
    assert (undo.operation, undo.undoes) == ("undo", change)
    assert whole(clefs) == before
    with pytest.raises(Conflict):
        undo_change(change, by=owner)


def test_related_concepts_are_related_both_ways(clefs, owner):
    describe_concept(named(clefs, "f"), replace(value(clefs, "f"), related=(CLEFS + "c",)), by=owner)
    assert value(clefs, "c").related == (CLEFS + "f",)
    describe_concept(named(clefs, "c"), replace(value(clefs, "c"), related=()), by=owner)
    assert value(clefs, "f").related == ()
    with pytest.raises(Invalid):
        describe_concept(named(clefs, "f"), replace(value(clefs, "f"), related=("urn:x",)), by=owner)


def test_a_branch_moves_with_all_below_it(clefs, owner):
    before = whole(clefs)
    change = move_concept(named(clefs, "c"), parent=named(clefs, "f").pk, by=owner)
    tenor = named(clefs, "tenor")
    assert tenor.ancestors == [named(clefs, name).pk for name in ("clef", "f", "c")]
    with pytest.raises(Invalid) as loop:
        move_concept(named(clefs, "f"), parent=tenor.pk, by=owner)
    assert loop.value.code == "loop"
    undo_change(change, by=owner)
    assert whole(clefs) == before


def test_a_merge_is_announced_and_can_be_taken_back(clefs, owner):
    heard = []

    def hear(signal, **said):
        heard.append((said["sources"], said["target"]))

    merged.connect(hear)
    unmerged.connect(hear)
    try:
        before = whole(clefs)
        change = merge_concepts([named(clefs, "c")], named(clefs, "f"), by=owner)
        gone = named(clefs, "c")
        assert (gone.status, named(clefs, "tenor").parent) == ("deprecated", named(clefs, "f"))
        assert value(clefs, "c").replaced_by == (CLEFS + "f",)
        assert LabelValue("hidden", "en", "aleto cleff") in value(clefs, "f").labels
        undo_change(change, by=owner)
        assert heard == [([gone.pk], named(clefs, "f").pk)] * 2
        assert whole(clefs) == before
    finally:
        merged.disconnect(hear)
        unmerged.disconnect(hear)


def test_what_has_been_changed_since_is_not_taken_back(clefs, owner):
    change = merge_concepts([named(clefs, "c")], named(clefs, "f"), by=owner)
    later = describe_concept(named(clefs, "f"), replace(value(clefs, "f"), notation="9"), by=owner)
    with pytest.raises(Conflict) as since:
        undo_change(change, by=owner)
    assert since.value.code == "changed-since"
    undo_change(later, by=owner)
    undo_change(change, by=owner)


def test_a_split_makes_the_parts_and_keeps_the_whole(clefs, owner):
    split_concept(named(clefs, "c"), [new("alto clef"), new("baritone clef")], by=owner)
    gone = value(clefs, "c")
    assert gone.deprecated
    parts = Concept.objects.filter(uri__in=gone.replaced_by).order_by("preorder")
    assert [str(p.labels.get()) for p in parts] == ["alto clef", "baritone clef"]
    assert named(clefs, "tenor").parent == parts[0]


def test_a_deprecated_concept_comes_back(clefs, owner):
    deprecate_concept(named(clefs, "c"), replaced_by=[named(clefs, "f")], by=owner)
    assert named(clefs, "tenor").parent == named(clefs, "clef")
    restore_concept(named(clefs, "c"), by=owner)
    assert value(clefs, "c").replaced_by == ()


def test_only_who_looks_after_a_vocabulary_changes_it(clefs, stranger):
    with pytest.raises(Refused):
        add_concept(clefs, new("x"), parent=None, by=stranger)
    with pytest.raises(Refused):
        foresee(clefs, "merge", [named(clefs, "c")], by=stranger)


def test_a_concept_of_another_vocabulary_is_no_parent(clefs, bring, owner):
    other = bring("label_en\nfish\n", "fish.csv").vocabulary
    with pytest.raises(Missing):
        add_concept(clefs, new("x"), parent=other.concepts.first().pk, by=owner)


def test_who_has_seen_an_older_state_is_told(clefs, owner):
    seen = clefs.version
    describe_concept(named(clefs, "f"), replace(value(clefs, "f"), notation="1"), by=owner, seen=seen)
    describe_concept(named(clefs, "g"), replace(value(clefs, "g"), notation="2"), by=owner, seen=seen)
    with pytest.raises(Stale):
        describe_concept(named(clefs, "f"), replace(value(clefs, "f"), notation="3"), by=owner, seen=seen)


def test_every_room_says_what_a_change_would_touch(clefs, owner):
    def tell(signal, **said):
        return [Touched("annotations", len(said["concepts"]), "They will carry another label.")]

    foreseeing.connect(tell)
    try:
        touched = foresee(clefs, "merge", [named(clefs, "c")], by=owner)
        assert {one.kind: one.count for one in touched}.items() >= {"concepts": 1, "annotations": 1}.items()
        assert whole(clefs)[CLEFS + "c"].deprecated is False
    finally:
        foreseeing.disconnect(tell)


def test_what_was_edited_leaves_as_skos_and_comes_back_the_same(clefs, owner):
    merge_concepts([named(clefs, "c")], named(clefs, "f"), by=owner)
    said = vocabulary_value(clefs)
    back = read_turtle(write_turtle(said))
    assert [p for p in back.problems if p.severity == "error"] == []
    originals = {one.uri: one for one in said.concepts}
    for one in back.concepts:
        assert replace(one, position=0, related=()) == replace(originals[one.uri], position=0, related=())


def test_a_class_that_is_merged_leaves_its_place_to_the_other(clefs, owner):
    rule = {"kind": "chosen", "concepts": [str(named(clefs, "c").pk), str(named(clefs, "g").pk)]}
    grouping = save_grouping(
        clefs, title={"en": "Two"}, rule=rule, classes=classes_by(clefs, rule, {}), by=owner
    )
    merge_concepts([named(clefs, "c")], named(clefs, "f"), by=owner)
    assert named(clefs, "f") in grouping.classes.all()
    with pytest.raises(Invalid):
        classes_by(clefs, {"kind": "chosen", "concepts": ["x"]}, {})
    with pytest.raises(Invalid):
        classes_by(clefs, {"kind": "depth", "depth": -1}, {})
    assert len(classes_by(clefs, {"kind": "depth", "depth": 1}, {})) == 3
