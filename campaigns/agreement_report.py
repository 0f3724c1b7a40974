"""The report of agreement that a curator prints, cites and stores with a release: every figure, and how it was made."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from annotation.models import AnnotationConcept
from campaigns.agreement_units import named_units
from campaigns.arms import arms_of
from campaigns.figures import SEED, texts_agreement
from campaigns.grouped import OUTSIDE, campaign_tree, classes_for
from campaigns.models import Campaign, Contribution, Participant, Task
from campaigns.quality.agreement import SET_DISTANCES
from campaigns.quality.agreement_report import SAMPLES, Labels, Makes, box_report, label_report
from campaigns.quality.difference import Difference, ordered
from campaigns.quality.drawn import Drawn
from campaigns.quality.kinship import kinship
from campaigns.questions import get_kind
from campaigns.questions.describe import text_of
from campaigns.questions.parts import part_of
from campaigns.questions.shapes import SHAPES, shape_kind
from campaigns.strands import answers_to, grouping_for, is_sequence, on_step, strands_of
from taxonomy.heirs import heirs_of
from taxonomy.models import Grouping
from taxonomy.queries import labels_in

FORMAT = "rubricator-agreement"
FORMAT_VERSION = 1
UNNAMED = "?"  # a box without a label
IOU = 0.5

WEEK, MONTH = "%G-W%V", "%Y-%m"
HALF_A_YEAR = timedelta(weeks=26)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Look:
    """One counted contribution: who answered which task, on which canvas, in which month, and week or month."""

    id: UUID
    task: UUID
    canvas: UUID
    person: UUID
    month: str
    period: str


def agreement_report(campaign: Campaign, language: str, grouping: Grouping | None = None) -> Row:
    """The whole report as plain values, computed now; see `unnamed_report`, `named_report`."""
    return named_report(campaign, unnamed_report(campaign, grouping), language)


def unnamed_report(campaign: Campaign, grouping: Grouping | None = None) -> Row:
    """The report with ids for names; a constant number of queries, memory linear in the counted answers.

    With a `grouping` labels are its classes.
    """
    if is_sequence(campaign):
        return _of_steps(campaign, grouping)
    looks = _looks(campaign)
    says = get_kind(campaign.question_kind).TRAITS.says
    of_boxes = says == "boxes"
    makes, name = _difference(campaign, grouping)
    body = _BODIES[says](campaign, looks, grouping, makes) if looks else {}
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **_about(campaign, looks, grouping),
        "method": {
            "measure": says,
            "iou": IOU if of_boxes else None,
            "shapes": shape_kind(campaign.question).NAME if of_boxes else None,
            # Reports from before compared outlines and points by the boxes around them.
            "exact": of_boxes,
            # Reports from before were by month and did not say so.
            "period": "week" if any("W" in look.period for look in looks) else "month",
            "difference": name,
            "level": 0.95,
            "samples": SAMPLES,
            "seed": SEED,
        },
        **body,
        "arms": [] if campaign.step else [arm.as_json() for arm in arms_of(campaign)],
    }


def _of_steps(campaign: Campaign, grouping: Grouping | None) -> Row:
    """The counts of the whole, and behind them the report of every step."""
    looks = _looks(campaign)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **_about(campaign, looks, grouping),
        "method": {"measure": "steps", "level": 0.95, "samples": SAMPLES, "seed": SEED},
        "steps": [
            {**unnamed_report(strand, grouping_for(strand, grouping)), "step": strand.step}
            for strand in strands_of(campaign)
        ],
        "arms": [],
    }


def stands(campaign: Campaign, report: Mapping[str, Any], grouping: Grouping | None) -> bool:
    """Whether a report that was made before tells of what counts now: the same numbers, words, settings and software.

    Who else answered, or was erased, moves the numbers; an answer that was amended does not, and is asked for apart.
    """
    now = _about(campaign, _looks(campaign), grouping)
    return all(report.get(name) == value for name, value in now.items() if name != "computed_at")


def without_names(report: Mapping[str, Any]) -> Row:
    """The report as a release keeps it: people are numbers, in the order of their random ids."""
    parts = report.get("steps", [report])
    # One number for a person in all steps, whichever of them they were asked.
    everybody = sorted({row["id"] for one in parts for row in one.get("people", ())})
    alias = {pk: f"P{number}" for number, pk in enumerate(everybody, 1)}
    if "steps" in report:
        return {**report, "steps": [_numbered(one, alias) for one in parts]}
    return _numbered(report, alias)


def _numbered(report: Mapping[str, Any], alias: Mapping[str, str]) -> Row:
    plain = dict(report)
    plain["people"] = [{**row, "id": alias[row["id"]], "pseudonym": None} for row in report.get("people", ())]
    for table in ("pairs", "box_pairs"):
        plain[table] = [
            {**row, "a": alias.get(row["a_id"], "?"), "b": alias.get(row["b_id"], "?"), "a_id": None, "b_id": None}
            for row in report.get(table, ())
        ]  # fmt: skip
    return plain


def _looks(campaign: Campaign) -> list[_Look]:
    rows = answers_to(campaign).order_by("id")
    values = rows.values_list("pk", "task_id", "task__canvas_id", "participant_id", "submitted_at")
    found = [(pk, task, canvas, who, timezone.localtime(at)) for pk, task, canvas, who, at in values]
    by = _period({at.date() for *_rest, at in found})
    return [
        _Look(pk, task, canvas, who, at.strftime(MONTH), at.strftime(by))
        for pk, task, canvas, who, at in found
    ]


def _period(days: Collection[date]) -> str:
    """Weeks (of ISO 8601) for half a year of answers, else months: how times are written so that they sort."""
    return WEEK if not days or max(days) - min(days) <= HALF_A_YEAR else MONTH


def _difference(campaign: Campaign, grouping: Grouping | None) -> tuple[Makes | None, str]:
    """How labels differ, and what that is called: on the tree, as sets, or the same or not."""
    if not grouping and (tree := campaign_tree(campaign)):
        make = kinship(tree)
        return (lambda labels: make([_plain(text) for text in labels.tolist()])), "tree"
    if not grouping and (degrees := _degrees(campaign)):
        return _ordinal(campaign, degrees), "ordinal"
    if campaign.question.get("many"):
        return (lambda labels: SET_DISTANCES["masi"]([_plain(text) for text in labels.tolist()])), "masi"
    return None, "nominal"


def _degrees(campaign: Campaign) -> dict[str, float]:
    """The degree of each concept, where the answers of the question are ordered."""
    concepts = campaign.question.get("answers", {})
    return {
        concepts[one.name]: one.degree
        for one in campaign.traits.answers_for(campaign.question)
        if one.degree is not None and one.name in concepts
    }


def _ordinal(campaign: Campaign, degrees: Mapping[str, float]) -> Makes:
    """The ordinal difference needs to know how often each answer was given; one query."""
    links = AnnotationConcept.objects.filter(
        annotation__contribution_shape__contribution__in=_counted(campaign), annotation__deleted_at=None
    )
    counts = Counter(str(pk) for pk in links.values_list("concept", flat=True))

    def make(labels: Any) -> Difference:
        names = [str(label) for label in labels.tolist()]
        return ordered([degrees.get(name) for name in names], [counts[name] for name in names])

    return make


def _plain(label: str) -> tuple[str, ...]:
    return tuple(label.split())


def _of_labels(
    campaign: Campaign, looks: Sequence[_Look], grouping: Grouping | None, makes: Makes | None
) -> Row:
    links = AnnotationConcept.objects.filter(
        on_step(campaign, "annotation__contribution_shape__"),
        annotation__contribution_shape__contribution__in=_counted(campaign),
        annotation__deleted_at=None,
    )
    said = _said(links, grouping, "annotation__contribution_shape__contribution_id")
    return label_report(
        Labels(
            unit=np.array([str(look.task) for look in looks]),
            canvas=np.array([str(look.canvas) for look in looks]),
            person=np.array([str(look.person) for look in looks]),
            label=np.array([" ".join(sorted(said.get(look.id, ()))) for look in looks]),
            period=np.array([look.period for look in looks]),
        ),
        difference=makes,
        seed=SEED,
    )


def _of_boxes(
    campaign: Campaign, looks: Sequence[_Look], grouping: Grouping | None, makes: Makes | None
) -> Row:
    known = {look.id: look for look in looks}
    rows = _counted(campaign).order_by("id").values_list("pk", "answer")
    shapes = [
        (*shape["box"], UUID(shape["id"]), pk, shape.get("points", ()))
        for pk, answer in rows
        if pk in known  # what came in between the two readings counts the next time
        for shape in (part_of(answer, campaign.step) or {}).get("shapes", ())
    ]
    said = _said(
        AnnotationConcept.objects.filter(annotation__contribution_shape__contribution__in=_counted(campaign)),
        grouping,
        "annotation_id",
    )
    return box_report(
        Drawn(
            box=np.array([row[:4] for row in shapes], dtype=np.float64).reshape(-1, 4),
            **_corners(campaign, shapes),
            canvas=np.array([str(known[row[5]].task) for row in shapes], dtype=np.str_),
            person=np.array([str(known[row[5]].person) for row in shapes], dtype=np.str_),
            label=np.array([" ".join(sorted(said.get(row[4], {UNNAMED}))) for row in shapes], dtype=np.str_),
            seen_canvas=np.array([str(look.task) for look in looks]),
            seen_person=np.array([str(look.person) for look in looks]),
            seen_period=np.array([look.period for look in looks]),
        ),
        same_label=grouping is not None,
        difference=makes,
        seed=SEED,
    )


def _corners(campaign: Campaign, shapes: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """What outlines and points are measured by, beside the boxes around them; nothing of boxes."""
    kind = shape_kind(campaign.question)
    if kind is SHAPES["box"]:
        return {}
    corners = [np.array(points, dtype=np.float64).reshape(-1, 2) for *_rest, points in shapes]
    if kind is SHAPES["polygon"]:
        return {"outlines": corners}
    # The box in the normal form of a point is the square around it as far as points reach.
    reach = np.array([row[2] / 2 for row in shapes], dtype=np.float64)
    return {"points": np.array([one[0] for one in corners]).reshape(-1, 2), "reach": reach}


def _of_texts(
    campaign: Campaign, looks: Sequence[_Look], _grouping: Grouping | None, _makes: Makes | None
) -> Row:
    """How alike the texts are, and beside it the same figures as for labels: whether two wrote exactly the same."""
    found = texts_agreement(campaign, samples=SAMPLES)
    answers = dict(_counted(campaign).values_list("pk", "answer"))
    texts = [text_of(part_of(answers.get(look.id, {}), campaign.step) or {}) for look in looks]
    forms = {
        form: f"text-{place}" for place, form in enumerate(sorted({text.compared for text in texts if text}))
    }
    body = label_report(
        Labels(
            unit=np.array([str(look.task) for look in looks]),
            canvas=np.array([str(look.canvas) for look in looks]),
            person=np.array([str(look.person) for look in looks]),
            label=np.array([forms[text.compared] if text else "" for text in texts]),
            period=np.array([look.period for look in looks]),
        ),
        seed=SEED,
        concepts=False,
    )
    spread = found.interval if found else None
    told = found and {
        "likeness": found.likeness,
        "identical": found.identical,
        "interval": {"low": spread.low, "high": spread.high} if spread else None,
        "units": found.units,
        "people": found.people,
        "answers": found.answers,
    }
    return {**body, "texts": told}


_BODIES = {"boxes": _of_boxes, "labels": _of_labels, "texts": _of_texts}


def _counted(campaign: Campaign) -> Any:
    return answers_to(campaign)


def _said(links: Any, grouping: Grouping | None, by: str) -> dict[UUID, set[str]]:
    """The labels, as they count now, by annotation or contribution: merged concepts by their heir, or the class."""
    pairs = list(links.values_list(by, "concept_id"))
    concepts = {concept for _pk, concept in pairs}
    heirs = heirs_of(concepts)
    classes = classes_for(grouping, concepts) if grouping else {}
    said: dict[UUID, set[str]] = defaultdict(set)
    for pk, concept in pairs:
        said[pk].add(str(classes[concept] or OUTSIDE) if grouping else str(heirs.get(concept, concept)))
    return said


def _about(campaign: Campaign, looks: Sequence[_Look], grouping: Grouping | None) -> Row:
    months = sorted({look.month for look in looks})
    return {
        "software": f"Rubricator {settings.VERSION}",
        "computed_at": timezone.now().isoformat(timespec="seconds"),
        "campaign": campaign.slug,
        "title": dict(campaign.title),
        "question": {"kind": campaign.question_kind, **campaign.question},
        "configuration_version": campaign.config_version,
        "vocabulary": {"uri": campaign.vocabulary.uri, "version": campaign.vocabulary.version},
        "grouping": {"id": str(grouping.pk), "title": dict(grouping.title)} if grouping else None,
        "counts": {
            "tasks": Task.objects.filter(campaign=campaign).count(),
            "answered": len({look.task for look in looks}),
            "canvases": len({look.canvas for look in looks}),
            "people": len({look.person for look in looks}),
            "answers": len(looks),
            "uncounted": Contribution.objects.filter(
                Q(counts=False), task__campaign=campaign, assignment__seeded=False
            ).count(),
            "known": Contribution.objects.filter(task__campaign=campaign, assignment__seeded=True).count(),
            "first": months[0] if months else None,
            "last": months[-1] if months else None,
        },
    }


def named_report(campaign: Campaign, body: Mapping[str, Any], language: str) -> Row:
    """Concepts with their labels in this language, people with their pseudonyms, tasks with the names of their pages.

    A few queries, however many answers there are.
    """
    if "steps" in body:
        return {**body, "steps": [named_report(campaign, one, language) for one in body["steps"]]}
    if "concepts" not in body:
        return dict(body)
    people = {
        str(pk): name
        for pk, name in Participant.objects.filter(campaign=campaign).values_list("pk", "pseudonym")
    }
    labels = labels_in({pk for row in body["concepts"] if (pk := _uuid(row["concept"]))}, language)
    named = dict(body)
    named["concepts"] = [
        {**row, "label": labels.get(_uuid(row["concept"]) or UUID(int=0))} for row in body["concepts"]
    ]
    named["people"] = [{"id": row.pop("person"), **row} for row in (dict(one) for one in body["people"])]
    for row in named["people"]:
        row["pseudonym"] = people.get(row["id"], "?")
    for table in ("pairs", "box_pairs"):
        named[table] = [
            {
                **row,
                "a_id": row["a"],
                "b_id": row["b"],
                "a": people.get(row["a"], "?"),
                "b": people.get(row["b"], "?"),
            }
            for row in body.get(table, ())
        ]
    named["units"] = named_units(campaign, body["units"])
    return named


def _uuid(text: str) -> UUID | None:
    """The concept that a label stands for; None for “nothing here”, an unlabelled box, or what no class takes in."""
    return UUID(text) if len(text) == 36 else None
