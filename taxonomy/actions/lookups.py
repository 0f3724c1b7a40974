"""Look a concept up at an authority, and match it to what was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from fetch import FetchError
from problems import Invalid
from taxonomy.actions.editing import describe_concept
from taxonomy.authorities import Authority, Candidate, Question, Unusable
from taxonomy.authorities.answers import text, web_address
from taxonomy.documents import values_of
from taxonomy.lookups import TIMEOUT_S, authority_named, held, problem_at
from taxonomy.models import Concept, MatchCandidate, Relation, Vocabulary, VocabularyChange
from taxonomy.permissions import require_manager
from taxonomy.queries import labels_in
from taxonomy.skos.triples import language_tag

KINDS = (Relation.Kind.EXACT, Relation.Kind.CLOSE, Relation.Kind.BROAD)
LONGEST_QUESTION = 200
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was looked up where, and what came of it, best first."""

    authority: Authority
    q: str
    language: str
    candidates: Sequence[Candidate]


def language_said(language: str) -> str:
    """A language tag that can stand in a request. Raises `Invalid`."""
    if not _LANGUAGE.fullmatch(language):
        raise Invalid("Name a language by its tag, such as `fr`.", pointer="/language", code="bad-language")
    return language_tag(language)


def question_about(concept: Concept, q: str, language: str) -> Question:
    """The words to look up: `q`, else the concept's own label in the language. Raises `Invalid`."""
    said = language_said(language)
    words = text(q) or labels_in([concept.pk], said).get(concept.pk, "")
    if not words:
        raise Invalid("Say what to look up.", pointer="/q", code="blank")
    if len(words) > LONGEST_QUESTION:
        raise Invalid("Look up at most 200 characters.", pointer="/q", code="too-long")
    return Question(words, said)


def look_up_concept(concept: Concept, authority: str, *, q: str, language: str, by: User) -> LookUp:
    """Ask an authority about a concept and wait for the answer, at most eight seconds.

    Raises `Refused`, `Invalid` (an unknown authority too), and `TryLater` with a sentence when the
    authority cannot be reached or understood. Nothing but the words and the language leaves the house.
    """
    require_manager(concept.vocabulary, by)
    asked = authority_named(authority)
    question = question_about(concept, q, language)
    try:
        found = held(asked.search(question), timeout_s=TIMEOUT_S)
    except (FetchError, Unusable) as error:
        raise problem_at(asked, error) from error
    return LookUp(asked, question.text, question.language, found)


def match_concept(concept: Concept, *, uri: str, kind: str, by: User) -> VocabularyChange | None:
    """Match a concept to a URI, logged as a description of it; None when it is so matched already.

    An earlier match of another kind to the same URI is replaced, since an exact match contradicts a broader one
    (SKOS Reference, section 10.4, S46). A waiting candidate of this URI is accepted
    with it, and the others of the same authority are declined.
    """
    if kind not in KINDS:
        raise Invalid("Choose an exact, a close or a broader match.", pointer="/kind", code="unknown-kind")
    if not web_address(uri):
        raise Invalid("A match leads to an address that begins with http.", pointer="/uri", code="bad-uri")
    with transaction.atomic():
        # Locked before it is read, so that nobody's edit in between is written over.
        vocabulary = Vocabulary.objects.select_for_update().get(pk=concept.vocabulary_id)
        before = values_of(vocabulary, [concept.uri])[concept.uri]
        others = tuple(match for match in before.matches if match[1] != uri)
        change = describe_concept(concept, replace(before, matches=(*others, (kind, uri))), by=by)
        _settle(concept, uri=uri, kind=kind, by=by)
    return change


def _settle(concept: Concept, *, uri: str, kind: str, by: User) -> None:
    waiting = MatchCandidate.objects.filter(concept=concept, state=MatchCandidate.State.WAITING)
    authorities = list(waiting.filter(uri=uri).values_list("authority", flat=True))
    decided = {"decided_by": by, "decided_at": Now()}
    waiting.filter(uri=uri).update(state=MatchCandidate.State.ACCEPTED, kind=kind, **decided)
    waiting.filter(authority__in=authorities).update(state=MatchCandidate.State.DECLINED, **decided)
