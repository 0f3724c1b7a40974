"""A field in which concepts of a vocabulary are picked by typing: what is picked stays, what is found is offered.

The same parts work with and without a script. What is picked and what is found are check boxes (or radio buttons)
of the field's name; the words to look for are sent as `<name>_q`, and `<name>_for` tells for which of them the boxes
on the page were found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from taxonomy.models import Concept, Vocabulary
from taxonomy.queries import NARROWER, ShownConcept, search_concepts, show

MOST_FOUND = 12
MOST_PICKED = 200
# A branch is a concept with others below it: so many are looked through for these.
LOOKED_THROUGH = 60


@dataclass(frozen=True, slots=True)
class Pick:
    """What the field shows: what is picked, the words that were looked for, what was found and how many in all."""

    name: str
    many: bool
    q: str = ""
    picked: Sequence[ShownConcept] = ()
    found: Sequence[ShownConcept] = ()
    count: int = 0

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.found))

    @property
    def ids(self) -> list[str]:
        return [str(one.id) for one in self.picked]


class _Boxes(forms.Widget):
    """Reads what was ticked; `components/concepts.html` draws it."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        sent = data.getlist(name) if isinstance(data, MultiValueDict) else list(data.get(name) or ())
        return [one for one in sent if one]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data


class ConceptsField(forms.Field):
    """Ids of concepts of one vocabulary, each once, in the order in which they were picked.

    `many`: more than one may be picked; `wide`: only those that have others below them.
    """

    widget = _Boxes

    def __init__(self, *, many: bool, wide: bool = False, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.many, self.wide = many, wide
        self.pick: Pick | None = None
        self._vocabulary: Vocabulary | None = None
        self._branch: Concept | None = None

    def offer(self, vocabulary: Vocabulary, branch: Concept | None) -> None:
        """From which vocabulary, or branch of it, concepts are found."""
        self._vocabulary, self._branch = vocabulary, branch

    def clean(self, value: Any) -> list[str]:
        ids = list(dict.fromkeys(value or ()))
        if len(ids) > (MOST_PICKED if self.many else 1):
            raise forms.ValidationError(_("These are too many. Pick one further up that takes them in."))
        known = self._known(ids)
        if len(known) < len(ids):
            raise forms.ValidationError(
                _("This concept is not part of the vocabulary."), code="unknown-concept"
            )
        if self.wide and any(not concept.children_count for concept in known.values()):  # type: ignore[attr-defined]
            raise forms.ValidationError(_("Nothing stands below it, so that no label would be left."))
        return ids

    def _known(self, ids: Sequence[str]) -> dict[str, Concept]:
        keys = [pk for pk in map(_uuid, ids) if pk]
        rows = Concept.objects.filter(vocabulary=self._vocabulary, pk__in=keys).annotate(
            children_count=NARROWER
        )
        found = {str(row.pk): row for row in rows} if keys else {}
        return {pk: found[str(_uuid(pk))] for pk in ids if str(_uuid(pk)) in found}

    def look(self, name: str, ids: Sequence[str], q: str, language: str) -> Pick:
        """What to show beside what is picked: what begins with these words, or all where there are few."""
        assert self._vocabulary is not None
        q = " ".join(q.replace("\x00", " ").split())[:200]
        picked = show(self._known(ids).values(), language)
        limit = LOOKED_THROUGH if self.wide else MOST_FOUND + len(picked)
        found, count = search_concepts(self._vocabulary, self._branch, q, language, limit)
        chosen = {one.id for one in picked}
        fit = [one for one in found if one.id not in chosen and (one.children or not self.wide)]
        left = len(fit) if self.wide and count <= limit else count - len(chosen & {one.id for one in found})
        pick = Pick(name, self.many, q, picked, fit[:MOST_FOUND], left)
        # Without words nothing is offered, unless all there is can be taken in at a glance.
        self.pick = pick if q or left <= MOST_FOUND else replace(pick, found=(), count=0)
        return self.pick


def sought(data: Mapping[str, Any], name: str) -> str:
    """The words typed into the field, when nothing has been looked up for them yet; else “”."""
    typed, shown = (" ".join(str(data.get(f"{name}_{part}", "")).split()) for part in ("q", "for"))
    return typed if typed != shown else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
