"""How reliable the people of a campaign are, on known answers and beside each other, and what looks implausible."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, Contribution, GoldScore, Participant
from campaigns.quality.answers import answers_of
from campaigns.quality.kinship import likeness
from campaigns.quality.people import Share, against_others, hasty, share, uniform
from campaigns.questions import get_kind
from campaigns.questions.describe import text_of
from campaigns.questions.parts import parts_of
from campaigns.questions.places import as_points
from campaigns.said import counted_answers
from campaigns.things import NONE, UNNAMED, asks_once, things_said
from taxonomy.heirs import heirs_of
from taxonomy.queries import labels_in


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: `code` is hasty, uniform or lapsed."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ConceptSkill:
    """How many of the things that are the concept somebody calls so: known ones, and by the vote of the others."""

    id: UUID
    label: str
    gold: Share
    others: Share


@dataclass(slots=True)
class Skill:
    """Posterior means with 95 % intervals; `of` is the number of answers behind each. Without cases no mean."""

    gold: Share = field(default_factory=lambda: share(0, 0))
    others: Share = field(default_factory=lambda: share(0, 0))
    concepts: list[ConceptSkill] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def skills_of(campaign: Campaign, people: Iterable[UUID], language: str) -> dict[UUID, Skill]:
    """The skill of these participants, measured among all; a constant number of queries."""
    wanted = {str(pk): Skill() for pk in people}
    gold, others = _on_gold(campaign, wanted), _beside_others(campaign, wanted)
    heirs = heirs_of({UUID(concept) for _p, concept in gold})
    counts: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for place, source in ((0, gold), (2, others)):
        for (person, concept), (hit, missed) in source.items():
            heir = str(heirs.get(UUID(concept), concept))
            counts[person, heir][place] += hit
            counts[person, heir][place + 1] += missed
    labels = labels_in({UUID(concept) for _p, concept in counts}, language)
    for (person, concept), (hit, missed, agreed, not_) in counts.items():
        label = labels.get(UUID(concept), "?")
        row = ConceptSkill(UUID(concept), label, share(hit, missed), share(agreed, not_))
        wanted[person].concepts.append(row)
    for skill in wanted.values():
        skill.concepts.sort(key=lambda row: (-row.gold.of - row.others.of, row.label))
    _flag(campaign, wanted)
    _tell_lapses(wanted)
    return {UUID(pk): skill for pk, skill in wanted.items()}


Counted = dict[tuple[str, str], tuple[float, float]]  # (person, concept) → hits and misses


def _on_gold(campaign: Campaign, wanted: Mapping[str, Skill]) -> Counted:
    """A score of 0.8 is 0.8 of a right answer and 0.2 of a wrong one; one query."""
    rows = GoldScore.objects.filter(
        contribution__task__campaign=campaign, contribution__task__gold__withdrawn_at=None,
        contribution__participant__in=list(wanted),
    )  # fmt: skip
    scores: defaultdict[str, list[float]] = defaultdict(list)
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for person, score, concepts in rows.values_list("contribution__participant", "score", "concepts"):
        scores[str(person)].append(score)
        for concept, (hit, missed, _false) in concepts.items():
            found[str(person), concept][0] += hit
            found[str(person), concept][1] += missed
    for who, values in scores.items():
        wanted[who].gold = share(sum(values), len(values) - sum(values))
    return {key: (hit, missed) for key, (hit, missed) in found.items()}


def _beside_others(campaign: Campaign, wanted: Mapping[str, Skill]) -> Counted:
    """Against the plain vote of everybody else about each thing, on which the person had no voice."""
    if get_kind(campaign.question_kind).TRAITS.says in ("texts", "steps"):
        _beside_other_answers(campaign, wanted)
        return {}
    said = list(things_said(campaign, _tasks_of(wanted)))
    if not said:
        return {}
    judged = against_others(answers_of(*zip(*said, strict=True)))
    people, labels = judged.people.tolist(), judged.labels.tolist()
    alike = _likeness_of(campaign)
    right: defaultdict[str, list[float]] = defaultdict(list)
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    known: dict[tuple[str, str], float] = {}
    for code, mine, true in zip(
        judged.person.tolist(), judged.said.tolist(), judged.true.tolist(), strict=True
    ):
        person, pair = people[code], (labels[mine], labels[true])
        if person not in wanted or (pair == (NONE, NONE) and not asks_once(campaign)):
            continue
        if pair not in known:
            known[pair] = alike(*pair)
        right[person].append(known[pair])
        for concept in set(pair[1].split()) - {UNNAMED}:
            found[person, concept][0 if concept in pair[0].split() else 1] += 1
    for person, values in right.items():
        wanted[person].others = share(sum(values), len(values) - sum(values))
    return {key: (hit, missed) for key, (hit, missed) in found.items()}


def _beside_other_answers(campaign: Campaign, wanted: Mapping[str, Skill]) -> None:
    """How like each answer of a person is to those of the others about the same image; one query or two."""
    compare = get_kind(campaign.question_kind).compare
    rows = Contribution.objects.filter(task__campaign=campaign, task__in=_tasks_of(wanted), counts=True)
    found = list(rows.values_list("task", "participant", "answer"))
    answers = counted_answers([answer for *_both, answer in found])
    by_task: defaultdict[UUID, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for (task, person, _raw), answer in zip(found, answers, strict=True):
        by_task[task].append((str(person), answer))
    right: defaultdict[str, list[float]] = defaultdict(list)
    for given in by_task.values():
        for place, (author, mine) in enumerate(given):
            others = [answer for other, (_who, answer) in enumerate(given) if other != place]
            if author in wanted and others:
                right[author].append(sum(compare(mine, answer) for answer in others) / len(others))
    for who, values in right.items():
        wanted[who].others = share(sum(values), len(values) - sum(values))


def _likeness_of(campaign: Campaign) -> Callable[[str, str], float]:
    """The same or not; where a coarser answer counts, how near on the tree."""
    tree = campaign_tree(campaign)
    if tree is None:
        return lambda a, b: float(a == b)
    near = likeness(tree)
    return lambda a, b: near(a.split(), b.split())


def _tasks_of(wanted: Collection[str]) -> QuerySet[Contribution, Any]:
    """The tasks that these people have answered: what others say about more tells nothing of them."""
    return Contribution.objects.filter(participant__in=list(wanted)).order_by().values("task")


def _flag(campaign: Campaign, wanted: Mapping[str, Skill]) -> None:
    """Known answers too: haste shows there as well. Two queries."""
    rows = Contribution.objects.filter(task__campaign=campaign)
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for person, spent in rows.values_list("participant", "time_spent_s"):
        if spent:
            seconds[str(person)].append(spent)
    answers = rows.filter(task__in=_tasks_of(wanted)).order_by("submitted_at", "pk")
    said = [
        (str(person), task, _signature(answer))
        for person, task, answer in answers.values_list("participant", "task", "answer")
    ]
    for who, haste in hasty(seconds).items():
        if who in wanted:
            sentence = _("Takes %(own)s s for an image where people usually take %(usual)s s.")
            numbers = {"own": f"{haste.own_s:.1f}", "usual": f"{haste.usual_s:.0f}"}
            wanted[who].flags.append(Flag("hasty", sentence % numbers))
    for who, same in uniform(said).items():
        if who in wanted:
            sentence = _(
                "Gave the same answer %(run)d times in a row; others said something else in %(share)d of 100 cases."
            )
            numbers_of = {"run": same.run, "share": round(100 * same.differ)}
            wanted[who].flags.append(Flag("uniform", sentence % numbers_of))


def _tell_lapses(wanted: Mapping[str, Skill]) -> None:
    """Who fell below on known answers while working, and whether they have passed since; one query."""
    lapsed = Participant.objects.filter(pk__in=list(wanted), lapsed_at__isnull=False)
    for person, at, again in lapsed.values_list("pk", "lapsed_at", "qualified_at"):
        if again is None:
            sentence = _("Fell below what is asked on known answers on %(day)s; not passed anew so far.")
        else:
            sentence = _("Fell below what is asked on known answers on %(day)s; passed anew on %(again)s.")
        days = {"day": _day(at), "again": _day(again)}
        wanted[str(person)].flags.append(Flag("lapsed", sentence % days))


def _day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT") if at else ""


def _signature(answer: Mapping[str, Any]) -> Hashable:
    """Equal for answers that say the same: the labels, the boxes with theirs, the text."""
    parts = [(step, _said_in(part)) for step, part in parts_of(answer)]
    return tuple(sorted(parts, key=lambda part: part[0]))


def _said_in(part: Mapping[str, Any]) -> Hashable:
    shapes: Sequence[Mapping[str, Any]] = part.get("shapes", ())
    drawn = frozenset(
        (tuple(shape["box"]), as_points(shape.get("points", ())), tuple(sorted(shape["concepts"])))
        for shape in shapes
    )
    text = text_of(part)
    return tuple(sorted(part.get("concepts", ()))), drawn, text and text.compared
