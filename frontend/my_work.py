"""What the page of one's own work shows: each answer as a card with its picture, and the figures as rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from annotation.models import Canvas
from campaigns.beside import beside_of, fetch_beside
from campaigns.disguise import state_of
from campaigns.models import Contribution, Task
from campaigns.own_work import OwnWork
from campaigns.quality.verdicts import Outcome, Said
from campaigns.questions.parts import concepts_in, parts_of, shapes_in, texts_in
from taxonomy.queries import labels_in

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was decided otherwise: what I said, what is true (each may be empty), and why."""

    kind: str
    mine: str
    truth: str
    reason: str


@dataclass(frozen=True, slots=True)
class Card:
    """One answer: its picture (`region` of the canvas), the boxes on it, and what became of it."""

    work: OwnWork
    badge: str
    state: str
    region: Box
    mine: tuple[Box, ...]
    truth: tuple[Box, ...]
    said: str
    stood: int
    judged: int
    changes: tuple[Change, ...]

    @property
    def contribution(self) -> Contribution:
        return self.work.contribution

    @property
    def canvas(self) -> Canvas:
        return self.work.contribution.task.canvas

    @property
    def beside(self) -> tuple[Canvas, Box | None] | None:
        """The other region, where two were compared."""
        return beside_of(self.work.contribution.task)


def cards_of(works: Sequence[OwnWork], language: str) -> list[Card]:
    """The answers as cards, with labels in the reader's language; one query, a second where pairs were compared."""
    labels = labels_in({pk for work in works for pk in _named(work)}, language)
    fetch_beside([work.contribution.task for work in works])
    return [_card(work, labels) for work in works]


def _named(work: OwnWork) -> Iterable[UUID]:
    answer = work.contribution.answer
    yield from map(UUID, concepts_in(answer))
    for outcome in _outcomes(work):
        for side in (outcome.mine, outcome.truth):
            yield from (UUID(pk) for pk in (side.concepts if side else ()))


def _outcomes(work: OwnWork) -> tuple[Outcome, ...]:
    return work.verdict.outcomes if work.verdict else ()


def _card(work: OwnWork, labels: Mapping[UUID, str]) -> Card:
    task, answer = work.contribution.task, work.contribution.answer
    outcomes = _outcomes(work)
    changed = [one for one in outcomes if one.kind != "stood"]
    badge, state = _state_of(state_of(work.contribution), is_corrected=bool(changed))
    return Card(
        work=work,
        badge=badge,
        state=state,
        region=task.region or (0.0, 0.0, task.canvas.width, task.canvas.height),
        mine=tuple(tuple(shape["box"]) for _place, shape in shapes_in(answer) if shape["box"]),
        truth=tuple(one.truth.box for one in changed if one.truth and one.truth.box)
        if any("shapes" in part for _step, part in parts_of(answer))
        else (),
        said=_said(answer, labels),
        stood=sum(one.kind == "stood" for one in outcomes),
        judged=sum(one.mine is not None for one in outcomes),
        changes=tuple(
            Change(one.kind, _names(one.mine, labels), _names(one.truth, labels), one.reason)
            for one in changed
        ),
    )


def _state_of(state: str, *, is_corrected: bool) -> tuple[str, str]:
    """The badge of a task's state, and what it means to somebody who has answered."""
    match state:
        case Task.State.OPEN:
            return "draft", _("Others are still asked")
        case Task.State.RETIRED:
            return "retired", _("Waiting for a decision")
        case Task.State.ASIDE:
            return "draft", _("Set aside, because people reported it")
    return ("corrected", _("Decided, with corrections")) if is_corrected else ("done", _("Decided"))


def _said(answer: Mapping[str, Any], labels: Mapping[UUID, str]) -> str:
    """The answer in a line: its labels, those of several boxes with their number."""
    if answer["nothing_here"]:
        return _("Nothing is here")
    counts: dict[str, int] = {}
    for _place, shape in shapes_in(answer):
        name = ", ".join(labels.get(UUID(pk), "?") for pk in shape["concepts"]) or _("without a label")
        counts[name] = counts.get(name, 0) + 1
    whole = [pk for _step, part in parts_of(answer) for pk in part.get("concepts", ())]
    counts |= {labels.get(UUID(pk), "?"): 1 for pk in whole}
    counts |= {_quoted(text["value"]): 1 for text in texts_in(answer)}
    return " · ".join(f"{count} × {name}" if count > 1 else name for name, count in counts.items())


def _quoted(written: str) -> str:
    """What somebody wrote, so that its marks of direction turn nothing round it (Unicode UAX #9, isolates)."""
    return f"“\u2068{written}\u2069”"


def _names(said: Said | None, labels: Mapping[UUID, str]) -> str:
    if said is None:
        return ""
    if said.text:
        return _quoted(said.text.value)
    return ", ".join(labels.get(UUID(pk), "?") for pk in said.concepts) or _("without a label")


def duration(seconds: float) -> str:
    """Hours and minutes, as one says them; less than one minute is one."""
    minutes = max(1, round(seconds / 60)) if seconds > 0 else 0
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)02d") % {
        "hours": number_format(hours, force_grouping=True),
        "minutes": rest,
    }
