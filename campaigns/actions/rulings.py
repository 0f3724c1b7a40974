"""Whether a reviewer's judgements hold together: each item once, and a truth that the question allows."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from annotation.models import Annotation
from campaigns.documents import box_of, points_of
from campaigns.models import ConsensusItem, Decision, Task
from campaigns.questions import AnswerError, Truth, get_kind
from campaigns.questions.kind import Points, Region
from campaigns.questions.places import around, bounds, reach_on
from problems import Conflict, Invalid

Place = tuple[Region | None, Points]
VERDICTS = {
    Decision.Verdict.ACCEPTED.value,
    Decision.Verdict.CORRECTED.value,
    Decision.Verdict.REJECTED.value,
    Decision.Verdict.ADDED.value,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says about one item: `item` is None for something that nobody had marked.

    `box` (or `points`, where outlines or points are drawn) and `concepts` are read for what is corrected or added; a
    corrected item without a place keeps its.
    """

    verdict: str
    item: UUID | None = None
    box: tuple[float, float, float, float] | None = None
    concepts: tuple[UUID, ...] = ()
    reason: str = ""
    points: Points = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A judgement that was checked: the merged annotation it is about, and what is true instead."""

    verdict: str
    source: Annotation | None
    box: tuple[float, float, float, float] | None
    concepts: tuple[UUID, ...]
    reason: str
    points: Points = ()

    @property
    def stands(self) -> bool:
        """Whether it leaves an annotation in the ground truth."""
        return self.verdict != Decision.Verdict.REJECTED


def check(
    task: Task, judgements: Sequence[Judgement], items: Mapping[UUID, ConsensusItem], allowed: Container[str]
) -> list[Ruling]:
    """The rulings, one for each judgement in their order.

    `allowed`: the concepts that the campaign offers, among those named; labels that the merge gave may stay.
    All that stands must together be an answer that the question would take from anybody. Raises `Invalid`
    with a pointer into `/items`, `Conflict` for an item that is no longer there.
    """
    _check_items(judgements, items)
    rulings = [_ruling(judgement, items, task) for judgement in judgements]
    for index, (judgement, ruling) in enumerate(zip(judgements, rulings, strict=True)):
        item = items.get(judgement.item) if judgement.item else None
        if ruling.verdict == Decision.Verdict.ACCEPTED and item is not None and _is_undecided(item):
            raise Invalid(
                _("No label has a majority here. Choose one, or reject it."),
                pointer=f"/items/{index}/verdict",
                code="label-undecided",
            )
    given = {str(pk) for item in items.values() for pk in _labels(item.annotation)}
    given |= {vote["concept"] for item in items.values() for vote in item.votes}
    _check_truth(task, rulings, _Either(allowed, given))
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
                _("A verdict is accepted, corrected, rejected or added."),
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
        if judgement.item in judged:
            raise Invalid(_("An item is judged twice."), pointer=f"{where}/id", code="repeated")
        judged.add(judgement.item)
    if len(judged) < len(items):
        raise Invalid(
            _("Decide on every item: %(count)d have no verdict yet.") % {"count": len(items) - len(judged)},
            pointer="/items",
            code="undecided",
        )


def _ruling(judgement: Judgement, items: Mapping[UUID, ConsensusItem], task: Task) -> Ruling:
    source = items[judgement.item].annotation if judgement.item else None
    own = _place(source, task) if source else None
    if source is not None and judgement.verdict in {Decision.Verdict.ACCEPTED, Decision.Verdict.REJECTED}:
        return _placed(judgement, source, own, _labels(source))
    if not get_kind(task.campaign.question_kind).TRAITS.draws:
        return _placed(judgement, source, (task.region, ()), judgement.concepts)
    drawn = _drawn(judgement, task)
    return _placed(judgement, source, drawn or own, judgement.concepts)


def _placed(
    judgement: Judgement, source: Annotation | None, place: Place | None, concepts: tuple[UUID, ...]
) -> Ruling:
    box, points = place or (None, ())
    return Ruling(judgement.verdict, source, box, concepts, judgement.reason, points)


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


def _is_undecided(item: ConsensusItem) -> bool:
    return bool(item.votes) and not _labels(item.annotation)


def _check_truth(task: Task, rulings: Sequence[Ruling], allowed: Container[str]) -> None:
    """What stands, taken as one answer to the campaign's question; its pointers are led back to the items."""
    campaign = task.campaign
    standing = [(index, ruling) for index, ruling in enumerate(rulings) if ruling.stands]
    kind = get_kind(campaign.question_kind)
    for index, ruling in standing:
        if not kind.TRAITS.draws and not ruling.concepts:
            raise Invalid(_("Choose a label."), pointer=f"/items/{index}/concepts", code="label-missing")
    answer, places = kind.as_answer([_truth(task, index, ruling) for index, ruling in standing])
    owners = [standing[place][0] for place in places]
    try:
        kind.validate_answer(
            answer,
            config=campaign.question,
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
    )


def _led_back(pointer: str, owners: Sequence[int]) -> str:
    """`/shapes/2/box` or `/concepts/2` of the answer → where the reviewer said it: `/items/5/box`."""
    _root, name, *rest = [*pointer.split("/"), ""]
    if name not in {"shapes", "concepts"} or not rest or not rest[0].isdigit():
        return "/items"
    inside = "/".join(part for part in rest[1:] if part) if name == "shapes" else "concepts"
    return f"/items/{owners[int(rest[0])]}" + (f"/{inside}" if inside else "")
