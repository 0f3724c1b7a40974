"""What the dashboard of a campaign says: its figures, the charts drawn from them, and what to do next."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.consensus import tasks_to_merge
from campaigns.arms import arms_of
from campaigns.discussion import reports_waiting
from campaigns.figures import (
    Figures,
    agreement_of,
    concept_counts,
    contributions_by_day,
    disagreements,
    ground_truth_count,
    origins_of,
    states_of,
)
from campaigns.forecast import forecast_of
from campaigns.models import Campaign, ContributionShape
from campaigns.obstacles import obstacles_to_opening
from campaigns.queries import participants_of, pilot_of, progress_of
from campaigns.reviewing import agreeing_tasks, waiting_for
from campaigns.second_looks import between_reviewers_of
from campaigns.strands import kind_of, strands_of
from frontend import charts
from problems.problem import Fault
from taxonomy.models import Grouping

# Below this, answers hardly differ: such tasks may be accepted together.
UNDISPUTED = 0.2
# Krippendorff (2004, p. 241): below 0.667 not even tentative conclusions should be drawn.
TENTATIVE = 0.667
MOST_DAYS, MOST_CONCEPTS, MOST_PEOPLE, MOST_PAIRS = 30, 12, 20, 15

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is missing before the campaign can open, and on which page to mend it."""

    sentence: str
    route: str


def obstacles_of(campaign: Campaign) -> list[Obstacle]:
    """What keeps a draft from opening; nothing for campaigns that were open before."""
    if campaign.status != Campaign.Status.DRAFT:
        return []
    return [_obstacle(fault) for fault in obstacles_to_opening(campaign)]


def _obstacle(fault: Fault) -> Obstacle:
    route = "campaign-canvases" if fault.pointer.startswith("/canvases") else "campaign-edit"
    return Obstacle(fault.detail, route)


STEPS: dict[str, tuple[str, ...]] = {
    Campaign.Status.DRAFT: ("open", "archive"),
    Campaign.Status.PILOT: ("open", "pause", "close"),
    Campaign.Status.OPEN: ("pause", "close"),
    Campaign.Status.PAUSED: ("open", "close", "archive"),
    Campaign.Status.CLOSED: ("reopen", "archive"),
    Campaign.Status.ARCHIVED: ("restore",),
}


def steps_of(campaign: Campaign) -> tuple[str, ...]:
    """The steps that can be taken now, the likeliest first: a draft with a pilot begins with it."""
    begins = campaign.status == Campaign.Status.DRAFT and campaign.pilot_size is not None
    goes_on = campaign.status == Campaign.Status.PAUSED and campaign.pilot_below is not None
    steps = STEPS[campaign.status]
    return ("pilot", *steps) if begins or goes_on else steps


def dashboard_of(campaign: Campaign, language: str, grouping: Grouping | None = None, *, by: User) -> Row:
    """Everything that the dashboard shows, agreement under a chosen grouping, and what waits for this reviewer.

    A constant number of queries.
    """
    figures = agreement_of(campaign, grouping)
    people: list[Any] = [row for row in participants_of(campaign) if row["handed_in"]]
    progress = progress_of(campaign)
    missing = obstacles_of(campaign)
    states = states_of(campaign)
    waiting_now = waiting_for(campaign, by=by)
    waiting, own = waiting_now.theirs, waiting_now.own + waiting_now.second
    truth = ground_truth_count(campaign)
    return {
        "progress": progress,
        "grouping": grouping,
        "groupings": Grouping.objects.filter(vocabulary=campaign.vocabulary_id),
        "states": states,
        "state_parts": charts.parts(
            [(name, states[name]) for name in ("decided", "retired", "aside", "open")]
        ),
        "missing": missing,
        "figures": figures,
        "agreement": figures.as_json(),
        "whisker": charts.whisker(
            figures.value, figures.interval, threshold=TENTATIVE if figures.coefficient == "alpha" else None
        ),
        "strands": _strands(campaign, figures),
        "arms": arms_of(campaign),
        "reviewers": between_reviewers_of(campaign) if campaign.reviews > 1 else None,
        "second_waiting": waiting_now.second,
        "pairs": _pairs(figures, people),
        **_days(campaign),
        "forecast": forecast_of(campaign) if campaign.is_running else None,
        **_concepts(campaign, language),
        **_disagreement(campaign),
        "origins": _origins(campaign),
        "participants": people[:MOST_PEOPLE],
        "people_count": len(people),
        "waiting": waiting,
        "own_waiting": waiting_now.own,
        "reports": reports_waiting(campaign).count(),
        "aside": states["aside"],
        "to_merge": tasks_to_merge(campaign).count(),
        "undisputed": agreeing_tasks(campaign, at_most=UNDISPUTED, by=by).count() if waiting else 0,
        "ground_truth": truth,
        "steps": steps_of(campaign),
        "pilot": pilot_of(campaign),
        "next": _next(
            campaign,
            missing=bool(missing),
            waiting=waiting,
            own=own,
            truth=truth,
            open_tasks=states["open"],
        ),
    }


def _strands(campaign: Campaign, figures: Figures) -> list[Row]:
    """The figures of each step of a sequence with its question; nothing of a single question."""
    return [
        {
            **told.figures.as_json(),
            "step": told.step,
            "prompt": strand.question.get("prompt", {}),
            "kind": kind_of(strand).TRAITS.says,
            "of_points": told.figures.of_points,
        }
        for told, strand in zip(figures.strands, strands_of(campaign) if figures.strands else (), strict=True)
    ]


def _next(campaign: Campaign, *, missing: bool, waiting: int, own: int, truth: int, open_tasks: int) -> str:
    """The one thing to do now, by name; the template has the words."""
    if campaign.status == Campaign.Status.ARCHIVED:
        return "restore"
    if campaign.status == Campaign.Status.DRAFT:
        return "prepare" if missing else "open"
    if campaign.status == Campaign.Status.PILOT:
        return "pilot"
    if waiting:
        return "review"
    if own:
        return "another"
    if open_tasks and campaign.status == Campaign.Status.OPEN:
        return "invite"
    if campaign.status == Campaign.Status.PAUSED:
        return "resume"
    return "release" if truth else "wait"


def _pairs(figures: Figures, people: list[Any]) -> list[Row]:
    """F1 of every two people who met on a canvas, most meetings first; boxes only."""
    if figures.boxes is None:
        return []
    names = {str(row["id"]): row["pseudonym"] for row in people}
    met = sorted(figures.boxes.pairs, key=lambda pair: -pair.figures.canvases)[:MOST_PAIRS]
    return [
        {"a": names.get(str(pair.a), "?"), "b": names.get(str(pair.b), "?"), "figures": pair.figures}
        for pair in met
    ]


def _days(campaign: Campaign) -> Row:
    days = charts.every_day(contributions_by_day(campaign), most=MOST_DAYS)
    drawn = charts.columns([(format_date(day, _("j M")), count) for day, count in days])
    return {"days": days, "days_chart": drawn, "days_total": sum(count for _day, count in days)}


def _concepts(campaign: Campaign, language: str) -> Row:
    concepts = concept_counts(campaign, language)
    shown = [(row.label, row.contributions, row.ground_truth) for row in concepts[:MOST_CONCEPTS]]
    return {"concepts": concepts, "concepts_chart": charts.lanes(shown)}


def _disagreement(campaign: Campaign) -> Row:
    counts = disagreements(campaign, bins=10)
    named = [(number_format(round(edge, 1), 1), count) for edge, count in counts]
    spans = [
        (f"{label}–{number_format(round(edge + 0.1, 1), 1)}", count)
        for (label, count), (edge, _n) in zip(named, counts, strict=True)
    ]
    return {"disagreement": spans, "disagreement_chart": charts.columns(named, width=300, base=120, names=5)}


def _origins(campaign: Campaign) -> list[Row]:
    """How many shapes were drawn, taken over or corrected; nothing before the first shape."""
    counts = origins_of(campaign)
    total = sum(counts.values())
    drawn = charts.parts(list(counts.items()))
    labels = dict(ContributionShape.Origin.choices)
    return [{"part": part, "label": labels[part.name]} for part in drawn] if total else []
