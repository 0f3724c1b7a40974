"""Who may see and change a vocabulary."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Decision, Person, allow, verbs_of, visible_to
from problems import Missing, Refused
from taxonomy.models import Vocabulary

PUBLIC = Q(is_public=True)


def visible_vocabularies(person: Person) -> QuerySet[Vocabulary]:
    """The vocabularies that the person may read, by name (said aloud, so that counting keeps the order)."""
    return visible_to(person, Vocabulary.objects.order_by("slug"), public=PUBLIC)


def get_vocabulary_for(person: Person, slug: str, verb: str) -> Vocabulary:
    """The one gate to a vocabulary: `view`, `manage` or `own`."""
    vocabulary = Vocabulary.objects.filter(slug=slug).first()
    if vocabulary is None:
        raise Missing("There is no vocabulary of this name, or you may not see it.")
    if verb == "view" and vocabulary.is_public:
        return vocabulary
    held = verbs_of(person, vocabulary)
    decision = Decision(verb in held, "Only the people who look after this vocabulary may change it.")
    return allow(person, vocabulary, verb, visible=vocabulary.is_public or "view" in held, decision=decision)


def require_manager(vocabulary: Vocabulary, person: User) -> None:
    """Refuse to change a vocabulary that the person does not look after."""
    if "manage" not in verbs_of(person, vocabulary):
        raise Refused("Only the people who look after this vocabulary may change it.")
