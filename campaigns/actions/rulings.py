"""Whether a reviewer's judgements hold together: each item once, and a truth that the question allows."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from annotation.models import Annotation
from campaigns.actions.clusters import (
    Members,
    Part,
    box_of_both,
    check_merge,
    check_split,
    label_of,
    median_of,
    members_of,
)
from campaigns.documents import box_of, points_of
from campaigns.models import Campaign, ConsensusItem, Decision, Task
from campaigns.quality.texts import Text
from campaigns.questions import AnswerError, Truth, get_kind
from campaigns.questions.kind import Points, Region
from campaigns.questions.places import around, bounds, reach_on
from campaigns.questions.sequence import truth_in
from campaigns.strands import config_of, is_sequence, strands_of
from campaigns.written import text_on
from problems import Conflict, Invalid

Place = tuple[Region | None, Points]
VERDICTS = {
    Decision.Verdict.ACCEPTED.value,
    Decision.Verdict.CORRECTED.value,
    Decision.Verdict.REJECTED.value,
    Decision.Verdict.ADDED.value,
    Decision.Verdict.MERGED.value,
    Decision.Verdict.SPLIT.value,
}

# Verdicts about whole clusters and the answers in them.
CLUSTERS = {Decision.Verdict.MERGED.value, Decision.Verdict.SPLIT.value}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says about one item: `item` is None for something that nobody had marked.

    `box` (or `points`, where outlines or points are drawn) and `concepts` are read for what is corrected, added or
    merged; a corrected item without a place keeps its. `text`: what stands, where people write.
    `step`: of a sequence the question that something added answers.
    `merges`: the further items that become one with a merged one; they are judged by this. `parts`: what a split
    item falls into.
    """

    verdict: str
    item: UUID | None = None
    box: tuple[float, float, float, float] | None = None
    concepts: tuple[UUID, ...] = ()
    reason: str = ""
    points: Points = ()
    merges: tuple[UUID, ...] = ()
    parts: tuple[Part, ...] = ()
    text: Text | None = None
    step: str = ""

    @property
    def concepts_named(self) -> tuple[UUID, ...]:
        """All concepts that it names, those of the parts included."""
        return (*self.concepts, *(pk for part in self.parts for pk in part.concepts))

    @property
    def items(self) -> tuple[UUID, ...]:
        """All that it judges."""
        return (self.item, *self.merges) if self.item else ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A judgement that was checked: the merged annotation it is about, and what is true instead.

    `place` leads back to the judgement. `members`: the answers that say what is true, where a cluster was merged or
    split; `into`: the merged annotation that this one became a part of.
    """

    verdict: str
    source: Annotation | None
    box: tuple[float, float, float, float] | None
    concepts: tuple[UUID, ...]
    reason: str
    place: str
    points: Points = ()
    members: tuple[UUID, ...] = ()
    into: UUID | None = None
    text: Text | None = None
    step: str = ""

    @property
    def stands(self) -> bool:
        """Whether it leaves an annotation in the ground truth."""
        return self.verdict != Decision.Verdict.REJECTED and self.into is None

    @property
    def details(self) -> dict[str, Any]:
        """Which answers and clusters it was about, as the decision keeps it."""
        members = {"members": [str(pk) for pk in self.members]} if self.members else {}
        return {**members, "into": str(self.into)} if self.into else members


def check(
    task: Task, judgements: Sequence[Judgement], items: Mapping[UUID, ConsensusItem], allowed: Container[str]
) -> list[Ruling]:
    """The rulings in the order of the judgements; a merge has one for each item, a split one for each part.

    `allowed`: the concepts that the campaign offers, among those named; labels that the merge gave may stay.
    All that stands must together be an answer that the question would take from anybody. Raises `Invalid`
    with a pointer into `/items`, `Conflict` for an item that is no longer there.
    """
    _check_items(judgements, items)
    asked = {strand.step: strand for strand in strands_of(task.campaign)}
    clusters = any(judgement.verdict in CLUSTERS for judgement in judgements)
    members = members_of(items) if clusters else {}
    rulings = []
    for index, judgement in enumerate(judgements):
        where = f"/items/{index}"
        item = items.get(judgement.item) if judgement.item else None
        step = _step_of(judgement, item, asked, where)
        traits = asked[step].traits
        if judgement.verdict in CLUSTERS:
            _require_boxes(where, draws=traits.draws)
            _require_one_step(judgement, items, where)
            made = _merged if judgement.verdict == Decision.Verdict.MERGED else _split
            rulings += [replace(one, step=step) for one in made(judgement, items, members, task, where)]
            continue
        rulings.append(replace(_ruling(judgement, items, task, where, draws=traits.draws), step=step))
        if judgement.verdict == Decision.Verdict.ACCEPTED and item is not None and traits.says == "texts":
            _require_text(rulings[-1])
        if judgement.verdict == Decision.Verdict.ACCEPTED and item is not None and is_undecided(item):
            raise Invalid(
                _("No label has a majority here. Choose one, or reject it."),
                pointer=f"/items/{index}/verdict",
                code="label-undecided",
            )
    given = {str(pk) for item in items.values() for pk in _labels(item.annotation)}
    given |= {vote["concept"] for item in items.values() for vote in item.votes}
    _check_truth(task, rulings, _Either(allowed, given))
    return rulings


def _step_of(
    judgement: Judgement, item: ConsensusItem | None, asked: Mapping[str, Campaign], where: str
) -> str:
    """The step that a judgement is about: that of its item, else the one it names."""
    step = item.step if item else judgement.step
    if step not in asked:
        raise Invalid(
            _("Say which step of the campaign this belongs to."), pointer=f"{where}/step", code="unknown-step"
        )
    return step


def _require_one_step(judgement: Judgement, items: Mapping[UUID, ConsensusItem], where: str) -> None:
    if len({items[pk].step for pk in judgement.items}) > 1:
        raise Invalid(
            _("Only boxes of one step can be merged."), pointer=f"{where}/merges", code="different-steps"
        )


def _require_text(ruling: Ruling) -> None:
    """Where people write, something that more than half wrote alike, or that the reviewer chose."""
    if ruling.text is None:
        raise Invalid(
            _("No text has a majority here. Choose one, or reject it."),
            pointer=f"{ruling.place}/text",
            code="text-undecided",
        )


def _require_boxes(where: str, *, draws: bool) -> None:
    if not draws:
        raise Invalid(
            _("Only boxes can be merged or split; correct the labels instead."),
            pointer=f"{where}/verdict",
            code="not-for-labels",
        )


def _merged(
    judgement: Judgement,
    items: Mapping[UUID, ConsensusItem],
    members: Mapping[UUID, Members],
    task: Task,
    where: str,
) -> list[Ruling]:
    """The first stands for all of them, the others are a part of it; an outline or a point stays where the first is."""
    first, *others = [items[pk].annotation for pk in judgement.items]
    said = [row for pk in judgement.items for row in members[pk].values()]
    box, points = _place(first, task)
    if points:
        box, points = _drawn(judgement, task) if judgement.points else (box, points)  # type: ignore[misc]
    else:
        box = judgement.box or box_of_both([first, *others], said) or box
    concepts = judgement.concepts or _labels(first)
    ids = tuple(row.pk for row in said)
    verdict, reason = judgement.verdict, judgement.reason
    return [
        Ruling(verdict, first, box, concepts, reason, where, points, members=ids),
        *(Ruling(verdict, row, row.box, (), reason, where, into=first.pk) for row in others),
    ]


def _split(
    judgement: Judgement,
    items: Mapping[UUID, ConsensusItem],
    members: Mapping[UUID, Members],
    task: Task,
    where: str,
) -> list[Ruling]:
    """One ruling for each part; an outline or a point is the first of its members'."""
    pk = judgement.items[0]
    check_split(judgement.parts, members[pk], f"{where}/parts")
    rulings = []
    for number, part in enumerate(judgement.parts):
        said = [members[pk][one] for one in part.members]
        drawn = points_of(said[0])
        box, points = _place(said[0], task) if drawn else (part.box or median_of(said), ())
        concepts = part.concepts or label_of(said)
        place = f"{where}/parts/{number}"
        source, reason = items[pk].annotation, judgement.reason
        rulings.append(Ruling(judgement.verdict, source, box, concepts, reason, place, points, part.members))
    return rulings


@dataclass(frozen=True, slots=True)
class _Either:
    """What stands in one of two collections."""

    first: Container[str]
    second: Container[str]

    def __contains__(self, value: object) -> bool:
        return value in self.first or value in self.second


def _check_items(judgements: Sequence[Judgement], items: Mapping[UUID, ConsensusItem]) -> None:
    judged: set[UUID] = set()
    for index, judgement in enumerate(judgements):
        where = f"/items/{index}"
        if judgement.verdict not in VERDICTS:
            raise Invalid(
                _("A verdict is accepted, corrected, rejected, added, merged or split."),
                pointer=f"{where}/verdict",
                code="unknown-verdict",
            )
        if (judgement.item is None) != (judgement.verdict == Decision.Verdict.ADDED):
            raise Invalid(
                _("Name the item that is judged, and none for an added one."),
                pointer=f"{where}/id",
                code="which-item",
            )
        if judgement.item is None:
            continue
        if judgement.item not in items:
            raise Conflict(
                _("The merged answer has changed since you opened it. Load the task again."),
                pointer=f"{where}/id",
                code="stale-item",
            )
        if judgement.verdict == Decision.Verdict.MERGED:
            check_merge(judgement.item, judgement.merges, items, f"{where}/merges")
        if judged.intersection(judgement.items):
            raise Invalid(_("An item is judged twice."), pointer=f"{where}/id", code="repeated")
        judged.update(judgement.items)
    if len(judged) < len(items):
        raise Invalid(
            _("Decide on every item: %(count)d have no verdict yet.") % {"count": len(items) - len(judged)},
            pointer="/items",
            code="undecided",
        )


def _ruling(
    judgement: Judgement, items: Mapping[UUID, ConsensusItem], task: Task, where: str, *, draws: bool
) -> Ruling:
    source = items[judgement.item].annotation if judgement.item else None
    own = _place(source, task) if source else None
    if source is not None and judgement.verdict in {Decision.Verdict.ACCEPTED, Decision.Verdict.REJECTED}:
        accepted = _placed(judgement, source, own, _labels(source), where)
        return replace(accepted, text=text_on(source))
    if not draws:
        said = _placed(judgement, source, (task.region, ()), judgement.concepts, where)
        return replace(said, text=judgement.text)
    drawn = _drawn(judgement, task)
    return _placed(judgement, source, drawn or own, judgement.concepts, where)


def _placed(
    judgement: Judgement,
    source: Annotation | None,
    place: Place | None,
    concepts: tuple[UUID, ...],
    where: str,
) -> Ruling:
    box, points = place or (None, ())
    return Ruling(judgement.verdict, source, box, concepts, judgement.reason, where, points)


def _place(annotation: Annotation, task: Task) -> Place:
    return box_of(annotation, task.canvas), points_of(annotation)


def _drawn(judgement: Judgement, task: Task) -> Place | None:
    """What the reviewer has drawn; None for who has drawn nothing. What it must be, the question says."""
    if judgement.points:
        size = (task.canvas.width, task.canvas.height)
        single = len(judgement.points) == 1
        box = around(judgement.points[0], reach_on(size)) if single else bounds(judgement.points)
        return box, judgement.points
    return (judgement.box, ()) if judgement.box else None


def _labels(annotation: Annotation) -> tuple[UUID, ...]:
    links = sorted(annotation.concept_links.all(), key=lambda link: link.position)
    return tuple(link.concept_id for link in links)


def is_undecided(item: ConsensusItem) -> bool:
    return bool(item.votes) and not _labels(item.annotation)


def _check_truth(task: Task, rulings: Sequence[Ruling], allowed: Container[str]) -> None:
    """What stands, taken as one answer to the campaign's question; its pointers are led back to the items."""
    campaign = task.campaign
    standing = [ruling for ruling in rulings if ruling.stands]
    kind, config = get_kind(campaign.question_kind), config_of(campaign)
    asked = {strand.step: strand.traits for strand in strands_of(campaign)}
    for ruling in standing:
        if asked[ruling.step].says == "texts":
            _require_text(ruling)
        elif not asked[ruling.step].draws and not ruling.concepts:
            raise Invalid(_("Choose a label."), pointer=f"{ruling.place}/concepts", code="label-missing")
    truths = [_truth(task, index, ruling) for index, ruling in enumerate(standing)]
    if is_sequence(campaign):
        answer, places = truth_in(truths, config)
    else:
        answer, rows = kind.as_answer(truths)
        places = {"": rows}
    owners = {step: [standing[place].place for place in found] for step, found in places.items()}
    try:
        kind.validate_answer(
            answer,
            config=config,
            canvas_size=(task.canvas.width, task.canvas.height),
            allowed_concepts=allowed,
            region=task.region,
        )
    except AnswerError as error:
        raise Invalid(error.sentence, pointer=_led_back(error.pointer, owners), code=error.code) from error


def _truth(task: Task, index: int, ruling: Ruling) -> Truth:
    return Truth(
        id=str(uuid5(task.pk, str(index))),
        box=ruling.box,
        points=ruling.points,
        concepts=tuple(str(pk) for pk in ruling.concepts),
        text=ruling.text,
        step=ruling.step,
    )


# Where a part of an answer stands in what a reviewer sends about one item.
_INSIDE: dict[str, tuple[str, ...]] = {"shapes": (), "concepts": ("concepts",), "texts": ("text",)}


def _led_back(pointer: str, owners: Mapping[str, Sequence[str]]) -> str:
    """`/shapes/2/box`, `/concepts/2` or `/texts/0/value` of the answer → where the reviewer said it: `/items/5/box`."""
    _root, *path = [*pointer.split("/"), "", ""]
    mine = owners.get("", ())
    if path[0] == "steps":
        mine, path = owners.get(path[1], ()), [*path[2:], "", ""]
        if not path[0] and mine:
            return mine[0]
    name, *rest = path
    if name not in _INSIDE or not rest[0].isdigit():
        return "/items"
    inside = (
        "/".join(part for part in (*_INSIDE[name], *rest[1:]) if part) if name != "concepts" else "concepts"
    )
    return mine[int(rest[0])] + (f"/{inside}" if inside else "")
