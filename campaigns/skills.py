"""How reliable the people of a campaign are, on known answers and beside each other, and what looks implausible."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, ConsensusItem, Contribution, GoldScore
from campaigns.quality.answers import answers_of
from campaigns.quality.kinship import likeness
from campaigns.quality.people import Share, against_others, hasty, share, uniform
from campaigns.questions import get_kind
from campaigns.questions.places import as_points
from campaigns.said import counted_answers
from taxonomy.heirs import heirs_of
from taxonomy.queries import labels_in

NONE = ""  # what the answer of somebody who did not mark a thing is called
UNNAMED = "?"  # a box without a label
Tasks = QuerySet[Contribution, Any]
Said = tuple[str, str, str]  # thing, person, label: ids of concepts with spaces between, or NONE


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: `code` is hasty or uniform."""

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
    read = _boxes if get_kind(campaign.question_kind).TRAITS.draws else _tags
    said = list(read(campaign, _tasks_of(wanted)))
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
        if person not in wanted or (pair == (NONE, NONE) and not _asks_once(campaign)):
            continue
        if pair not in known:
            known[pair] = alike(*pair)
        right[person].append(known[pair])
        for concept in set(pair[1].split()) - {UNNAMED}:
            found[person, concept][0 if concept in pair[0].split() else 1] += 1
    for person, values in right.items():
        wanted[person].others = share(sum(values), len(values) - sum(values))
    return {key: (hit, missed) for key, (hit, missed) in found.items()}


def _asks_once(campaign: Campaign) -> bool:
    """Whether “none” is an answer of its own: one label for the whole, and not one of many things."""
    return not get_kind(campaign.question_kind).TRAITS.draws and not campaign.question.get("many")


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


def _counted(campaign: Campaign, tasks: Tasks) -> list[tuple[UUID, UUID, dict[str, Any]]]:
    """(task, person, answer as it counts now) of every counted contribution, in the order of handing in."""
    rows = Contribution.objects.filter(task__campaign=campaign, task__in=tasks, counts=True)
    rows = rows.order_by("submitted_at", "pk")
    found = list(rows.values_list("task_id", "participant_id", "answer"))
    answers = counted_answers([answer for *_both, answer in found])
    return [(task, person, said) for (task, person, _raw), said in zip(found, answers, strict=True)]


def _tags(campaign: Campaign, tasks: Tasks) -> Iterable[Said]:
    """One thing a task; where several labels may be given, one for each label that anybody gave."""
    rows = _counted(campaign, tasks)
    if _asks_once(campaign):
        for task, person, answer in rows:
            yield str(task), str(person), " ".join(answer["concepts"])
        return
    given: defaultdict[UUID, set[str]] = defaultdict(set)
    for task, _person, answer in rows:
        given[task].update(answer["concepts"])
    for task, person, answer in rows:
        for concept in given[task]:
            yield f"{task} {concept}", str(person), concept if concept in answer["concepts"] else NONE


def _boxes(campaign: Campaign, tasks: Tasks) -> Iterable[Said]:
    """One thing for each merged box; everybody who saw the task either marked it or did not."""
    seen: defaultdict[UUID, list[UUID]] = defaultdict(list)
    rows = Contribution.objects.filter(task__campaign=campaign, task__in=tasks, counts=True)
    for task, person in rows.values_list("task_id", "participant_id"):
        seen[task].append(person)
    members: defaultdict[tuple[UUID, UUID], dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
    items = ConsensusItem.objects.filter(
        consensus__campaign=campaign, consensus__task__in=tasks, members__isnull=False
    )
    by = "members__annotation__contribution_shape__contribution__participant"
    label = "members__annotation__concept_links__concept"
    for pk, task, person, concept in items.values_list("pk", "consensus__task", by, label):
        members[pk, task][person].update([str(concept)] if concept else [UNNAMED])
    for (pk, task), marked in members.items():
        for person in seen[task]:
            yield str(pk), str(person), " ".join(sorted(marked[person])) if person in marked else NONE


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


def _signature(answer: Mapping[str, Any]) -> Hashable:
    """Equal for answers that say the same: the labels, and the boxes with theirs."""
    shapes: Sequence[Mapping[str, Any]] = answer.get("shapes", ())
    drawn = frozenset(
        (tuple(shape["box"]), as_points(shape.get("points", ())), tuple(sorted(shape["concepts"])))
        for shape in shapes
    )
    return tuple(sorted(answer.get("concepts", ()))), drawn
