"""Whatever is done to a vocabulary while people answer: nothing is lost, and everything counts for its living heir."""

from collections import Counter
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.models import Annotation, AnnotationConcept
from annotation.webanno import read
from campaigns.models import Contribution
from problems import Problem
from taxonomy.actions.editing import (
    add_concept,
    deprecate_concept,
    merge_concepts,
    move_concept,
    restore_concept,
    split_concept,
    undo_change,
)
from taxonomy.heirs import steps_of, successors_in
from taxonomy.models import Concept, Vocabulary, VocabularyChange
from taxonomy.skos import ConceptValue, LabelValue
from taxonomy.succession import Step, counted_as, heir, in_force, predecessors, successors
from tests.annotation.conftest import make_layer
from tests.campaigns.conftest import make_manifest
from tests.campaigns.outcomes import ONE, answer, located

pytestmark = pytest.mark.django_db

NUMBERS = st.integers(0, 99)
OPERATIONS = st.one_of(
    st.tuples(st.just("say"), st.lists(NUMBERS, min_size=1, max_size=3)),
    st.tuples(st.just("merge"), st.lists(NUMBERS, min_size=1, max_size=2), NUMBERS),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["deprecate", "restore", "add", "split"]), NUMBERS),
    st.tuples(st.just("move"), NUMBERS, NUMBERS),
)


class Room:
    """A vocabulary, a layer, and what has been said so far."""

    def __init__(self, vocabulary: Vocabulary, layer, canvas, by) -> None:
        self.vocabulary, self.layer, self.canvas, self.by = vocabulary, layer, canvas, by
        self.said: dict[UUID, tuple[list[str], int]] = {}

    def pick(self, number: int) -> Concept:
        rows = list(
            Concept.objects.filter(vocabulary=self.vocabulary)
            .order_by("pk")
            .select_related("vocabulary", "parent")
        )
        return rows[number % len(rows)]

    def say(self, numbers: list[int]) -> None:
        """Somebody whose page is as old as may be names any concept, also those out of use."""
        concepts = list({one.pk: one for one in map(self.pick, numbers)}.values())
        new = NewAnnotation(
            id=uuid4(), layer=self.layer, canvas=self.canvas, motivations=("tagging",),
            concept_ids=tuple(one.pk for one in concepts),
            document={
                "type": "Annotation", "motivation": "tagging", "target": self.canvas.uri,
                "body": [{"type": "SpecificResource", "source": one.uri, "purpose": "classifying"} for one in concepts],
            },
        )  # fmt: skip
        add_annotations([new])
        version = Vocabulary.objects.get(pk=self.vocabulary.pk).version
        self.said[new.id] = ([one.uri for one in concepts], version)

    def merge(self, numbers: list[int], target: int) -> None:
        sources = list({one.pk: one for one in map(self.pick, numbers)}.values())
        merge_concepts(sources, self.pick(target), by=self.by)

    def undo(self, back: int) -> None:
        changes = list(VocabularyChange.objects.filter(vocabulary=self.vocabulary)[: back + 1])
        if changes:
            undo_change(changes[-1], by=self.by)

    def deprecate(self, number: int) -> None:
        deprecate_concept(self.pick(number), by=self.by)

    def restore(self, number: int) -> None:
        restore_concept(self.pick(number), by=self.by)

    def add(self, number: int) -> None:
        add_concept(self.vocabulary, value(), parent=self.pick(number).pk, by=self.by)

    def split(self, number: int) -> None:
        split_concept(self.pick(number), [value(), value()], by=self.by)

    def move(self, number: int, below: int) -> None:
        move_concept(self.pick(number), parent=self.pick(below).pk, by=self.by)


def value() -> ConceptValue:
    return ConceptValue(uri="", labels=(LabelValue("pref", "en", uuid4().hex),))


def recomputed(uris: list[str], version: int, steps: list[Step]) -> list[str]:
    """What an annotation counts as, from its document and the log alone: as when it was said, then step by step.

    A restoration does not call back what was said before it, so each merge is followed from where one stood. A
    merge that has been taken back since never was, also for what was said while it stood.
    """
    in_the_end = in_force(steps)
    before = successors([step for step in in_the_end if step.version <= version])
    now = counted_as(uris, before)
    standing = [step for step in in_the_end if step.operation == "merge" and step.version > version]
    for step in standing:
        now = list(dict.fromkeys(step.target if uri in step.sources else uri for uri in now))
    return now


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(OPERATIONS, min_size=3, max_size=14))
def test_every_annotation_counts_for_exactly_its_living_heirs(vocabulary, owner, operations):
    with transaction.atomic():
        owner.is_superuser = True
        owner.save()
        canvas = make_manifest(1, owner).canvases.get()
        room = Room(vocabulary, make_layer(owner), canvas, owner)
        documents: dict[UUID, object] = {}
        for name, *arguments in operations:
            try:
                with transaction.atomic():
                    getattr(room, name)(*arguments)
            except Problem:
                continue  # what cannot be done to this vocabulary is refused, and changes nothing
            documents |= dict(Annotation.objects.exclude(pk__in=documents).values_list("pk", "document"))
        assert documents == dict(Annotation.objects.values_list("pk", "document"))
        assert documents.keys() == room.said.keys()
        steps = steps_of(vocabulary.pk)
        for pk, (uris, version) in room.said.items():
            assert list(read(documents[pk]).concepts) == uris
            links = AnnotationConcept.objects.filter(annotation=pk).select_related("concept", "said")
            assert {link.concept.uri for link in links} == set(recomputed(uris, version, steps)), (
                steps,
                uris,
                version,
            )
            assert {link.said.uri for link in links if link.said} <= set(uris)
            assert all(link.said or link.concept.uri in uris for link in links)
        transaction.set_rollback(True)


def test_successors_are_those_of_the_log(vocabulary, owner, clef):
    owner.is_superuser = True
    owner.save()
    g, f, c = clef("G"), clef("F"), clef("C")
    first = merge_concepts([g], f, by=owner)
    second = merge_concepts([f], c, by=owner)
    assert successors_in(vocabulary.pk) == {g.uri: f.uri, f.uri: c.uri}
    taken_back = undo_change(second, by=owner)
    assert successors_in(vocabulary.pk) == {g.uri: f.uri}
    undo_change(taken_back, by=owner)
    assert successors_in(vocabulary.pk) == {g.uri: f.uri, f.uri: c.uri}
    assert first.version == 2


def test_chains_end_and_loops_do_not_catch_anybody():
    chain = {"a": "b", "b": "c"}
    assert (heir("a", chain), heir("c", chain), heir("x", chain)) == ("c", "c", "x")
    assert counted_as(["a", "x", "b"], chain) == ["c", "x"]
    assert predecessors("b", chain) == {"a", "b"}
    assert heir("a", {"a": "b", "b": "a"}) in {"a", "b"}
    assert predecessors("x", {"a": "b", "b": "a"}) == {"x"}


def test_answers_count_as_heirs_and_stay_as_said(vocabulary, owner, make_campaign, clef):
    owner.is_superuser = True
    owner.save()
    campaign = make_campaign(pages=2, overlap=2)
    answer(campaign, {page: [located([(ONE, clef("G"))]), located([(ONE, clef("F"))])] for page in range(2)})
    before = dict(Contribution.objects.values_list("pk", "answer"))
    merge_concepts([clef("G"), clef("F")], clef("C"), by=owner)
    assert dict(Contribution.objects.values_list("pk", "answer")) == before
    links = AnnotationConcept.objects.values_list("concept__notation", "said__notation")
    assert Counter(links) == {("C", "G"): 2, ("C", "F"): 2}
