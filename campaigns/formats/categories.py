"""What a release's tables and detectors call an annotation: its concepts, or the classes of a grouping of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.formats.values import GroundTruth, ReleasedConcept, ReleasedItem

# What no class takes in is a category of its own: nothing is left out in silence.
OUTSIDE = "(no class)"


@dataclass(frozen=True, slots=True)
class Category:
    """One name for an item: the concept or class, None outside all classes, and the concepts that were given."""

    concept: ReleasedConcept | None
    said: tuple[ReleasedConcept, ...]

    @property
    def name(self) -> str:
        return self.concept.name() if self.concept else OUTSIDE


class Categories:
    """The categories of a release, in its order, and those of its items."""

    def __init__(self, release: GroundTruth) -> None:
        self._by_id = {concept.id: concept for concept in release.concepts}
        self.grouping = release.grouping
        listed = self.grouping["classes"] if self.grouping else self._by_id
        self.concepts = [self._by_id[one] for one in self._by_id if one in listed]

    def of(self, item: ReleasedItem) -> Iterator[Category]:
        """One for each concept, or each class among them. Raises ValueError for a concept that is not released."""
        said = [self._known(item, concept) for concept in item.concepts]
        if not self.grouping:
            yield from (Category(concept, (concept,)) for concept in said)
            return
        classes: dict[str | None, list[ReleasedConcept]] = {}
        for concept in said:
            classes.setdefault(self.class_of(concept.id), []).append(concept)
        for one, members in classes.items():
            yield Category(self._by_id[one] if one else None, tuple(members))

    def class_of(self, concept: str) -> str | None:
        """The class of a concept: itself, or the nearest above; None outside all."""
        members: Mapping[str, str] = self.grouping["members"] if self.grouping else {}
        return members.get(concept)

    def parent_of(self, category: ReleasedConcept) -> ReleasedConcept | None:
        """The nearest category above; concepts that are none are passed over."""
        here = {concept.id for concept in self.concepts}
        above = category.parent
        while above is not None and above not in here:
            above = self._by_id[above].parent if above in self._by_id else None
        return self._by_id[above] if above else None

    def _known(self, item: ReleasedItem, concept: str) -> ReleasedConcept:
        if concept not in self._by_id:
            raise ValueError(
                f"Annotation {item.annotation} names '{concept}', which is not part of the release."
            )
        return self._by_id[concept]


def described(release: GroundTruth) -> dict[str, Any] | None:
    """The grouping as the manifest names it: which, of which version, its classes, what was counted as what."""
    if not release.grouping:
        return None
    categories = Categories(release)
    totals: dict[str, int] = {}
    outside = 0
    members: dict[str, str] = {}
    for item in release.items:
        for category in categories.of(item):
            if category.concept is None:
                outside += 1
                continue
            totals[category.concept.id] = totals.get(category.concept.id, 0) + 1
            members |= {one.id: category.concept.id for one in category.said}
    return {
        **{name: value for name, value in release.grouping.items() if name != "members"},
        "classes": [
            {"id": one.id, "uri": one.uri, "label": one.name(), "count": totals.get(one.id, 0)}
            for one in categories.concepts
        ],
        "members": dict(sorted(members.items())),
        "outside": outside,
    }
