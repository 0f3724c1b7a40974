"""The walk of a match run: a few concepts at a time, politely, with everything that goes wrong written down."""

from collections.abc import Sequence
from typing import NoReturn

from django.db import transaction
from django.db.models import F, QuerySet

from fetch import FetchError, HostBusy
from problems import Problem
from taxonomy.actions.matching import unmatched
from taxonomy.authorities import Authority, Candidate, Question, Unusable
from taxonomy.lookups import authority_named, held, sentence
from taxonomy.models import Concept, MatchCandidate, MatchRun
from taxonomy.queries import labels_in
from work.runner import Later, Runner

TIMEOUT_S = 30.0
PAUSE_S = 1.0  # between two requests: nobody waits for this, and others ask there as well
SLICE = 30  # talks until another job may have the worker
MOST_FAILURES = 4
FIRST_REST_S = 30.0
CANDIDATES = 5


class Walk:
    """One slice of a run. What is done stands in the run's row; raises `Later` until all have been asked about."""

    def __init__(self, runner: Runner, run: MatchRun) -> None:
        self.runner = runner
        self.run = run
        self.authority: Authority = authority_named(run.authority)

    def go(self) -> None:
        left = self._left()
        self.runner.expect(self.run.asked + left.count(), done=self.run.asked)
        for _talk in range(SLICE):
            concepts = list(self._left()[: self.authority.at_once])
            if not concepts:
                return self._finish()
            self._ask(concepts)
            self.runner.advance(len(concepts))
            self.runner.pause(PAUSE_S)
        raise Later

    def _left(self) -> QuerySet[Concept]:
        left = unmatched(self.run.vocabulary, self.authority)
        return left.filter(pk__gt=self.run.reached) if self.run.reached else left

    def _ask(self, concepts: Sequence[Concept]) -> None:
        labels = labels_in([one.pk for one in concepts], self.run.language)
        named = [one for one in concepts if labels.get(one.pk)]
        questions = [Question(labels[one.pk], self.run.language, CANDIDATES) for one in named]
        try:
            talk = self.authority.match(questions)
            found = held(talk, timeout_s=TIMEOUT_S, pause=self.runner.pause) if questions else []
        except FetchError as error:
            self._be_patient(error)
        except Unusable as error:
            # One answer that cannot be read costs only the concepts that it was about.
            self.runner.say(
                sentence(self.authority, error), severity="warning", place=", ".join(labels.values())
            )
            found = [[] for _one in named]
        self._keep(concepts, named, questions, found)

    def _keep(
        self, concepts: Sequence[Concept], named: Sequence[Concept], questions: Sequence[Question],
        found: Sequence[Sequence[Candidate]],
    ) -> None:  # fmt: skip
        rows = [
            self._row(concept, question, place, candidate)
            for concept, question, candidates in zip(named, questions, found, strict=True)
            for place, candidate in enumerate(candidates[:CANDIDATES])
        ]
        with transaction.atomic():
            # What was declined before is not proposed again.
            MatchCandidate.objects.bulk_create(rows, ignore_conflicts=True)
            MatchRun.objects.filter(pk=self.run.pk).update(
                reached=concepts[-1].pk, failures=0,
                asked=F("asked") + len(concepts), found=F("found") + sum(bool(one) for one in found),
            )  # fmt: skip
        self.run.refresh_from_db()

    def _row(self, concept: Concept, question: Question, place: int, candidate: Candidate) -> MatchCandidate:
        return MatchCandidate(
            vocabulary=self.run.vocabulary, concept=concept, run=self.run, authority=self.authority.name,
            place=place, uri=candidate.uri, label=candidate.label, language=candidate.language,
            description=candidate.description, type=candidate.type, broader_label=candidate.broader_label,
            score=candidate.score, asked=question.text,
        )  # fmt: skip

    def _be_patient(self, error: FetchError) -> NoReturn:
        """Come back later to a host that is busy or away; give up, with the reason, when it stays so."""
        failures = self.run.failures + 1
        is_over = not error.retry or failures >= MOST_FAILURES
        # Taken up again by somebody, it has all its attempts anew.
        MatchRun.objects.filter(pk=self.run.pk).update(failures=0 if is_over else failures)
        if is_over:
            raise Problem(sentence(self.authority, error), code="authority-unreachable") from error
        own_s = FIRST_REST_S * 2 ** (failures - 1)
        self.runner.say(sentence(self.authority, error), severity="warning")
        raise Later(max(own_s, error.retry_after_s) if isinstance(error, HostBusy) else own_s)

    def _finish(self) -> None:
        self.runner.say(
            f"{self.run.asked} concepts were looked up at {self.authority.label}; "
            f"{self.run.found} have candidates that wait for an answer."
        )
