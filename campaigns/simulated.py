"""Other rules tried on the answers collected so far: how many would have been enough, and what would have come out."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from campaigns.enough import asked_in, batches_of, counted_answers_of
from campaigns.models import Campaign, Contribution, Report
from campaigns.reported import counting_reports
from campaigns.rules import EARLY, Condition, Evidence, by_reports, replay, sets_aside
from campaigns.rules.outcome import Outcome, has_outcome, is_same, outcome_of
from problems import Conflict

# Above this many tasks with answers every second, third, … of them is looked at, so that somebody may wait for it.
MOST_TASKS = 500


@dataclass(frozen=True, slots=True)
class RuleOf:
    """A rule of a campaign: the most people who see a task, and when fewer are enough."""

    overlap: int
    retirement: list[Condition]


@dataclass(slots=True)
class Tried:
    """A rule and what it makes of the tasks looked at.

    `answers` would have been used; `other` tasks would have another outcome than with all their answers; `waiting`
    ones would still want somebody; `set_aside` ones were reported by so many; of the others `undecided` would leave a
    label open.
    """

    rule: RuleOf
    answers: int = 0
    other: int = 0
    waiting: int = 0
    undecided: int = 0
    set_aside: int = 0


@dataclass(slots=True)
class Simulation:
    """`tasks` looked at of the `answered` ones, with so many `answers`; and each rule on them."""

    answered: int
    tried: list[Tried]
    tasks: int = 0
    answers: int = 0
    # Of the task that is looked at, by the number of answers used.
    _seen: dict[int, Outcome] = field(default_factory=dict)
    _others: dict[int, bool] = field(default_factory=dict)

    def look(self, evidence: Evidence) -> None:
        """One more task."""
        self._seen, self._others = {}, {}
        self.tasks += 1
        self.answers += len(evidence)
        for one in self.tried:
            used, stop = replay(evidence, one.rule.retirement, one.rule.overlap)
            one.answers += len(used)
            one.waiting += stop is None
            if stop is not None and sets_aside(stop):
                one.set_aside += 1  # nobody asks what its answers come to
                continue
            one.undecided += stop is not None and self._outcome(used).is_open
            if len(used) < len(evidence):
                one.other += self._is_other(used, evidence)

    def _is_other(self, used: Evidence, evidence: Evidence) -> bool:
        if len(used) not in self._others:
            self._others[len(used)] = not is_same(self._outcome(used), self._outcome(evidence))
        return self._others[len(used)]

    def _outcome(self, evidence: Evidence) -> Outcome:
        if len(evidence) not in self._seen:
            self._seen[len(evidence)] = outcome_of(evidence)
        return self._seen[len(evidence)]


def simulate(campaign: Campaign, rules: Sequence[RuleOf], *, most_tasks: int = MOST_TASKS) -> Simulation:
    """Each rule replayed on the counted answers in the order of their arrival; memory for 500 tasks at a time.

    Nobody can tell what people would have said who were not asked: a rule that asks for more than were collected
    leaves its tasks waiting. Where a rule counts reports, those that wait are replayed too, and tasks that were
    reported are looked at even if nobody has answered them. Raises `Conflict` for a kind of question whose answers
    are not merged.
    """
    if not has_outcome(campaign.question_kind):
        raise Conflict(_("Answers to this kind of question cannot be replayed."), code="not-replayable")
    answers = Contribution.objects.filter(task=OuterRef("pk"), counts=True)
    counts_reports = any(by_reports(rule.retirement) for rule in rules)
    reports = Report.objects.filter(task=OuterRef("pk"), comment=None, resolved_at=None)
    told = Q(Exists(answers)) | Q(Exists(reports)) if counts_reports else Q(Exists(answers))
    tasks = campaign.tasks.filter(told)
    answered = tasks.count()
    step = max(1, math.ceil(answered / most_tasks))
    found = Simulation(answered, [Tried(rule) for rule in rules])
    asked = asked_in(campaign)
    for rows in batches_of(tasks.annotate(turn=F("position") % step).filter(turn=0)):
        ids = [pk for pk, _state in rows]
        given, reported = counted_answers_of(ids), counting_reports(ids) if counts_reports else {}
        for pk in ids:
            found.look(Evidence(asked, given[pk], reported.get(pk, ())))
    return found


def standard_rules(campaign: Campaign) -> Iterator[RuleOf]:
    """The rule in force, and others worth a look beside it, each once."""
    present = RuleOf(campaign.overlap, campaign.retirement)
    most = campaign.overlap
    agreement = {"rule": "agreement", "likeness": 0.8}
    posterior = {"rule": "posterior", "people": 2, "accuracy": 0.8}
    nothing: Condition = {"rule": "nothing_here", "people": 2}
    flagged: Condition = {"rule": "flagged", "people": 2}
    wished = [
        present,
        *(RuleOf(people, []) for people in (2, 3, 5)),
        RuleOf(most, [nothing]),
        RuleOf(most, [{**agreement, "people": 2}]),
        RuleOf(most, [{**agreement, "people": 3}]),
        RuleOf(most, [{**posterior, "certainty": 0.9}]),
        RuleOf(most, [{**posterior, "certainty": 0.95}]),
        RuleOf(most, [{**posterior, "certainty": 0.99}]),
        RuleOf(most, [{**posterior, "certainty": 0.95}, nothing]),
        *([RuleOf(most, [*present.retirement, flagged])] if _reports_wait(campaign, present) else []),
    ]
    seen: list[RuleOf] = []
    for rule in wished:
        if rule not in seen and rule.overlap <= most:
            seen.append(rule)
            if all(_can_hold(condition, rule, campaign) for condition in rule.retirement):
                yield rule


def _reports_wait(campaign: Campaign, present: RuleOf) -> bool:
    """Whether a rule that counts reports would be new, and has some to count."""
    waiting = campaign.reports.filter(comment=None, resolved_at=None)
    return not by_reports(present.retirement) and waiting.exists()


def _can_hold(condition: Condition, rule: RuleOf, campaign: Campaign) -> bool:
    fits = EARLY[condition["rule"]].fits(campaign.question_kind)
    return fits and (
        EARLY[condition["rule"]].COUNTS == "reports" or bool(condition["people"] <= rule.overlap)
    )
