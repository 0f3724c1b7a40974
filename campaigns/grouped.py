"""Groupings in use: the class of every concept, and how the annotations of a layer distribute over the classes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.roles import Person
from annotation.permissions import visible_layers
from annotation.queries import concept_totals
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for, get_release_for
from problems import Invalid, Missing
from taxonomy.grouping import ClassRow, class_table
from taxonomy.heirs import heirs_of
from taxonomy.models import Concept, Grouping, Vocabulary
from taxonomy.queries import labels_in, tree_of
from taxonomy.tree import Tree

OUTSIDE = "outside"  # what no class takes in is one class more: nothing is left out in silence


def get_grouping(vocabulary: Vocabulary, pk: UUID) -> Grouping:
    """A grouping of a vocabulary that has been fetched through its gate. Raises `Missing`."""
    row = Grouping.objects.filter(vocabulary=vocabulary, pk=pk).select_related("vocabulary").first()
    if row is None:
        raise Missing("The vocabulary has no such grouping.")
    return row


def living_classes(grouping: Grouping) -> list[UUID]:
    """The classes in the order of the tree; one that was merged away stands for its heir."""
    classes = list(grouping.classes.order_by("preorder").values_list("pk", flat=True))
    heirs = heirs_of(classes)
    return list(dict.fromkeys(heirs.get(pk, pk) for pk in classes))


def classes_for(grouping: Grouping, concepts: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """The class that each of these concepts counts for, None outside all of them; a few queries for any number.

    What agreement calls: a concept of another vocabulary has no class, one that was merged away counts where its
    heir does.
    """
    homes = homes_in(grouping.vocabulary, living_classes(grouping))
    return {concept: homes.get(concept) for concept in concepts}


def homes_in(vocabulary: Vocabulary, classes: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The same for every concept of a vocabulary, with classes that may have been merged away meanwhile."""
    tree = tree_of(vocabulary)
    gone = Concept.objects.filter(vocabulary=vocabulary, status=Concept.Status.DEPRECATED)
    heirs = heirs_of(gone.values_list("pk", flat=True))
    living = {heirs.get(one, one) for one in classes}
    homes = tree.roll_up(tree, [one for one in tree if one in living])
    return {concept: homes[heirs.get(concept, concept)] for concept in tree}


def text_tree(vocabulary: Vocabulary) -> Tree[str]:
    """The tree of a vocabulary with ids as texts, as answers have them; one query."""
    rows = Concept.objects.filter(vocabulary=vocabulary).order_by("preorder", "pk")
    pairs = rows.values_list("pk", "parent_id")
    return Tree({str(pk): None if parent is None else str(parent) for pk, parent in pairs})


def campaign_tree(campaign: Campaign) -> Tree[str] | None:
    """The tree on which answers are merged; None where a coarser one contradicts a finer one. One query."""
    if not campaign.question.get("coarser_counts"):
        return None
    tree = text_tree(campaign.vocabulary)
    if campaign.branch_id is None:
        return tree
    top = str(campaign.branch_id)
    return Tree({one: None if one == top else tree.parent(one) for one in tree.branch([top])})


def grouping_as_json(grouping: Grouping) -> dict[str, Any]:
    """The grouping as a release keeps it."""
    return {
        "id": str(grouping.pk),
        "title": dict(grouping.title),
        "rule": dict(grouping.rule),
        "modified_at": grouping.modified_at.isoformat(),
        "classes": [str(pk) for pk in living_classes(grouping)],
    }


def counts_for(person: Person, source: Mapping[str, Any]) -> dict[UUID, int]:
    """Annotations a concept of what `source` names, through its gate: `layer`, `campaign` or `release`; else none.

    Of a campaign its ground truth as it stands, of a release what its manifest has counted.
    """
    named = [name for name in ("layer", "campaign", "release") if source.get(name)]
    if len(named) > 1:
        raise Invalid(
            "Count the annotations of a layer, of a campaign or of a release, not of several at once.",
            pointer=f"/{named[1]}",
            code="several-sources",
        )
    if source.get("release"):
        counted = get_release_for(person, source["release"]).manifest.get("counts", {}).get("concepts", [])
        return {UUID(row["id"]): row["count"] for row in counted}
    layer = source.get("layer")
    if source.get("campaign"):
        layer = get_campaign_for(person, source["campaign"], "view").ground_truth_layer_id
    if not layer:
        return {}
    if not visible_layers(person).filter(pk=layer).exists():
        raise Missing("There is no layer at this address, or you may not see it.")
    return concept_totals(layer)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How annotations distribute over classes: the rows, their sum, and what is in none of them."""

    rows: tuple[ClassRow[UUID], ...]
    covered: int
    outside: tuple[tuple[UUID, int], ...]
    labels: Mapping[UUID, str]

    @property
    def uncovered(self) -> int:
        return sum(count for _concept, count in self.outside)

    def as_json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "classes": [
                {
                    **self._named(row.concept),
                    "own": row.own,
                    "total": row.total,
                    "members": [{**self._named(pk), "count": count} for pk, count in row.members],
                }
                for row in self.rows
            ],
            "covered": self.covered,
            "uncovered": self.uncovered,
            "outside": [{**self._named(pk), "count": count} for pk, count in self.outside],
        }

    def lines(self) -> Iterable[list[str | int]]:
        """The table original → regrouped, a line for each concept that was given."""
        yield ["class", "class_id", "concept", "concept_id", "count"]
        for row in self.rows:
            for pk, count in row.members or ((row.concept, 0),):
                yield [self._label(row.concept), str(row.concept), self._label(pk), str(pk), count]
        for pk, count in self.outside:
            yield ["", "", self._label(pk), str(pk), count]

    def _named(self, pk: UUID) -> dict[str, Any]:
        return {"id": str(pk), "label": self._label(pk)}

    def _label(self, pk: UUID) -> str:
        return self.labels.get(pk, "")


def distribution(
    vocabulary: Vocabulary, classes: Sequence[UUID], counts: Mapping[UUID, int], language: str
) -> Distribution:
    """The class table with labels in a language; three queries."""
    tree = tree_of(vocabulary)
    rows = class_table(tree, classes, counts)
    said = {pk for row in rows for pk, _count in row.members}
    outside = sorted(((pk, n) for pk, n in counts.items() if n and pk not in said), key=lambda pair: -pair[1])
    named = {*classes, *said, *(pk for pk, _n in outside)}
    labels = labels_in(named, language)
    rest = Concept.objects.filter(pk__in=named - labels.keys()).values_list("pk", "notation", "uri")
    labels |= {pk: notation or uri for pk, notation, uri in rest}
    return Distribution(tuple(rows), sum(row.total for row in rows), tuple(outside), labels)
