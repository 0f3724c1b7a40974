"""The changes of a concept that ask for another one, or for a yes: what each asks, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from problems import Invalid
from taxonomy.actions import editing
from taxonomy.documents import values_of
from taxonomy.models import Concept, VocabularyChange

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen on the page of an operation: another concept, the top of the tree, a place, a version."""

    concept: Concept
    target: Concept | None
    sent: QueryDict
    seen: int | None
    by: User

    def needed(self) -> Concept:
        if self.target is None:
            raise Invalid("Choose a concept first.", pointer="/target", code="blank")
        return self.target


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of change: whether it wants a target, its words, and the action."""

    name: str
    wants: Literal["target", "place", "perhaps", "nothing"]
    title: Text
    lead: Text
    choose: Text
    confirm: Text
    done: Text
    act: Callable[[Asked], Concept]


def _move(asked: Asked) -> Concept:
    if asked.target is None and not asked.sent.get("top"):
        raise Invalid("Choose a concept first.", pointer="/target", code="blank")
    parent = asked.target.pk if asked.target else None
    place = 0 if asked.sent.get("place") == "first" else None
    _found(editing.move_concept(asked.concept, parent=parent, place=place, by=asked.by, seen=asked.seen))
    return asked.concept


def _merge(asked: Asked) -> Concept:
    editing.merge_concepts([asked.concept], asked.needed(), by=asked.by, seen=asked.seen)
    return asked.needed()


def _deprecate(asked: Asked) -> Concept:
    instead = [asked.target] if asked.target else []
    editing.deprecate_concept(asked.concept, replaced_by=instead, by=asked.by, seen=asked.seen)
    return asked.concept


def _restore(asked: Asked) -> Concept:
    editing.restore_concept(asked.concept, by=asked.by, seen=asked.seen)
    return asked.concept


def _relate(asked: Asked) -> Concept:
    value = values_of(asked.concept.vocabulary, [asked.concept.uri])[asked.concept.uri]
    after = replace(value, related=(*value.related, asked.needed().uri))
    _found(editing.describe_concept(asked.concept, after, by=asked.by, seen=asked.seen))
    return asked.concept


def _found(change: VocabularyChange | None) -> VocabularyChange:
    if change is None:
        raise Invalid("It is so already: nothing has been changed.", code="nothing-to-do")
    return change


OPERATIONS: dict[str, Operation] = {
    one.name: one
    for one in (
        Operation(
            "move", "place", _("Move “%(concept)s”"),
            _("With all that is below it, to another place in the tree."),
            _("Below which concept?"), _("Move it"), _("The concept is moved."), _move,
        ),
        Operation(
            "merge", "target", _("Merge “%(concept)s” into another"),
            _("The other one takes over its labels, narrower concepts, links and annotations."),
            _("Into which concept?"), _("Merge them"), _("The concepts are merged."), _merge,
        ),
        Operation(
            "deprecate", "perhaps", _("Take “%(concept)s” out of use"),
            _("Nobody is offered it any more; what is narrower moves up, and annotations keep it."),
            _("What should be used instead? (optional)"), _("Take it out of use"),
            _("The concept is out of use."), _deprecate,
        ),
        Operation(
            "restore", "nothing", _("Bring “%(concept)s” back into use"),
            _("It is offered again, at the place it had."), "", _("Bring it back"),
            _("The concept is in use again."), _restore,
        ),
        Operation(
            "relate", "target", _("Relate “%(concept)s” to another"),
            _("Readers of the one are pointed to the other."), _("To which concept?"), _("Relate them"),
            _("The concepts are related."), _relate,
        ),
    )
}  # fmt: skip


def titled(operation: Operation, label: str) -> str:
    """The operation's title with the concept's name in it."""
    words: Any = operation.title
    return str(words % {"concept": label})
